#include "math/expression.h"

#include <gtest/gtest.h>

#include <string>

#include "math/characters.h"
#include "math/numeric.h"

namespace retort {
namespace {

std::optional<ParsedExpression> Parse(const std::string& text) {
  Algebra algebra;
  return ParseExpression(Tokenize(ToLatex(text)), PlusMinus::kPlus, algebra);
}

// The value, if the whole text is one rational number.
std::optional<Rational> Number(const std::string& text) {
  const size_t tokens = Tokenize(ToLatex(text)).size();
  const std::optional<ParsedExpression> parsed = Parse(text);
  if (!parsed || parsed->end != tokens) return std::nullopt;
  return parsed->form.AsRational();
}

TEST(Expression, FollowsThePrecedenceOfArithmetic) {
  EXPECT_EQ(Number("2 + 3 * 4"), Rational(14));
  EXPECT_EQ(Number("(2 + 3) * 4"), Rational(20));
  EXPECT_EQ(Number("2 - 3 - 4"), Rational(-5));
  EXPECT_EQ(Number("24 / 4 / 2"), Rational(3));
  EXPECT_EQ(Number("-2^2"), Rational(-4));
  EXPECT_EQ(Number("2^{-1}"), Rational(1, 2));
  EXPECT_EQ(Number("2^3!"), Rational(40320));
  EXPECT_EQ(Number("7 \\bmod 4"), Rational(3));
  EXPECT_EQ(Number("\\frac{1 + 2}{\\frac{1}{2}}"), Rational(6));
}

TEST(Expression, ReadsNumbersAsTheyAreWritten) {
  EXPECT_EQ(Number("\\frac12"), Rational(1, 2));
  EXPECT_EQ(Number("\\frac1{72}"), Rational(1, 72));
  EXPECT_EQ(Number("3\\frac{1}{2}"), Rational(7, 2));
  EXPECT_EQ(Number("3 1/2"), Rational(7, 2));
  EXPECT_EQ(Number("3\\frac{4}{2}"), Rational(6));
  EXPECT_EQ(Number("0.1\\overline{6}"), Rational(1, 6));
  EXPECT_EQ(Number("0.\\overline{142857}"), Rational(1, 7));
  EXPECT_EQ(Number("1.5e-3"), Rational(3, 2000));
  EXPECT_EQ(Number("1,234,567"), Rational(1234567));
  EXPECT_EQ(Number("12{,}345"), Rational(12345));
  EXPECT_EQ(Number("5\\,000"), Rational(5000));
  EXPECT_EQ(Number(".0000672"), Rational(672, 10000000));
  EXPECT_EQ(Number("（１＋２）×３"), Rational(9));
  EXPECT_EQ(Number("四分之三"), Rational(3, 4));
  EXPECT_EQ(Number("3分之2"), Rational(2, 3));
  EXPECT_EQ(Number("二十五"), Rational(25));
}

TEST(Expression, EvaluatesFunctionsOfRationals) {
  EXPECT_EQ(Number("|-3|"), Rational(3));
  EXPECT_EQ(Number("\\lfloor -2.5 \\rfloor"), Rational(-3));
  EXPECT_EQ(Number("\\lceil 2.1 \\rceil"), Rational(3));
  EXPECT_EQ(Number("\\binom{5}{2}"), Rational(10));
  EXPECT_EQ(Number("\\gcd(12, 18, 8)"), Rational(2));
  EXPECT_EQ(Number("\\operatorname{lcm}(4, 6)"), Rational(12));
  EXPECT_EQ(Number("\\gcd(6,321,429)"), Rational(3));
  EXPECT_EQ(Number("-7 \\bmod 4"), Rational(1));
  EXPECT_EQ(Number("\\lcm(4, 6)"), Rational(12));
  EXPECT_EQ(Number("\\max(1, 5/2)"), Rational(5, 2));
  EXPECT_EQ(Number("\\log_2 8"), Rational(3));
  EXPECT_EQ(Number("\\ln e^5"), Rational(5));
  EXPECT_EQ(Number("\\sqrt[3]{-27}"), Rational(-3));
  EXPECT_EQ(Number("\\sqrt{-4}\\sqrt{-9}"), Rational(-6));
  EXPECT_EQ(Number("27^{2/3}"), Rational(9));
}

TEST(Expression, StopsWhereTheExpressionEnds) {
  EXPECT_EQ(Parse("3/4 metres")->end, 3u);
  EXPECT_EQ(Parse("5 -")->end, 1u);
  EXPECT_EQ(Parse("1,2345")->end, 1u);
  EXPECT_FALSE(Parse("metres"));
  EXPECT_FALSE(Parse(""));
  EXPECT_FALSE(Parse("1/0"));
  EXPECT_FALSE(Parse("(1"));
}

TEST(Expression, TellsDecimalsFromOthers) {
  EXPECT_EQ(Parse("-2.50")->decimals, 2);
  EXPECT_EQ(Parse("2.5 + 1")->decimals, -1);
  EXPECT_TRUE(Parse("2.5 + 1")->has_decimal);
  EXPECT_EQ(Parse("3")->decimals, -1);
  EXPECT_TRUE(Parse("28\\%")->percent);
}

TEST(Expression, RefusesWhatNestsTooDeep) {
  const auto nested = [](int depth) {
    const auto count = static_cast<size_t>(depth);
    return std::string(count, '(') + "1" + std::string(count, ')');
  };
  EXPECT_EQ(Number(nested(60)), Rational(1));
  EXPECT_FALSE(Parse(nested(100)));
}

}  // namespace
}  // namespace retort
