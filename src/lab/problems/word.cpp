// Word problems, levels 1 to 3: one operation, shopping, totals, two unknowns, percentages.
#include <array>
#include <numeric>

#include "lab/problems/draw.h"
#include "lab/problems/word_contest.h"

namespace retort {
namespace {

Draft GetsMore(Draw& draw) {
  const int64_t a = draw.Int(3, 15);
  const int64_t b = draw.Int(2, 10);
  const std::string who = draw.Person();
  return draw.Ask(
      "gets more",
      {{"{who} has {a} {things} and gets {b} more. How many {things} does {who} have "
        "now?",
        "{who} had {a} {things}. Then {other} gave {who} {b} {things}. How many "
        "{things} does {who} have in total?"},
       {"{who}有{a}{things}，又得到了{b}{things}，现在一共有多少{things}？",
        "{who}原来有{a}{things}，{other}又送给{who}{b}{things}。{who}现在有多少{things}？"}},
      {{"who", who},
       {"other", draw.OtherPerson(who)},
       {"things", draw.Things()},
       {"a", a},
       {"b", b}},
      NumberAnswer({a + b}));
}

Draft GivesAway(Draw& draw) {
  const int64_t b = draw.Int(2, 10);
  const int64_t a = b + draw.Int(2, 12);
  const std::string who = draw.Person();
  return draw.Ask("gives away",
                  {{"{who} has {a} {things} and gives {b} of them to {other}. How many {things} "
                    "does {who} have left?",
                    "There were {a} {things} in a box. {who} took out {b}. How many {things} are "
                    "left in the box?"},
                   {"{who}有{a}{things}，送给{other}{b}{things}，{who}还剩多少{things}？",
                    "盒子里有{a}{things}，{who}拿走了{b}{things}，盒子里还剩多少{things}？"}},
                  {{"who", who},
                   {"other", draw.OtherPerson(who)},
                   {"things", draw.Things()},
                   {"a", a},
                   {"b", b}},
                  NumberAnswer({a - b}));
}

Draft PriceTimesNumber(Draw& draw) {
  const int64_t price = draw.Int(2, 15);
  const int64_t n = draw.Int(2, 12);
  return draw.Ask(
      "cost",
      {{"A book costs {p} yuan. How many yuan do {n} such books cost?",
        "{who} buys tickets at {p} dollars each. How many dollars do {n} tickets cost?"},
       {"一本书{p}元，买{n}本这样的书需要多少元？",
        "电影票每张{p}元，{who}买了{n}张，一共要付多少元？"}},
      {{"who", draw.Person()}, {"p", price}, {"n", n}}, NumberAnswer({price * n}));
}

Draft ShareEqually(Draw& draw) {
  const int64_t each = draw.Int(2, 12);
  const int64_t n = draw.Int(2, 12);
  return draw.Ask(
      "share",
      {{"{a} {things} are shared equally among {n} children. How many {things} does "
        "each child get?",
        "{who} puts {a} {things} into bags of {n} each. How many bags does {who} fill?"},
       {"把{a}{things}平均分给{n}个小朋友，每人分到多少{things}？",
        "{who}把{a}{things}装进袋子，每袋装{n}{things}，一共装了多少袋？"}},
      {{"who", draw.Person()}, {"things", draw.Things()}, {"a", each * n}, {"n", n}},
      NumberAnswer({each}));
}

Draft Change(Draw& draw) {
  const int64_t price = draw.Int(2, 12);
  const int64_t n = draw.Int(2, 8);
  static const std::vector<int64_t> notes = {20, 50, 100, 200};
  int64_t paid = draw.Pick(notes);
  while (paid <= price * n) paid = draw.Pick(notes);
  return draw.Ask("change",
                  {{"{who} buys {n} notebooks at {p} yuan each and pays with {t} yuan. How many "
                    "yuan does {who} get back?",
                    "{who} buys {n} sandwiches for {p} dollars each and hands over {t} dollars. "
                    "How many dollars of change does {who} get?"},
                   {"{who}买了{n}本笔记本，每本{p}元，付了{t}元，应找回多少元？",
                    "{who}买{n}个三明治，每个{p}元，给了收银员{t}元，找回多少元？"}},
                  {{"who", draw.Person()}, {"n", n}, {"p", price}, {"t", paid}},
                  NumberAnswer({paid - n * price}));
}

Draft TwoPurchases(Draw& draw) {
  const int64_t m = draw.Int(2, 9);
  const int64_t p = draw.Int(2, 12);
  const int64_t n = draw.Int(2, 9);
  const int64_t q = draw.Int(2, 15);
  return draw.Ask("two purchases",
                  {{"{who} buys {m} pens at {p} yuan each and {n} books at {q} yuan each. How many "
                    "yuan does {who} pay in total?",
                    "A class orders {m} pizzas at {p} dollars each and {n} cakes at {q} dollars "
                    "each. What is the total price in dollars?"},
                   {"{who}买了{m}支钢笔，每支{p}元，又买了{n}本书，每本{q}元，一共要付多少元？",
                    "班里订了{m}个比萨，每个{p}元，还订了{n}个蛋糕，每个{q}元，总共多少元？"}},
                  {{"who", draw.Person()}, {"m", m}, {"p", p}, {"n", n}, {"q", q}},
                  NumberAnswer({m * p + n * q}));
}

Draft SavingUp(Draw& draw) {
  const int64_t a = draw.Int(10, 90);
  const int64_t each = draw.Int(3, 20);
  const int64_t n = draw.Int(3, 15);
  return draw.Ask("saving",
                  {{"{who} has {a} yuan and saves {e} yuan every week. How many yuan does {who} "
                    "have after {n} weeks?",
                    "A tank holds {a} litres of water. A tap adds {e} litres a minute. How many "
                    "litres are in the tank after {n} minutes?"},
                   {"{who}有{a}元，每周存{e}元，{n}周后一共有多少元？",
                    "水箱里有{a}升水，水龙头每分钟注入{e}升，{n}分钟后水箱里有多少升水？"}},
                  {{"who", draw.Person()}, {"a", a}, {"e", each}, {"n", n}},
                  NumberAnswer({a + each * n}));
}

Draft TimesAsMany(Draw& draw) {
  const int64_t a = draw.Int(3, 25);
  const int64_t k = draw.Int(2, 6);
  const std::string who = draw.Person();
  return draw.Ask(
      "times as many",
      {{"{who} has {a} {things}. {other} has {k} times as many. How many {things} do "
        "they have together?",
        "There are {a} {things} in the first box and {k} times as many in the second "
        "box. How many {things} are there in both boxes together?"},
       {"{who}有{a}{things}，{other}的数量是{who}的{k}倍，两人一共有多少{things}？",
        "第一个盒子里有{a}{things}，第二个盒子里的数量是第一个的{k}倍，两个盒子里一共有多少{"
        "things}？"}},
      {{"who", who},
       {"other", draw.OtherPerson(who)},
       {"things", draw.Things()},
       {"a", a},
       {"k", k}},
      NumberAnswer({a + a * k}));
}

Draft TwoPrices(Draw& draw) {
  const int64_t p = draw.Int(5, 20);
  const int64_t q = draw.IntExcept(3, 18, p);
  const int64_t x = draw.Int(1, 12);
  const int64_t y = draw.Int(1, 12);
  return draw.Ask(
      "two prices",
      {{"{who} spends exactly {t} yuan on {n} books. Science books cost {p} yuan each and story "
        "books cost {q} yuan each. How many science books does {who} buy?",
        "A school pays {t} dollars for {n} tickets. Adult tickets cost {p} dollars and child "
        "tickets cost {q} dollars. How many adult tickets are there?"},
       {"{who}正好用{t}元买了{n}本书，科技书每本{p}元，文艺书每本{q}元，{who}买了多少本科技书？",
        "学校花{t}元买了{n}张门票，成人票每张{p}元，儿童票每张{q}元，成人票有多少张？"}},
      {{"who", draw.Person()}, {"t", p * x + q * y}, {"n", x + y}, {"p", p}, {"q", q}},
      NumberAnswer({x}));
}

Draft HeadsAndLegs(Draw& draw) {
  const int64_t rabbits = draw.Int(2, 30);
  const int64_t chickens = draw.Int(2, 30);
  return draw.Ask(
      "heads and legs",
      {{"Chickens and rabbits share a cage. There are {h} heads and {l} legs. How many "
        "rabbits are in the cage?",
        "A farm has only chickens and rabbits, with {h} heads and {l} legs in all. How "
        "many rabbits does it have?"},
       {"鸡兔同笼，共有{h}个头、{l}条腿，兔子有多少只？",
        "笼子里有若干只鸡和兔，从上面数有{h}个头，从下面数有{l}条腿，笼中有多少只兔？"}},
      {{"h", rabbits + chickens}, {"l", 4 * rabbits + 2 * chickens}}, NumberAnswer({rabbits}));
}

Draft Discount(Draw& draw) {
  const int64_t price = 20 * draw.Int(2, 40);
  const int64_t percent = 5 * draw.Int(1, 12);
  return draw.Ask("discount",
                  {{"A coat costs {p} yuan. In a sale its price is reduced by {d}%. How many yuan "
                    "does it cost in the sale?",
                    "A phone is priced at {p} dollars, and {who} gets a discount of {d}%. How many "
                    "dollars does {who} pay?"},
                   {"一件大衣原价{p}元，促销时降价{d}%，现价多少元？",
                    "一部手机标价{p}元，{who}购买时享受了减价{d}%的优惠，实际付多少元？"}},
                  {{"who", draw.Person()}, {"p", price}, {"d", percent}},
                  NumberAnswer(Fraction(price * (100 - percent), 100)));
}

Draft SumAndDifference(Draw& draw) {
  const int64_t low = draw.Int(5, 40);
  const int64_t gap = draw.Int(2, 30);
  const std::string who = draw.Person();
  return draw.Ask(
      "sum and difference",
      {{"{who} and {other} have {s} {things} together. {who} has {d} more than {other}. "
        "How many {things} does {who} have?",
        "Two boxes hold {s} {things} in all. The larger box holds {d} more than the "
        "smaller one. How many {things} are in the larger box?"},
       {"{who}和{other}一共有{s}{things}，{who}比{other}多{d}{things}，{who}有多少{things}？",
        "两个盒子里一共有{s}{things}，大盒比小盒多{d}{things}，大盒里有多少{things}？"}},
      {{"who", who},
       {"other", draw.OtherPerson(who)},
       {"things", draw.Things()},
       {"s", 2 * low + gap},
       {"d", gap}},
      NumberAnswer({low + gap}));
}

Draft TwoLegTrip(Draw& draw) {
  const int64_t u = draw.Int(20, 60);
  const int64_t s = draw.Int(2, 5);
  const int64_t v = draw.Int(40, 100);
  const int64_t t = draw.Int(2, 5);
  const int64_t total = u * s + v * t;
  return draw.Ask(
      "average speed",
      {{"A car drives at {u} km/h for {s} hours and then at {v} km/h for {t} hours. What "
        "is its average speed over the whole trip in km/h? Give an exact number.",
        "A train runs at {u} km/h for {s} hours, then at {v} km/h for another {t} hours. "
        "Find its exact average speed in km/h."},
       {"一辆汽车先以每小时{u}千米的速度行驶{s}小时，再以每小时{v}千米的速度行驶{t}小时，全"
        "程的平均速度是每小时多少千米？请写出精确值。",
        "一列火车以每小时{u}千米行驶了{s}小时，接着以每小时{v}千米行驶了{t}小时，求全程平均"
        "速度（千米/小时，精确值）。"}},
      {{"u", u}, {"s", s}, {"v", v}, {"t", t}}, NumberAnswer(Fraction(total, s + t)));
}

}  // namespace

std::span<const ProblemGenerator> WordGenerators(int level) {
  static constexpr std::array<ProblemGenerator, 4> kOneOperation = {GetsMore, PriceTimesNumber,
                                                                    GivesAway, ShareEqually};
  static constexpr std::array<ProblemGenerator, 4> kTwoSteps = {Change, TwoPurchases, SavingUp,
                                                                TimesAsMany};
  static constexpr std::array<ProblemGenerator, 5> kSeveralSteps = {
      TwoPrices, Discount, HeadsAndLegs, SumAndDifference, TwoLegTrip};
  switch (level) {
    case 1:
      return kOneOperation;
    case 2:
      return kTwoSteps;
    case 3:
      return kSeveralSteps;
    default:
      return WordContestGenerators(level);
  }
}

}  // namespace retort
