#include "engine/step_pacer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"

namespace retort {
namespace {

// What steps of `rows` take after some, if they take as long as `seconds_of` says.
template <class SecondsOf>
double LongestOf(StepPacer& pacer, int steps, const SecondsOf& seconds_of) {
  double longest = 0;
  for (int step = 0; step < steps; ++step) {
    const int32_t rows = pacer.PromptRows();
    const double seconds = seconds_of(rows);
    pacer.Record(rows, seconds);
    longest = std::max(longest, seconds);
  }
  return longest;
}

TEST(StepPacer, WithoutALimitThereIsNone) {
  StepPacer pacer(0);
  pacer.Record(100, 50);
  EXPECT_EQ(pacer.PromptRows(), StepPacer::kAllRows);
}

TEST(StepPacer, BeginsWithTheFewest) {
  EXPECT_EQ(StepPacer(0.1).PromptRows(), StepPacer::kFewestRows);
}

TEST(StepPacer, FillsTheTimeThatAnswersLeave) {
  StepPacer pacer(0.1);
  pacer.Record(256, 0.256);
  EXPECT_EQ(pacer.PromptRows(), 96);
  pacer.Record(0, 0.02);
  EXPECT_EQ(pacer.PromptRows(), 80);
}

// What a chunk costs beyond its rows is not told apart from them, and need not be.
TEST(StepPacer, SettlesOnWhatFitsWhateverTheCurve) {
  const auto with_overhead = [](int32_t rows) { return 0.01 + 0.03 + 0.0005 * rows; };
  int32_t at = 0;
  const auto deeper = [&at](int32_t rows) {
    at += rows;
    return 0.01 + rows * (0.0005 + 1e-6 * at);
  };
  StepPacer pacer(0.1);
  pacer.Record(0, 0.01);
  LongestOf(pacer, 20, with_overhead);
  EXPECT_GE(pacer.PromptRows(), 96);  // 0.088 s
  EXPECT_LT(LongestOf(pacer, 50, with_overhead), 0.1);
  EXPECT_LT(LongestOf(pacer, 50, deeper), 0.12);
}

TEST(StepPacer, AHeldUpStepCostsLittle) {
  StepPacer pacer(0.1);
  pacer.Record(256, 0.256);
  pacer.Record(0, 0.02);
  const int32_t before = pacer.PromptRows();
  pacer.Record(0, 0.06);
  EXPECT_GE(pacer.PromptRows(), before - StepPacer::kFewestRows);
  pacer.Record(80, 0.5);  // somebody else had the machine
  EXPECT_LT(pacer.PromptRows(), before);
  LongestOf(pacer, 8, [](int32_t rows) { return 0.02 + 0.001 * rows; });
  EXPECT_GE(pacer.PromptRows(), before - StepPacer::kFewestRows);
}

TEST(StepPacer, ALuckyMeasurementIsNotTrusted) {
  StepPacer pacer(0.1);
  pacer.Record(0, 0.08);
  pacer.Record(16, 0.05);  // rows that cost less than nothing
  EXPECT_LE(pacer.PromptRows(), 32);
}

TEST(StepPacer, FewRowsAtTheEndOfAPromptSayNothing) {
  StepPacer pacer(0.1);
  pacer.Record(256, 0.256);
  const int32_t before = pacer.PromptRows();
  pacer.Record(1, 0.05);
  EXPECT_EQ(pacer.PromptRows(), before);
}

TEST(StepPacer, SlowAnswersDoNotStarveAPrompt) {
  StepPacer pacer(0.1);
  pacer.Record(256, 0.256);
  pacer.Record(0, 0.15);
  EXPECT_EQ(pacer.PromptRows(), 144);
}

TEST(StepPacer, HoldsUnderNoise) {
  Rng rng(1);
  StepPacer pacer(0.1);
  pacer.Record(256, 0.256);
  int over = 0;
  for (int step = 0; step < 2000; ++step) {
    const int32_t rows = step % 20 == 0 ? 0 : pacer.PromptRows();
    const double seconds = (0.02 + 0.001 * rows) * (1 + 0.3 * rng.Uniform());
    pacer.Record(rows, seconds);
    over += seconds > 0.12 ? 1 : 0;
  }
  EXPECT_LT(over, 100);
}

}  // namespace
}  // namespace retort
