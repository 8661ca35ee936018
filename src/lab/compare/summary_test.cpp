#include "lab/compare/summary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lab/compare/made_up_comparison.h"

namespace retort {
namespace {

Comparison SmallAndBig() {
  return MadeUpComparison(
      {{.name = "small",
        .right = 6,
        .first_right = 2,
        .tokens_per_s = 152,
        .resident = 200'000'000},
       {.name = "big", .right = 25, .tokens_per_s = 61, .resident = 500'000'000}});
}

TEST(SummaryTest, PairsCountTheSameProblems) {
  const Summary summary = Summarize(SmallAndBig());
  ASSERT_EQ(summary.pairs.size(), 1u);
  const PairComparison& pair = summary.pairs[0];
  EXPECT_EQ(pair.counts.both, 6);
  EXPECT_EQ(pair.counts.only_first, 0);
  EXPECT_EQ(pair.counts.only_second, 19);
  EXPECT_EQ(pair.counts.neither, 35);
  EXPECT_NEAR(pair.accuracy.estimate, -19.0 / 60, 1e-12);
  // Two-sided binomial: 2 * 0.5^19.
  EXPECT_NEAR(pair.p, 2 * std::pow(0.5, 19), 1e-12);
  EXPECT_TRUE(pair.accuracy_differs);
  ASSERT_TRUE(pair.speed_ratio.has_value());
  EXPECT_NEAR(pair.speed_ratio->value, 152.0 / 61, 1e-9);
  EXPECT_TRUE(pair.speed_differs);
  EXPECT_NEAR(*pair.memory_ratio, 0.4, 1e-9);
}

TEST(SummaryTest, GroupsAddUpToAllProblems) {
  const Summary summary = Summarize(SmallAndBig());
  ASSERT_FALSE(summary.accuracy.empty());
  EXPECT_EQ(summary.accuracy[0].by, "all");
  EXPECT_EQ(summary.accuracy[0].right[1].count, 25);
  for (const char* by : {"type", "level", "language"}) {
    int64_t right = 0, total = 0;
    for (const AccuracyGroup& group : summary.accuracy) {
      if (group.by != by) continue;
      right += group.right[1].count;
      total += group.right[1].total;
    }
    EXPECT_EQ(right, 25) << by;
    EXPECT_EQ(total, 60) << by;
  }
}

TEST(SummaryTest, WinnersNeedMoreThanChance) {
  const Summary apart = Summarize(SmallAndBig());
  EXPECT_EQ(apart.accuracy[0].winner, 1);
  EXPECT_EQ(FindRow(apart.speed, "tokens_per_s.prompts")->winner, 0);
  EXPECT_EQ(FindRow(apart.memory, "memory.after_load")->winner, 0);

  const Summary close =
      Summarize(MadeUpComparison({{.name = "x", .right = 20, .tokens_per_s = 100},
                                  {.name = "y", .right = 22, .tokens_per_s = 100.1}}));
  EXPECT_EQ(close.accuracy[0].winner, -1);
  EXPECT_FALSE(close.pairs[0].accuracy_differs);
  EXPECT_EQ(FindRow(close.speed, "tokens_per_s.prompts")->winner, -1);
  EXPECT_FALSE(close.pairs[0].speed_differs);
  EXPECT_EQ(FindRow(close.memory, "memory.after_load")->winner, -1);
}

TEST(SummaryTest, ThreeModelsAreCorrectedForThreePairs) {
  const Summary summary = Summarize(MadeUpComparison(
      {{.name = "x", .right = 10}, {.name = "y", .right = 17}, {.name = "z", .right = 40}}));
  ASSERT_EQ(summary.pairs.size(), 3u);
  // x-z has the least p: times three; then y-z: times two; x-y (7 against 0) as it is.
  EXPECT_NEAR(summary.pairs[1].adjusted_p, 3 * summary.pairs[1].p, 1e-15);
  EXPECT_NEAR(summary.pairs[2].adjusted_p, 2 * summary.pairs[2].p, 1e-15);
  EXPECT_NEAR(summary.pairs[0].adjusted_p, 2 * std::pow(0.5, 7), 1e-12);
}

TEST(SummaryTest, OnlyProblemsThatAllHaveAnsweredCount) {
  Comparison comparison = SmallAndBig();
  comparison.models[1].answers.resize(30);  // ended early
  const Summary summary = Summarize(comparison);
  EXPECT_EQ(summary.accuracy[0].right[0].total, 30);
  EXPECT_EQ(summary.accuracy[0].right[1].total, 30);
}

TEST(SummaryTest, AFailedThirdModelTakesNoProblemsAway) {
  Comparison comparison = MadeUpComparison(
      {{.name = "x", .right = 10}, {.name = "y", .right = 20}, {.name = "z", .right = 40}});
  comparison.models[1].answers.resize(3);
  comparison.models[1].failure = "gone";
  const Summary summary = Summarize(comparison);
  EXPECT_EQ(summary.accuracy[0].right[0].total, 60);
  EXPECT_EQ(summary.accuracy[0].right[1].total, 0);
  EXPECT_EQ(summary.accuracy[0].right[2].count, 40);
  EXPECT_EQ(summary.accuracy[0].winner, 2);
  EXPECT_TRUE(summary.pairs[1].accuracy_differs);  // x against z
  EXPECT_EQ(summary.pairs[0].p, 1);                // nothing to compare
}

TEST(SummaryTest, WhatWasNotMeasuredIsAbsent) {
  Comparison comparison = SmallAndBig();
  for (ModelRun& run : comparison.models) {
    run.answers.clear();
    run.lengths[0].samples.clear();
  }
  comparison.models[1].memory.reset();
  const Summary summary = Summarize(comparison);
  EXPECT_TRUE(summary.accuracy.empty());
  EXPECT_EQ(FindRow(summary.speed, "tokens_per_s.128/128"), nullptr);
  EXPECT_EQ(FindRow(summary.speed, "cold_start.cold"), nullptr);
  const FigureRow* memory = FindRow(summary.memory, "memory.after_load");
  ASSERT_NE(memory, nullptr);
  EXPECT_FALSE(memory->figures[1].has_value());
  EXPECT_EQ(memory->winner, -1);
}

TEST(SummaryTest, EveryVerdictIsCounted) {
  Comparison comparison = SmallAndBig();
  comparison.models[0].answers[59].graded.verdict = Verdict::kLooped;
  const Summary summary = Summarize(comparison);
  EXPECT_EQ(summary.verdicts[0][Verdict::kCorrect], 6);
  EXPECT_EQ(summary.verdicts[0][Verdict::kWrong], 53);
  EXPECT_EQ(summary.verdicts[0][Verdict::kLooped], 1);
}

}  // namespace
}  // namespace retort
