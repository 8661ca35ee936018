#include "lab/compare/figure_text.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

TEST(FigureTextTest, ThreeDigitsThatSaySomething) {
  EXPECT_EQ(NumberText(0.8249), "0.82");
  EXPECT_EQ(NumberText(14.26), "14.3");
  EXPECT_EQ(NumberText(152.4), "152");
  EXPECT_EQ(NumberText(9.999), "10.0");
  EXPECT_EQ(NumberText(99.97), "100");
  EXPECT_EQ(NumberText(-3.5), "−3.50");
  EXPECT_EQ(NumberText(-0.001), "0.00");
}

TEST(FigureTextTest, IntervalsShowTheirLongerArm) {
  EXPECT_EQ(FigureText({.value = 0.82, .interval = Interval{0.8, 0.87}, .n = 5}), "0.82 ± 0.05");
  EXPECT_EQ(FigureText({.value = 152, .interval = Interval{148.8, 153}, .n = 5}), "152 ± 3");
  EXPECT_EQ(FigureText({.value = 152, .interval = std::nullopt, .n = 1}), "152");
  EXPECT_EQ(ShareText({.count = 9, .total = 30, .interval = {0.17, 0.48}}), "30 ± 18");
}

TEST(FigureTextTest, PointsCarryTheirSign) {
  EXPECT_EQ(PointsText(0.14), "+14");
  EXPECT_EQ(PointsText(-0.031), "−3");
  EXPECT_EQ(PointsText(0.001), "0");
  EXPECT_EQ(PointsText(-0.001), "0");
  EXPECT_EQ(PointsRangeText({-0.03, 0.11}), "−3 to 11");
}

TEST(FigureTextTest, PValuesAreNotOverprecise) {
  EXPECT_EQ(PValueText(0.00001), "p < 0.001");
  EXPECT_EQ(PValueText(0.0391), "p = 0.039");
  EXPECT_EQ(PValueText(0.5), "p = 0.50");
}

TEST(FigureTextTest, RatiosKeepWhatTellsThemApart) {
  EXPECT_EQ(TimesText(0.412), "0.41");
  EXPECT_EQ(TimesText(2.44), "2.4");
  EXPECT_EQ(TimesText(12.3), "12");
  EXPECT_EQ(TimesRangeText({2.3, 2.5}), "2.3 to 2.5");
  EXPECT_EQ(TimesRangeText({2.41, 2.43}), "2.41 to 2.43");
  EXPECT_EQ(TimesRangeText({0.40, 0.42}), "0.40 to 0.42");
}

}  // namespace
}  // namespace retort
