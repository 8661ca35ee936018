#include "math/numeric.h"

#include <gtest/gtest.h>

#include <string>

#include "math/expression.h"

namespace retort {
namespace {

Form Read(const std::string& text) {
  Algebra algebra;
  return ParseExpression(Tokenize(text), PlusMinus::kPlus, algebra)->form;
}

Equality Compare(const std::string& a, const std::string& b) {
  Algebra algebra;
  return CompareForms(Read(a), Read(b), algebra);
}

TEST(CompareForms, FindsEqualConstants) {
  for (const auto& [a, b] : {std::pair{"\\sqrt{12}", "2\\sqrt{3}"},
                             {"\\frac{1}{\\sqrt{2}-1}", "\\sqrt{2}+1"},
                             {"\\sqrt{3+2\\sqrt{2}}", "1+\\sqrt{2}"},
                             {"\\sqrt[3]{2+\\sqrt{5}} + \\sqrt[3]{2-\\sqrt{5}}", "1"},
                             {"\\sin \\frac{\\pi}{6}", "\\frac12"},
                             {"\\sin 30^\\circ", "\\frac12"},
                             {"\\arctan 1", "\\frac{\\pi}{4}"},
                             {"\\sqrt{-4}", "2i"},
                             {"e^{i\\pi}", "-1"},
                             {"\\log_4 8", "\\frac32"},
                             {"\\log 1000", "3"},
                             {"\\ln 6", "\\ln 2 + \\ln 3"},
                             {"2^{\\sqrt{2}} \\cdot 2^{\\sqrt{2}}", "4^{\\sqrt{2}}"},
                             {"\\lfloor \\pi \\rfloor", "3"}}) {
    EXPECT_EQ(Compare(a, b), Equality::kEqual) << a << " and " << b;
  }
}

TEST(CompareForms, IsNotDeceivedByWhatIsNearlyEqual) {
  for (const auto& [a, b] : {std::pair{"\\pi", "\\frac{355}{113}"},
                             {"\\sqrt{2}", "1.41421356237309504880168872420969807856967"},
                             {"e^{\\pi\\sqrt{163}}", "262537412640768744"},
                             {"10^{60}+1", "10^{60}"},
                             {"\\sin 1 + 10^{-30}", "\\sin 1"},
                             {"2^{400}+1+\\sin 1", "2^{400}+\\sin 1"},
                             {"1-\\frac1e", "1+\\frac1e"}}) {
    EXPECT_EQ(Compare(a, b), Equality::kDifferent) << a << " and " << b;
  }
}

TEST(CompareForms, ComparesExpressionsWhereBothAreReal) {
  for (const auto& [a, b] : {std::pair{"(x+1)^2", "x^2+2x+1"},
                             {"\\frac{x^2-1}{x-1}", "x+1"},
                             {"\\tan^2 y + 1", "\\sec^2 y"},
                             {"\\sin 2x", "2\\sin x\\cos x"},
                             {"\\ln x^2", "2\\ln x"},
                             {"\\sqrt{x^2}", "|x|"},
                             {"\\frac{1}{3\\sqrt[3]{x}^2}", "\\frac{1}{3x^{2/3}}"},
                             {"2^{n+1}", "2\\cdot 2^n"},
                             {"(x+1)^{100}(x+1)", "(x+1)^{101}"},
                             {"x_1 y", "y x_1"}}) {
    EXPECT_EQ(Compare(a, b), Equality::kEqual) << a << " and " << b;
  }
  for (const auto& [a, b] : {std::pair{"\\sqrt{x^2}", "x"},
                             {"|x|", "x"},
                             {"x", "y"},
                             {"x_1", "x_2"},
                             {"\\sin x", "\\sin y"},
                             {"n!", "n"},
                             {"\\sin x^2", "\\sin^2 x"}}) {
    EXPECT_EQ(Compare(a, b), Equality::kDifferent) << a << " and " << b;
  }
}

TEST(CompareForms, LeavesWhatIsTooLargeUndecided) {
  EXPECT_EQ(Compare("10^{10^{10}}", "10^{10^{10}}"), Equality::kEqual);
  EXPECT_NE(Compare("10^{10^{10}}", "10^{10^{10}}+1"), Equality::kEqual);
  EXPECT_NE(Compare("\\sin 10^{900}", "0"), Equality::kEqual);
}

TEST(Approximate, GivesValuesOfRealConstants) {
  Algebra algebra;
  const Rational root = *Approximate(Read("\\sqrt{2}"), algebra);
  EXPECT_LT(abs(root * root - 2), PowerOfTen(-50));
  EXPECT_EQ(Approximate(Read("\\frac{1}{3}"), algebra), Rational(1, 3));
  EXPECT_FALSE(Approximate(Read("x"), algebra));
  EXPECT_FALSE(Approximate(Read("2i"), algebra));
  EXPECT_EQ(Approximate(Read("x + \\frac{1}{3}"), algebra, {{"x", Rational(5, 3)}}), Rational(2));
}

TEST(Algebra, SpendsNoMoreThanItsBudget) {
  Algebra algebra;
  Form sum = Read("x + y + z + w + 1/7");
  int powers = 0;
  while (algebra.Power(sum, Form(Rational(3))) && powers < 10'000) ++powers;
  EXPECT_LT(powers, 10'000);
  EXPECT_FALSE(algebra.Add(sum, sum));
}

}  // namespace
}  // namespace retort
