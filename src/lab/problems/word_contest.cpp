#include "lab/problems/word_contest.h"

#include <array>
#include <numeric>

namespace retort {
namespace {

Draft WorkTogether(Draw& draw) {
  const int64_t a = draw.Int(3, 30);
  const int64_t b = draw.IntExcept(3, 30, a);
  const std::string who = draw.Person();
  return draw.Ask(
      "work together",
      {{"{who} can paint a wall in {a} hours, {other} in {b} hours. How many hours do "
        "they need together? Give an exact number.",
        "One pump fills a pool in {a} hours, another fills it in {b} hours. How many "
        "hours do both pumps need together? Give an exact number."},
       {"一项工程，甲队单独做需要{a}天，乙队单独做需要{b}天，两队合作需要多少天？请写出精确值。",
        "一个水池，单开甲管{a}小时注满，单开乙管{b}小时注满，两管同时打开，多少小时注满？请写"
        "出精确值。"}},
      {{"who", who}, {"other", draw.OtherPerson(who)}, {"a", a}, {"b", b}},
      NumberAnswer(Fraction(a * b, a + b)));
}

Draft Ages(Draw& draw) {
  // In t years the parent is k times as old as the child.
  const int64_t child = draw.Int(3, 14);
  const int64_t t = draw.Int(2, 10);
  const int64_t k = draw.Int(2, 4);
  const int64_t parent = k * (child + t) - t;
  return draw.Ask(
      "ages",
      {{"The ages of a mother and her child add up to {s} years. In {t} years the "
        "mother will be {k} times as old as the child. How old is the child now?",
        "{who} and a teacher are {s} years old together. In {t} years the teacher will "
        "be {k} times as old as {who}. How old is {who} now?"},
       {"妈妈和孩子今年的年龄之和是{s}岁，{t}年后妈妈的年龄是孩子的{k}倍，孩子今年多少岁？",
        "{who}与老师今年的年龄和是{s}岁，{t}年后老师的年龄是{who}的{k}倍，{who}今年多少岁？"}},
      {{"who", draw.Person()}, {"s", parent + child}, {"t", t}, {"k", k}}, NumberAnswer({child}));
}

Draft Mixture(Draw& draw) {
  const int64_t a = 10 * draw.Int(5, 60);
  const int64_t p = 5 * draw.Int(1, 8);
  const int64_t b = 10 * draw.Int(5, 60);
  const int64_t q = p + 5 * draw.Int(1, 8);
  return draw.Ask(
      "mixture",
      {{"{a} g of a {p}% salt solution are mixed with {b} g of a {q}% salt solution. "
        "How many grams of salt does the mixture contain?",
        "A chemist pours {a} g of {p}% sugar syrup and {b} g of {q}% sugar syrup "
        "together. How many grams of sugar are in the result?"},
       {"把{a}克浓度为{p}%的盐水与{b}克浓度为{q}%的盐水混合，混合后的盐水中含盐多少克？",
        "将{a}克{p}%的糖水和{b}克{q}%的糖水倒在一起，得到的糖水中有多少克糖？"}},
      {{"a", a}, {"p", p}, {"b", b}, {"q", q}}, NumberAnswer(Fraction(a * p + b * q, 100)));
}

Draft Meeting(Draw& draw) {
  const int64_t u = draw.Int(30, 80);
  const int64_t v = draw.Int(40, 100);
  const int64_t hours = draw.Int(2, 9);
  const int64_t headstart = draw.Int(1, 3);
  return draw.Ask(
      "meeting",
      {{"Two towns are {d} km apart. A truck leaves the first town at {u} km/h. {h} h later a car "
        "leaves the second town towards it at {v} km/h. How many hours after the start of the car "
        "do they meet?",
        "{d} km separate two stations. A goods train leaves one of them at {u} km/h, and {h} h "
        "later a fast train leaves the other one towards it at {v} km/h. How many hours does the "
        "fast train run until they meet?"},
       {"两地相距{d}千米，货车以每小时{u}千米的速度从甲地开往乙地，{h}小时后轿车以每小时{v}"
        "千米的速度从乙地开往甲地，轿车出发多少小时后两车相遇？",
        "甲、乙两站相距{d}千米，慢车从甲站出发，每小时行{u}千米，{h}"
        "小时后快车从乙站相向开出，每小时"
        "行{v}千米，快车行驶多少小时后与慢车相遇？"}},
      {{"d", u * headstart + (u + v) * hours}, {"u", u}, {"h", headstart}, {"v", v}},
      NumberAnswer({hours}));
}

Draft Profit(Draw& draw) {
  // Marked up by p %, then sold at d % below the marked price; asks for the gain.
  const int64_t cost = 100 * draw.Int(1, 20);
  const int64_t p = 10 * draw.Int(5, 9);
  const int64_t d = 10 * draw.Int(1, 3);
  const int64_t gain = cost / 100 * ((100 + p) * (100 - d) - 10000) / 100;
  return draw.Ask("profit",
                  {{"A shop buys a jacket for {c} yuan and marks it up by {p}%. It then sells the "
                    "jacket at {d}% off the marked price. How many yuan does the shop gain?",
                    "A dealer pays {c} dollars for a desk, sets a price {p}% above that, and "
                    "finally sells it with a {d}% discount on this price. What is the profit in "
                    "dollars?"},
                   {"商店以{c}元的进价买进一件夹克，按进价提高{p}%标价，再降价{d}%"
                    "售出（在标价基础上），商店赚了多少元？",
                    "一张书桌的成本是{c}元，商家先提价{p}%作为标价，再在标价上优惠{d}%"
                    "卖出，利润是多少元？"}},
                  {{"c", cost}, {"p", p}, {"d", d}}, NumberAnswer({gain}));
}

Draft MissingScore(Draw& draw) {
  const int64_t n = draw.Int(3, 8);
  const int64_t before = draw.Int(70, 90);
  const int64_t rise = draw.Int(1, 3);
  return draw.Ask(
      "missing score",
      {{"After {n} tests, {who} has an average of {a} points. After the next test the "
        "average is {b} points. How many points did {who} get in that test?",
        "The average of {n} numbers is {a}. With one more number the average becomes "
        "{b}. What is the added number?"},
       {"{who}前{n}次测验的平均分是{a}分，再考一次后，平均分变为{b}分，最后这次考了多少分？",
        "{n}个数的平均数是{a}，增加一个数后，平均数变为{b}，增加的数是多少？"}},
      {{"who", draw.Person()}, {"n", n}, {"a", before}, {"b", before + rise}},
      NumberAnswer({(n + 1) * (before + rise) - n * before}));
}

Draft LeavesEarly(Draw& draw) {
  // Both work t days, then the second alone finishes in (1 - t/a - t/b) * b days.
  const int64_t a = draw.Int(8, 30);
  const int64_t b = draw.IntExcept(8, 30, a);
  const int64_t t = draw.Int(2, 4);
  return draw.Ask(
      "leaves early",
      {{"Team A can finish a job in {a} days and team B in {b} days. They work together for {t} "
        "days; then team A leaves. How many more days does team B need to finish? Give an exact "
        "number.",
        "Pump A fills a tank in {a} hours and pump B in {b} hours. Both run for {t} hours; then "
        "pump A breaks. How many more hours does pump B need? Give an exact number."},
       {"一项工程，甲队单独做要{a}天，乙队单独做要{b}天。两队合作{t}"
        "天后甲队离开，乙队还要多少天才能完"
        "成？请写出精确值。",
        "甲管单独注满水池要{a}小时，乙管单独注满要{b}小时。两管同时开{t}"
        "小时后关闭甲管，乙管还要多少小"
        "时才能注满水池？请写出精确值。"}},
      {{"a", a}, {"b", b}, {"t", t}}, NumberAnswer(Fraction(a * b - t * b - t * a, a)));
}

Draft Stream(Draw& draw) {
  // Speeds s + w down and s - w up; times are whole hours.
  const int64_t down = draw.Int(2, 6);
  const int64_t up = down + draw.Int(1, 5);
  const int64_t k = draw.Int(1, 4);
  const int64_t distance = 2 * k * down * up;
  return draw.Ask(
      "stream",
      {{"A boat covers {d} km downstream in {a} hours and the same way back upstream in "
        "{b} hours. How fast is the current in km/h?",
        "Two piers are {d} km apart. A ship needs {a} hours for the way downstream and "
        "{b} hours for the way upstream. Find the speed of the current in km/h."},
       {"船顺水航行{d}千米用了{a}小时，逆水返回原地用了{b}小时，水流的速度是每小时多少千米？",
        "两码头相距{d}千米，一艘船顺流而下需{a}小时，逆流而上需{b}小时，求水流速度（千米/小时）"
        "。"}},
      {{"d", distance}, {"a", down}, {"b", up}}, NumberAnswer({k * (up - down)}));
}

Draft CountCoins(Draw& draw) {
  const int64_t total = draw.Int(12, 40);
  int64_t ways = 0;
  for (int64_t fives = 0; 5 * fives <= total; ++fives) ways += (total - 5 * fives) / 2 + 1;
  return draw.Ask(
      "count coins",
      {{"In how many ways can {n} yuan be paid with 1-yuan, 2-yuan and 5-yuan notes if "
        "the order does not matter?",
        "A machine takes coins: a price of {n} cents is paid with coins of 1, 2 and 5 "
        "cents. How many different combinations of coins are possible?"},
       {"要付清{n}元，可以用1元、2元和5元的纸币（不计顺序），共有多少种不同的付法？",
        "要付{n}元，只用1元、2元和5元的人民币，不计先后顺序，有多少种不同的付款方法？"}},
      {{"n", total}}, NumberAnswer({ways}));
}

Draft Dilution(Draw& draw) {
  // x litres of water dilute a % to b %: a V = b (V + x).
  const int64_t b = draw.Int(2, 9);
  const int64_t a = b + draw.Int(1, 9);
  const int64_t volume = b * draw.Int(2, 12) * 10;
  const int64_t percent = draw.Int(1, 4);
  return draw.Ask("dilution",
                  {{"How many grams of water must be added to {v} g of a {a}% salt solution to get "
                    "a {b}% solution?",
                    "{who} has {v} g of {a}% lemon juice and wants to thin it with water to {b}%. "
                    "How many grams of water are needed?"},
                   {"要把{v}克浓度为{a}%的盐水稀释成浓度为{b}%的盐水，需要加水多少克？",
                    "{who}有{v}克浓度为{a}%的果汁，想加水把浓度变成{b}%，需要加多少克水？"}},
                  {{"who", draw.Person()}, {"v", volume}, {"a", a * percent}, {"b", b * percent}},
                  NumberAnswer(Fraction(volume * (a - b), b)));
}

Draft Overtaking(Draw& draw) {
  const int64_t u = draw.Int(3, 9);
  const int64_t v = u + draw.Int(1, 5);
  const int64_t track = 100 * draw.Int(2, 8);
  const int64_t times = draw.Int(2, 4);
  return draw.Ask(
      "overtaking",
      {{"Two runners start together on a circular track of {l} m and run the same way "
        "at {v} m/s and {u} m/s. After how many seconds does the faster one overtake "
        "the slower one for the {n}{th} time? Give an exact number.",
        "On a circular track of {l} m, two cyclists start at the same point and ride in "
        "the same direction at {v} m/s and {u} m/s. After how many seconds does one "
        "pass the other for the {n}{th} time? Give an exact number."},
       {"环形跑道长{l}米，两人从同一地点同时同向出发，速度分别为每秒{v}米和每秒{u}"
        "米，多少秒后快者第{n}次追上慢者？请写出精确值。",
        "在一条长{l}米的环形跑道上，甲、乙两人同时同地同向起跑，甲每秒跑{v}米，乙每秒跑{u}"
        "米，经过多少秒甲第{n}次追上乙？请写出精确值。"}},
      {{"l", track},
       {"v", v},
       {"u", u},
       {"n", times},
       {"th", std::string(times == 2   ? "nd"
                          : times == 3 ? "rd"
                                       : "th")}},
      NumberAnswer(Fraction(track * times, v - u)));
}

Draft RoundTrip(Draw& draw) {
  const int64_t u = draw.Int(10, 60);
  const int64_t v = u + draw.Int(5, 40);
  return draw.Ask(
      "round trip",
      {{"{who} drives to a town at {u} km/h and returns on the same road at {v} km/h. "
        "What is the average speed of the round trip in km/h? Give an exact number.",
        "A cyclist climbs a hill at {u} km/h and comes down the same way at {v} km/h. "
        "Find the exact average speed over both ways in km/h."},
       {"{who}去时每小时行{u}千米，沿原路返回时每小时行{v}千米，往返的平均速度是每小时多少千米"
        "？请写出精确值。",
        "汽车上山每小时行{u}千米，沿同一条路下山每小时行{v}千米，求往返全程的平均速度（千米/"
        "小时，精确值）。"}},
      {{"who", draw.Person()}, {"u", u}, {"v", v}}, NumberAnswer(Fraction(2 * u * v, u + v)));
}

Draft Handshakes(Draw& draw) {
  const int64_t couples = draw.Int(3, 40);
  const int64_t people = 2 * couples;
  return draw.Ask(
      "handshakes",
      {{"{n} married couples meet at a party. Everyone shakes hands once with every "
        "other person except their own partner. How many handshakes are there?",
        "At a dance there are {n} couples. Each person shakes hands exactly once with "
        "everybody except the own partner. How many handshakes take place?"},
       {"{n}对夫妇参加聚会，每个人与除自己配偶以外的其他每个人各握手一次，一共握手多少次？",
        "舞会上有{n}对夫妻，每人都和自己配偶之外的所有人握一次手，总共握了多少次手？"}},
      {{"n", couples}}, NumberAnswer({people * (people - 2) / 2}));
}

}  // namespace

std::span<const ProblemGenerator> WordContestGenerators(int level) {
  static constexpr std::array<ProblemGenerator, 6> kSeveralUnknowns = {
      WorkTogether, Ages, Mixture, Meeting, Profit, MissingScore};
  static constexpr std::array<ProblemGenerator, 7> kContest = {
      LeavesEarly, Stream, CountCoins, Dilution, Overtaking, RoundTrip, Handshakes};
  if (level == 4) return kSeveralUnknowns;
  return kContest;
}

}  // namespace retort
