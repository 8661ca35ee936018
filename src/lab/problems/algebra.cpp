// Algebra, levels 1 to 3: one operation, two steps, linear equations and systems.
#include <fmt/core.h>

#include <array>
#include <numeric>

#include "lab/problems/algebra_contest.h"
#include "lab/problems/draw.h"

namespace retort {
namespace {

Draft Sum(Draw& draw) {
  const int64_t a = draw.Int(2, 15);
  const int64_t b = draw.Int(2, 15);
  return draw.Ask("sum",
                  {{"What is {a} + {b}?", "Calculate {a} + {b}.", "Find the sum of {a} and {b}."},
                   {"{a} + {b} 等于多少？", "计算：{a} + {b}。", "求 {a} 与 {b} 的和。"}},
                  {{"a", a}, {"b", b}}, NumberAnswer({a + b}));
}

Draft Subtraction(Draw& draw) {
  const int64_t b = draw.Int(2, 30);
  const int64_t a = b + draw.Int(1, 30);
  return draw.Ask(
      "difference",
      {{"What is {a} - {b}?", "Calculate {a} - {b}.", "By how much is {a} greater than {b}?"},
       {"{a} - {b} 等于多少？", "计算：{a} - {b}。", "{a} 比 {b} 大多少？"}},
      {{"a", a}, {"b", b}}, NumberAnswer({a - b}));
}

Draft Product(Draw& draw) {
  const int64_t a = draw.Int(2, 12);
  const int64_t b = draw.Int(2, 20);
  return draw.Ask("product",
                  {{"What is {a} × {b}?", "Calculate {a} × {b}.",
                    "Find the product of {a} and {b}.", "What is {a} times {b}?"},
                   {"{a} × {b} 等于多少？", "计算：{a} × {b}。", "求 {a} 与 {b} 的积。",
                    "{a} 乘 {b} 得多少？"}},
                  {{"a", a}, {"b", b}}, NumberAnswer({a * b}));
}

Draft OneStepEquation(Draw& draw) {
  const int64_t x = draw.Int(1, 20);
  const int64_t a = draw.NonZero(12);
  return draw.Ask("equation",
                  {{"Solve for x: {e}", "Find the value of x if {e}.", "If {e}, what is x?"},
                   {"解方程：{e}", "若 {e}，求 x 的值。", "已知 {e}，x 等于多少？"}},
                  {{"e", LinearText({{1, "x"}, {a, ""}}) + " = " + std::to_string(x + a)}},
                  NamedAnswer({{"x", {x}}}));
}

Draft TwoStepEquation(Draw& draw) {
  const int64_t x = draw.Int(-9, 12);
  const int64_t a = draw.Int(2, 9);
  const int64_t b = draw.NonZero(20);
  return draw.Ask("equation",
                  {{"Solve for x: {e}", "Find the value of x if {e}.", "If {e}, what is x?"},
                   {"解方程：{e}", "若 {e}，求 x 的值。", "已知 {e}，x 等于多少？"}},
                  {{"e", LinearText({{a, "x"}, {b, ""}}) + " = " + std::to_string(a * x + b)}},
                  NamedAnswer({{"x", {x}}}));
}

Draft Evaluate(Draw& draw) {
  const int64_t x = draw.Int(2, 12);
  const int64_t a = draw.Int(2, 9);
  const int64_t b = draw.NonZero(15);
  const Field expression("e", LinearText({{a, "x"}, {b, ""}}));
  return draw.Ask("evaluate",
                  {{"If x = {x}, what is the value of {e}?", "Let x = {x}. Find {e}."},
                   {"当 x = {x} 时，{e} 的值是多少？", "已知 x = {x}，求 {e} 的值。"}},
                  {{"x", x}, expression}, NumberAnswer({a * x + b}));
}

Draft OrderOfOperations(Draw& draw) {
  const int64_t a = draw.Int(2, 30);
  const int64_t b = draw.Int(2, 9);
  const int64_t c = draw.Int(2, 9);
  const bool brackets = draw.Int(0, 1) == 1;
  const std::string expression =
      brackets ? fmt::format("({} + {}) × {}", a, b, c) : fmt::format("{} + {} × {}", a, b, c);
  return draw.Ask("expression",
                  {{"What is {e}?", "Calculate {e}.", "Find the value of {e}."},
                   {"{e} 等于多少？", "计算：{e}", "求 {e} 的值。"}},
                  {{"e", expression}}, NumberAnswer({brackets ? (a + b) * c : a + b * c}));
}

Draft NextInSequence(Draw& draw) {
  const int64_t a = draw.Int(1, 20);
  const int64_t d = draw.Int(2, 12);
  return draw.Ask("next term",
                  {{"What is the next number in the sequence {a}, {b}, {c}, {d}?",
                    "The numbers {a}, {b}, {c}, {d} increase by the same amount each time. What "
                    "number comes next?"},
                   {"数列 {a}，{b}，{c}，{d} 的下一个数是多少？",
                    "按规律填数：{a}，{b}，{c}，{d}，（　）。括号里应填多少？"}},
                  {{"a", a}, {"b", a + d}, {"c", a + 2 * d}, {"d", a + 3 * d}},
                  NumberAnswer({a + 4 * d}));
}

Draft BracketEquation(Draw& draw) {
  const int64_t x = draw.Int(-9, 12);
  const int64_t a = draw.Int(2, 7);
  const int64_t b = draw.NonZero(9);
  const int64_t c = draw.IntExcept(1, 9, a);
  const int64_t d = a * (x + b) - c * x;
  return draw.Ask("equation",
                  {{"Solve for x: {e}", "Find the value of x if {e}.",
                    "What value of x satisfies the equation {e}?"},
                   {"解方程：{e}", "若 {e}，求 x 的值。", "已知 {e}，x 等于多少？"}},
                  {{"e", fmt::format("{}({}) = {}", a, LinearText({{1, "x"}, {b, ""}}),
                                     LinearText({{c, "x"}, {d, ""}}))}},
                  NamedAnswer({{"x", {x}}}));
}

Draft LinearSystem(Draw& draw) {
  const int64_t x = draw.Int(-5, 9);
  const int64_t y = draw.Int(-5, 9);
  const int64_t a = draw.Int(1, 5);
  const int64_t b = draw.NonZero(5);
  int64_t c = draw.Int(1, 5);
  int64_t d = draw.NonZero(5);
  while (a * d == b * c) {
    c = draw.Int(1, 5);
    d = draw.NonZero(5);
  }
  const auto equation = [x, y](int64_t p, int64_t q) {
    return LinearText({{p, "x"}, {q, "y"}}) + " = " + std::to_string(p * x + q * y);
  };
  return draw.Ask("equation",
                  {{"Given {e} and {f}, find the values of x and y.",
                    "Solve the system of equations: {e}, {f}. Give your answer as x = ..., y = ...",
                    "If {e} and {f}, what are x and y?"},
                   {"已知 {e}，{f}，求 x 和 y 的值。", "解方程组：{e}，{f}。",
                    "若 {e} 且 {f}，则 x 和 y 各是多少？"}},
                  {{"e", equation(a, b)}, {"f", equation(c, d)}},
                  NamedAnswer({{"x", {x}}, {"y", {y}}}));
}

Draft FractionSum(Draw& draw) {
  const int64_t b = draw.Int(2, 10);
  const int64_t d = draw.IntExcept(2, 12, b);
  const auto coprime = [&draw](int64_t denominator) {
    int64_t numerator = draw.Int(1, denominator - 1);
    while (std::gcd(numerator, denominator) != 1) numerator = draw.Int(1, denominator - 1);
    return numerator;
  };
  const int64_t a = coprime(b);
  const int64_t c = coprime(d);
  const bool minus = a * d > c * b && draw.Int(0, 1) == 1;
  const int64_t sign = minus ? -1 : 1;
  return draw.Ask(
      "expression",
      {{"What is {e}? Give your answer as a fraction.", "Calculate {e} as a fraction.",
        "Find the exact value of {e}."},
       {"{e} 等于多少？结果用分数表示。", "计算：{e}（结果用分数表示）", "求 {e} 的精确值。"}},
      {{"e", fmt::format("{}/{} {} {}/{}", a, b, minus ? "-" : "+", c, d)}},
      NumberAnswer(Fraction(a * d + sign * c * b, b * d)));
}

Draft NthTerm(Draw& draw) {
  const int64_t a = draw.Int(1, 15);
  const int64_t d = draw.Int(2, 9);
  const int64_t n = draw.Int(10, 50);
  return draw.Ask("nth term",
                  {{"The sequence {a}, {b}, {c}, ... is arithmetic. What is term number {n}?",
                    "In the arithmetic sequence {a}, {b}, {c}, ..., what is the term in position "
                    "{n}?"},
                   {"等差数列 {a}，{b}，{c}，… 的第 {n} 项是多少？",
                    "已知等差数列的前三项为 {a}，{b}，{c}，求第 {n} 项。"}},
                  {{"a", a}, {"b", a + d}, {"c", a + 2 * d}, {"n", n}},
                  NumberAnswer({a + (n - 1) * d}));
}

}  // namespace

std::span<const ProblemGenerator> AlgebraGenerators(int level) {
  static constexpr std::array<ProblemGenerator, 4> kOneOperation = {Sum, Subtraction, Product,
                                                                    OneStepEquation};
  static constexpr std::array<ProblemGenerator, 4> kTwoSteps = {TwoStepEquation, OrderOfOperations,
                                                                Evaluate, NextInSequence};
  static constexpr std::array<ProblemGenerator, 4> kLinear = {LinearSystem, BracketEquation,
                                                              FractionSum, NthTerm};
  switch (level) {
    case 1:
      return kOneOperation;
    case 2:
      return kTwoSteps;
    case 3:
      return kLinear;
    default:
      return AlgebraContestGenerators(level);
  }
}

}  // namespace retort
