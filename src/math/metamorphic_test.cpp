// Properties that hold for all answers, on seeded random ones: the same value written in another
// way is the same, a value changed by little is not, and broken texts do no harm.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/rng.h"
#include "math/grade.h"

namespace retort {
namespace {

constexpr uint64_t kSeed = 20250;

std::string Text(int64_t value) { return std::to_string(value); }

// above / below · √root · π?, in a random notation. The factors `scale` and `square` change
// nothing.
struct Exact {
  int64_t above = 1, below = 1, root = 1;
  bool pi = false;
};

Exact Draw(Rng& rng) {
  Exact value{rng.Int(1, 400), rng.Int(1, 30), rng.Int(0, 2) == 0 ? rng.Int(2, 12) : 1,
              rng.Int(0, 4) == 0};
  if (rng.Int(0, 3) == 0) value.above = -value.above;
  return value;
}

std::string Fraction(Rng& rng, int64_t above, int64_t below) {
  const int64_t scale = rng.Int(1, 5);
  above *= scale;
  below *= scale;
  if (below == 1) return Text(above);
  const std::string sign = above < 0 ? "-" : "";
  const int64_t size = above < 0 ? -above : above;
  const char* commands[] = {"\\frac", "\\dfrac", "\\tfrac"};
  switch (rng.Int(0, 3)) {
    case 0:
      return sign + Text(size) + "/" + Text(below);
    case 1:
      return sign + commands[rng.Int(0, 2)] + "{" + Text(size) + "}{" + Text(below) + "}";
    case 2:
      if (sign.empty() && size > below && size % below != 0) {
        return Text(size / below) + "\\frac{" + Text(size % below) + "}{" + Text(below) + "}";
      }
      return "\\frac{" + Text(above) + "}{" + Text(below) + "}";
    default:
      return "\\left(\\frac{" + Text(above + below) + "}{" + Text(below) + "} - 1\\right)";
  }
}

std::string Write(Rng& rng, const Exact& value) {
  const int64_t square = rng.Int(1, 3);  // k√n as √(k²n)
  std::string text = value.root == 1 && !value.pi
                         ? Fraction(rng, value.above, value.below)
                         : "(" + Fraction(rng, value.above, value.below * square) + ")";
  if (value.root != 1 || value.pi) {
    text += rng.Int(0, 1) == 0 ? " \\cdot " : "";
    text += "\\sqrt{" + Text(value.root * square * square) + "}";
  }
  if (value.pi) text += rng.Int(0, 1) == 0 ? "\\pi" : " * π";
  return text;
}

std::string Wrap(Rng& rng, const std::string& text) {
  switch (rng.Int(0, 4)) {
    case 0:
      return "\\boxed{" + text + "}";
    case 1:
      return "Therefore the answer is $" + text + "$.";
    case 2:
      return "$x = " + text + "$";
    case 3:
      return "所以答案是 " + text + "。";
    default:
      return text;
  }
}

TEST(Metamorphic, NotationDoesNotMatterAndValuesDo) {
  Rng rng(kSeed);
  for (int i = 0; i < 600; ++i) {
    const Exact value = Draw(rng);
    const std::string gold = Write(rng, value);
    const std::string same = Wrap(rng, Write(rng, value));
    EXPECT_TRUE(GradeMath(gold, same).correct)
        << gold << " | " << same << " (seed " << kSeed << ", case " << i << ")";
    Exact changed = value;
    switch (rng.Int(0, 2)) {
      case 0:
        changed.above += 1;
        break;
      case 1:
        changed.pi = !changed.pi;
        break;
      default:
        changed.above = -changed.above;
    }
    if (changed.above == 0) continue;
    const std::string other = Wrap(rng, Write(rng, changed));
    EXPECT_FALSE(GradeMath(gold, other).correct)
        << gold << " | " << other << " (seed " << kSeed << ", case " << i << ")";
  }
}

TEST(Metamorphic, EqualityOfExactValuesIsSymmetric) {
  Rng rng(kSeed + 1);
  for (int i = 0; i < 300; ++i) {
    const Exact value = Draw(rng);
    Exact other = value;
    if (rng.Int(0, 1) == 0) other.above += rng.Int(-1, 1);
    if (other.above == 0) continue;
    const std::string a = Write(rng, value), b = Write(rng, other);
    EXPECT_EQ(GradeMath(a, b).correct, GradeMath(b, a).correct) << a << " | " << b;
  }
}

TEST(Metamorphic, SetsIgnoreOrderAndTuplesDoNot) {
  Rng rng(kSeed + 2);
  for (int i = 0; i < 200; ++i) {
    const int64_t a = rng.Int(-50, 50), b = a + rng.Int(1, 9), c = b + rng.Int(1, 9);
    const std::string set = "\\{" + Text(a) + ", " + Text(b) + ", " + Text(c) + "\\}";
    const std::string list = Text(c) + ", " + Text(a) + " \\text{ and } " + Text(b);
    EXPECT_TRUE(GradeMath(set, list).correct) << set << " | " << list;
    EXPECT_FALSE(GradeMath(set, Text(a) + ", " + Text(b)).correct) << set;
    const std::string tuple = "(" + Text(a) + "," + Text(b) + ")";
    EXPECT_TRUE(GradeMath(tuple, "(x, y) = " + tuple).correct) << tuple;
    EXPECT_FALSE(GradeMath(tuple, "(" + Text(b) + ", " + Text(a) + ")").correct) << tuple;
    EXPECT_FALSE(GradeMath(tuple, "[" + Text(a) + ", " + Text(b) + "]").correct) << tuple;
    const std::string between = Text(a) + " < x \\le " + Text(b);
    EXPECT_TRUE(GradeMath("(" + Text(a) + ", " + Text(b) + "]", between).correct) << between;
    EXPECT_FALSE(GradeMath(tuple, between).correct) << between;
  }
}

// (x + a)(x + b) and its expansion.
TEST(Metamorphic, ExpandedPolynomialsAreTheSame) {
  Rng rng(kSeed + 3);
  for (int i = 0; i < 150; ++i) {
    const int64_t a = rng.Int(1, 20), b = rng.Int(1, 20);
    const std::string product = "(x + " + Text(a) + ")(x - " + Text(b) + ")";
    const auto expanded = [&](int64_t by) {
      return "x^2 + " + Text(a) + "x - " + Text(b) + "x + " + Text(by - a * b);
    };
    EXPECT_TRUE(GradeMath(product, expanded(0)).correct) << product;
    EXPECT_FALSE(GradeMath(product, expanded(1)).correct) << product;
    EXPECT_FALSE(GradeMath(product, "(y + " + Text(a) + ")(y - " + Text(b) + ")").correct);
  }
}

TEST(Metamorphic, BrokenTextsDoNoHarm) {
  Rng rng(kSeed + 4);
  const std::vector<std::string> pieces = {"\\frac",
                                           "{",
                                           "}",
                                           "(",
                                           ")",
                                           "[",
                                           "]",
                                           "\\{",
                                           "\\}",
                                           "1",
                                           "23",
                                           "0.5",
                                           "x",
                                           "\\pi",
                                           "+",
                                           "-",
                                           "^",
                                           "_",
                                           ",",
                                           "\\sqrt",
                                           "=",
                                           "<",
                                           "\\in",
                                           "\\cup",
                                           "|",
                                           "\\pm",
                                           "!",
                                           "%",
                                           "\\text{",
                                           "and",
                                           "\\begin{pmatrix}",
                                           "\\end{pmatrix}",
                                           "&",
                                           "\\\\",
                                           "$",
                                           "\\boxed{",
                                           ":",
                                           "分之",
                                           "三",
                                           "\xff"};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (int64_t length = rng.Int(1, 14); length > 0; --length) {
      text += pieces[static_cast<size_t>(rng.Int(0, static_cast<int64_t>(pieces.size()) - 1))];
    }
    GradeMath("\\frac{1}{2}", text);
    GradeMath(text, "\\boxed{0.5}");
  }
}

}  // namespace
}  // namespace retort
