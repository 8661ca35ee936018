#include "lab/problems/algebra_contest.h"

#include <fmt/core.h>

#include <array>
#include <numeric>

namespace retort {
namespace {

std::string QuadraticText(int64_t a, int64_t b, int64_t c) {
  return LinearText({{a, "x^2"}, {b, "x"}, {c, ""}});
}

Draft Quadratic(Draw& draw) {
  const int64_t p = draw.Int(-9, 9);
  const int64_t q = draw.IntExcept(-9, 9, p);
  return draw.Ask(
      "quadratic",
      {{"Solve the equation {e}. Give both solutions.", "Find both roots of {e}.",
        "Which two values of x satisfy {e}?"},
       {"解方程 {e}，写出两个解。", "求方程 {e} 的两个根。", "哪两个 x 的值满足 {e}？"}},
      {{"e", QuadraticText(1, -(p + q), p * q) + " = 0"}}, SetAnswer({{p}, {q}}));
}

Draft RationalQuadratic(Draw& draw) {
  // (a x - b)(x - q) = 0 with b/a in lowest terms and not an integer.
  const int64_t a = draw.Int(2, 5);
  int64_t b = draw.NonZero(9);
  while (std::gcd(a, b) != 1) b = draw.NonZero(9);
  const int64_t q = draw.NonZero(6);
  return draw.Ask(
      "quadratic",
      {{"Solve the equation {e}. Give both solutions.", "Find both roots of {e}.",
        "Which two values of x satisfy {e}?"},
       {"解方程 {e}，写出两个解。", "求方程 {e} 的两个根。", "哪两个 x 的值满足 {e}？"}},
      {{"e", QuadraticText(a, -(b + a * q), b * q) + " = 0"}}, SetAnswer({Fraction(b, a), {q}}));
}

Draft PairwiseSums(Draw& draw) {
  const int64_t x = draw.Int(-9, 20);
  const int64_t y = draw.Int(-9, 20);
  const int64_t z = draw.Int(-9, 20);
  return draw.Ask("equation",
                  {{"Given x + y = {p}, y + z = {q} and z + x = {r}, find x, y and z.",
                    "Solve the system: x + y = {p}, y + z = {q}, z + x = {r}. Give your answer as "
                    "x = ..., y = ..., z = ..."},
                   {"已知 x + y = {p}，y + z = {q}，z + x = {r}，求 x、y、z 的值。",
                    "解方程组：x + y = {p}，y + z = {q}，z + x = {r}。"}},
                  {{"p", x + y}, {"q", y + z}, {"r", z + x}},
                  NamedAnswer({{"x", {x}}, {"y", {y}}, {"z", {z}}}));
}

Draft FractionalEquation(Draw& draw) {
  // a / (x + b) = c / d has the solution x = a d / c - b.
  const int64_t a = draw.Int(2, 12);
  const int64_t b = draw.NonZero(9);
  const int64_t c = draw.Int(2, 9);
  int64_t d = draw.Int(2, 9);
  while (std::gcd(c, d) != 1) d = draw.Int(2, 9);
  return draw.Ask("equation",
                  {{"Solve for x: {e}. Give an exact answer.", "Find the exact value of x if {e}."},
                   {"解方程：{e}。结果用整数或分数表示。", "若 {e}，求 x 的精确值。"}},
                  {{"e", fmt::format("{}/({}) = {}/{}", a, LinearText({{1, "x"}, {b, ""}}), c, d)}},
                  NamedAnswer({{"x", Fraction(a * d - b * c, c)}}));
}

Draft SumOfSquaresOfRoots(Draw& draw) {
  const int64_t s = draw.NonZero(12);
  int64_t p = draw.NonZero(12);
  // Real and different roots.
  while (s * s <= 4 * p) p = draw.NonZero(12);
  return draw.Ask("root squares",
                  {{"The roots of {e} are a and b. What is a^2 + b^2?",
                    "Let a and b be the two solutions of {e}. Find a^2 + b^2."},
                   {"方程 {e} 的两个根为 a 和 b，求 a^2 + b^2 的值。",
                    "设 a、b 是方程 {e} 的两个解，则 a^2 + b^2 等于多少？"}},
                  {{"e", QuadraticText(1, -s, p) + " = 0"}}, NumberAnswer({s * s - 2 * p}));
}

Draft ArithmeticSum(Draw& draw) {
  const int64_t a = draw.Int(1, 15);
  const int64_t d = draw.Int(2, 9);
  const int64_t n = draw.Int(10, 40);
  return draw.Ask("arithmetic sum",
                  {{"The sequence {a}, {b}, {c}, ... is arithmetic. What is the sum of its first "
                    "{n} terms?",
                    "In the sequence {a}, {b}, {c}, ... the difference is constant. Find the sum "
                    "of its first {n} numbers."},
                   {"等差数列 {a}，{b}，{c}，… 的前 {n} 项之和是多少？",
                    "已知等差数列的前三项为 {a}，{b}，{c}，求它的前 {n} 项的和。"}},
                  {{"a", a}, {"b", a + d}, {"c", a + 2 * d}, {"n", n}},
                  NumberAnswer({n * (2 * a + (n - 1) * d) / 2}));
}

Draft PowerRemainder(Draw& draw) {
  const int64_t base = draw.Int(2, 12);
  const int64_t exponent = draw.Int(15, 120);
  const int64_t modulus = draw.Int(5, 19);
  int64_t remainder = 1;
  for (int64_t i = 0; i < exponent; ++i) remainder = remainder * base % modulus;
  return draw.Ask("power remainder",
                  {{"What is the remainder when {a}^{n} is divided by {m}?",
                    "Find the remainder of {a}^{n} on division by {m}."},
                   {"求 {a}^{n} 除以 {m} 的余数。", "{a}^{n} 被 {m} 除，余数是多少？"}},
                  {{"a", base}, {"n", exponent}, {"m", modulus}}, NumberAnswer({remainder}));
}

Draft SumOfCubesOfRoots(Draw& draw) {
  const int64_t s = draw.NonZero(9);
  int64_t p = draw.NonZero(9);
  while (s * s <= 4 * p) p = draw.NonZero(9);
  return draw.Ask("root cubes",
                  {{"The roots of {e} are a and b. What is a^3 + b^3?",
                    "Let a and b be the two solutions of {e}. Find a^3 + b^3."},
                   {"方程 {e} 的两个根为 a 和 b，求 a^3 + b^3 的值。",
                    "设 a、b 是方程 {e} 的两个解，则 a^3 + b^3 等于多少？"}},
                  {{"e", QuadraticText(1, -s, p) + " = 0"}}, NumberAnswer({s * s * s - 3 * s * p}));
}

Draft ChineseRemainder(Draw& draw) {
  static const std::vector<std::vector<int64_t>> moduli = {
      {3, 5, 7}, {4, 5, 7}, {3, 7, 8}, {5, 6, 7}, {4, 7, 9}, {5, 7, 9}, {3, 5, 11}, {5, 8, 9}};
  const std::vector<int64_t>& m = draw.Pick(moduli);
  const int64_t n = draw.Int(m[2] + 1, m[0] * m[1] * m[2] - 1);
  return draw.Ask(
      "chinese remainder",
      {{"What is the smallest positive integer that leaves, when divided by {a}, remainder {r}; "
        "when "
        "divided by {b}, remainder {s}; and when divided by {c}, remainder {t}?",
        "Dividing a positive integer by {a} leaves remainder {r}, dividing it by {b} leaves {s}, "
        "and dividing it by {c} leaves {t}. Find the smallest such integer."},
       {"一个正整数除以 {a} 余 {r}，除以 {b} 余 {s}，除以 {c} 余 {t}，这样的最小正整数是多少？",
        "某数除以 {a} 余 {r}，除以 {b} 余 {s}，除以 {c} 余 {t}，求满足条件的最小正整数。"}},
      {{"a", m[0]}, {"b", m[1]}, {"c", m[2]}, {"r", n % m[0]}, {"s", n % m[1]}, {"t", n % m[2]}},
      NumberAnswer({n}));
}

Draft CountMultiples(Draw& draw) {
  const int64_t limit = draw.Int(100, 500);
  const int64_t a = draw.Int(3, 9);
  const int64_t b = draw.IntExcept(4, 15, a);
  const int64_t count = limit / a + limit / b - limit / std::lcm(a, b);
  return draw.Ask("count multiples",
                  {{"How many positive integers up to and including {n} are divisible by {a} or by "
                    "{b} (or by both)?",
                    "Among the integers from one to {n}, how many are multiples of {a} or of {b} "
                    "(or of both)?"},
                   {"不超过 {n} 的正整数中，能被 {a} 或 {b} 整除的数共有多少个？",
                    "从一到 {n} 的整数里，是 {a} 的倍数或 {b} 的倍数的数一共有多少个？"}},
                  {{"n", limit}, {"a", a}, {"b", b}}, NumberAnswer({count}));
}

Draft CountSolutions(Draw& draw) {
  const int64_t a = draw.Int(2, 5);
  const int64_t b = draw.IntExcept(3, 9, a);
  const int64_t c = draw.Int(40, 120);
  int64_t count = 0;
  for (int64_t y = 1; b * y < c; ++y) count += (c - b * y) % a == 0 ? 1 : 0;
  return draw.Ask("count solutions",
                  {{"How many pairs (x, y) of positive integers satisfy {a}x + {b}y = {c}?",
                    "Find the number of pairs of positive integers (x, y) with {a}x + {b}y = {c}."},
                   {"满足 {a}x + {b}y = {c} 的正整数对 (x, y) 共有多少对？",
                    "方程 {a}x + {b}y = {c} 有多少组正整数解？"}},
                  {{"a", a}, {"b", b}, {"c", c}}, NumberAnswer({count}));
}

Draft ReversedDigits(Draw& draw) {
  const int64_t units = draw.Int(3, 9);
  const int64_t tens = draw.Int(1, units - 1);
  const int64_t sum = tens + units;
  const int64_t gain = 9 * (units - tens);
  return draw.Ask("reversed digits",
                  {{"The digits of a two-digit number add up to {s}. Reversing the digits makes "
                    "the number {g} larger. What is the original number?",
                    "A two-digit number has digit sum {s}. When its digits are swapped, it grows "
                    "by {g}. Find the number."},
                   {"一个两位数，各位数字之和为 {s}，把两个数字对调后得到的新数比原数大 "
                    "{g}，原数是多少？",
                    "某两位数的十位数字与个位数字之和是 {s}，交换两个数字后，所得的数比原来的数大 "
                    "{g}。求原来的两位数。"}},
                  {{"s", sum}, {"g", gain}}, NumberAnswer({10 * tens + units}));
}

Draft TrailingZeros(Draw& draw) {
  const int64_t n = draw.Int(20, 400);
  int64_t zeros = 0;
  for (int64_t power = 5; power <= n; power *= 5) zeros += n / power;
  return draw.Ask("trailing zeros",
                  {{"How many zeros are at the end of the decimal form of {n}! ({n} factorial)?",
                    "{n}! is the product of all integers from one to {n}. With how many zeros does "
                    "it end?"},
                   {"{n}!（{n} 的阶乘）的末尾有多少个连续的零？",
                    "把从一到 {n} 的所有整数相乘，得到 {n}!。这个数的末尾有几个零？"}},
                  {{"n", n}}, NumberAnswer({zeros}));
}

Draft SumAndProduct(Draw& draw) {
  const int64_t s = draw.Int(3, 15);
  const int64_t p = draw.Int(1, s * s / 4);
  const int64_t squares = s * s - 2 * p;
  return draw.Ask("sum and product",
                  {{"If a + b = {s} and ab = {p}, what is a^4 + b^4?",
                    "Two numbers a and b have sum {s} and product {p}. Find a^4 + b^4."},
                   {"若 a + b = {s}，ab = {p}，求 a^4 + b^4 的值。",
                    "两个数 a、b 的和为 {s}，积为 {p}，求 a^4 + b^4。"}},
                  {{"s", s}, {"p", p}}, NumberAnswer({squares * squares - 2 * p * p}));
}

}  // namespace

std::span<const ProblemGenerator> AlgebraContestGenerators(int level) {
  static constexpr std::array<ProblemGenerator, 7> kQuadratic = {
      Quadratic,     PairwiseSums,   FractionalEquation, SumOfSquaresOfRoots,
      ArithmeticSum, ReversedDigits, RationalQuadratic};
  static constexpr std::array<ProblemGenerator, 7> kContest = {
      PowerRemainder, CountMultiples, ChineseRemainder, SumOfCubesOfRoots,
      CountSolutions, TrailingZeros,  SumAndProduct};
  if (level == 4) return kQuadratic;
  return kContest;
}

}  // namespace retort
