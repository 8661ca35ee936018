#include "lab/compare/trade_off.h"

#include <gtest/gtest.h>

#include "lab/compare/made_up_comparison.h"

namespace retort {
namespace {

std::vector<TradeOff> Of(const Comparison& comparison) {
  return TradeOffs(comparison, Summarize(comparison));
}

TEST(TradeOffTest, EachStrengthKeepsAModelOnTheFront) {
  const auto all = Of(MadeUpComparison(
      {{.name = "right", .right = 50, .tokens_per_s = 10, .resident = 2'000'000'000},
       {.name = "fast", .right = 20, .tokens_per_s = 90, .resident = 2'000'000'000},
       {.name = "small", .right = 10, .tokens_per_s = 10, .resident = 300'000'000}}));
  ASSERT_EQ(all.size(), 3u);
  for (const TradeOff& one : all) EXPECT_EQ(one.beaten_by, -1) << one.model;
}

TEST(TradeOffTest, NamesAModelThatIsBetterThroughout) {
  const auto all = Of(MadeUpComparison(
      {{.name = "worse", .right = 20, .tokens_per_s = 30, .resident = 900'000'000},
       {.name = "better", .right = 30, .tokens_per_s = 40, .resident = 800'000'000}}));
  EXPECT_EQ(all[0].beaten_by, 1);
  EXPECT_EQ(all[1].beaten_by, -1);
}

TEST(TradeOffTest, EqualsDoNotBeatEachOther) {
  const auto all = Of(MadeUpComparison({{.name = "x", .right = 20}, {.name = "y", .right = 20}}));
  EXPECT_EQ(all[0].beaten_by, -1);
  EXPECT_EQ(all[1].beaten_by, -1);
}

TEST(TradeOffTest, LatencyIsOfAWholeAnswer) {
  const auto all = Of(MadeUpComparison(
      {{.name = "x", .right = 20, .tokens_per_s = 50, .first_token_s = 0.5}, {.name = "y"}}, 3));
  // Answers of 80, 81 and 82 tokens; the median one: 0.5 s and 80 more tokens at 50 a second.
  EXPECT_NEAR(all[0].seconds.value, 0.5 + 80 / 50.0, 1e-9);
}

TEST(TradeOffTest, LeavesOutModelsThatLackAFigure) {
  Comparison comparison = MadeUpComparison({{.name = "x", .right = 20}, {.name = "y", .right = 9}});
  comparison.models[0].memory.reset();
  const auto all = Of(comparison);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].model, 1u);
  EXPECT_TRUE(Of(MadeUpComparison({{.name = "x"}, {.name = "y"}}, 0)).empty());
}

}  // namespace
}  // namespace retort
