#include "lab/grading/expression.h"

#include <gtest/gtest.h>

#include <string>

#include "lab/grading/normalize.h"
#include "lab/grading/value.h"

namespace retort {
namespace {

std::optional<Quantity> Read(const std::string& text) {
  return ReadValue(NormalizeAnswer(text), Thousands::kJoined);
}

Quantity Whole(int64_t value) { return Quantity(Rational(value)); }

TEST(Quantity, KeepsRootsInLowestForm) {
  const Quantity root = *SquareRoot(Whole(12));
  EXPECT_EQ(root, Quantity(Quantity::Terms{{{3, 0}, Rational(2)}}));
  EXPECT_EQ(*Multiply(root, root), Whole(12));
  EXPECT_EQ(*SquareRoot(Quantity(Rational(9, 4))), Quantity(Rational(3, 2)));
  EXPECT_EQ(*SquareRoot(Quantity(Rational(1, 2))), *Divide(*SquareRoot(Whole(2)), Whole(2)));
  EXPECT_FALSE(SquareRoot(Whole(-1)));
  EXPECT_FALSE(SquareRoot(Pi()));
}

TEST(Quantity, DividesByOneRootAndARational) {
  const Quantity divisor = *Add(Whole(1), *SquareRoot(Whole(2)));
  EXPECT_EQ(*Multiply(*Divide(Whole(1), divisor), divisor), Whole(1));
  EXPECT_EQ(*Divide(Pi(), Pi()), Whole(1));
  EXPECT_FALSE(Divide(Whole(1), Whole(0)));
  EXPECT_FALSE(Divide(Whole(1), *Add(Pi(), Whole(1))));
}

TEST(Quantity, StaysBounded) {
  EXPECT_EQ(*Power(Whole(2), Whole(-3)), Quantity(Rational(1, 8)));
  EXPECT_EQ(*Power(Whole(7), Whole(0)), Whole(1));
  EXPECT_FALSE(Power(Whole(10), Whole(10000)));
  EXPECT_FALSE(Power(Whole(2), *Power(Whole(10), Whole(30))));
  EXPECT_FALSE(Power(Whole(2), Quantity(Rational(1, 2))));
  EXPECT_EQ(*Power(Whole(1), Whole(10000)), Whole(1));
}

TEST(Expression, FollowsThePrecedenceOfArithmetic) {
  EXPECT_EQ(Read("2 + 3 * 4"), Whole(14));
  EXPECT_EQ(Read("(2 + 3) * 4"), Whole(20));
  EXPECT_EQ(Read("2 - 3 - 4"), Whole(-5));
  EXPECT_EQ(Read("24 / 4 / 2"), Whole(3));
  EXPECT_EQ(Read("-2^2"), Whole(-4));
  EXPECT_EQ(Read("2^{-1}"), Quantity(Rational(1, 2)));
  EXPECT_EQ(Read("\\frac{1 + 2}{\\frac{1}{2}}"), Whole(6));
  EXPECT_EQ(Read("\\frac12"), Quantity(Rational(1, 2)));
}

TEST(Expression, StopsWhereTheNumberEnds) {
  const auto parsed = ParseExpression("3/4 metres", Thousands::kJoined);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->end, 3u);
  EXPECT_EQ(ParseExpression("1,234", Thousands::kJoined)->end, 5u);
  EXPECT_EQ(ParseExpression("1,234", Thousands::kSeparate)->end, 1u);
  EXPECT_EQ(ParseExpression("1,2345", Thousands::kJoined)->end, 1u);
  EXPECT_EQ(ParseExpression("5.", Thousands::kJoined)->end, 1u);
  EXPECT_FALSE(ParseExpression("x", Thousands::kJoined));
}

TEST(Value, DropsUnitsAndNamesButNotUnknowns) {
  for (const char* text : {"12 cm^2", "12\\text{ km/h}", "12 kg m s^{-1}", "共12本书", "S = 12",
                           "the area is 12 square metres", "12%", "12 %", "$12$ dollars"}) {
    EXPECT_EQ(Read(text), Whole(12)) << text;
  }
  for (const char* text : {"12x", "12 + x", "12, 13", "12 or 13", "12 = x + y", "12:5", "12^a", "",
                           "twelve", "12 < 13"}) {
    EXPECT_NE(Read(text), Whole(12)) << text;
  }
}

TEST(Normalize, TurnsTypographyIntoAscii) {
  EXPECT_EQ(NormalizeAnswer("（１，−２）"), "(1,-2)");
  EXPECT_EQ(NormalizeAnswer("\\dfrac{3}{4}\\text{m}"), "\\frac{3}{4} m ");
  EXPECT_EQ(NormalizeAnswer("\\left( 5\\,000 \\right)"), "( 5 000 )");
  EXPECT_EQ(NormalizeAnswer("1{,}000"), "1,000");
  EXPECT_EQ(NormalizeAnswer("\xff\xef\xbc"), "\xff\xef\xbc");  // invalid UTF-8 stays
}

}  // namespace
}  // namespace retort
