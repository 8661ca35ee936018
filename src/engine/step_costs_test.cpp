#include "engine/step_costs.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace retort {
namespace {

double Ratio(const StepCosts& costs, int32_t rows, int32_t of) {
  return costs.Of(rows) / costs.Of(of);
}

TEST(StepCosts, AssumesCheapRowsUntilItKnows) {
  StepCosts costs;
  EXPECT_EQ(costs.SecondsOf(1), 0);
  EXPECT_DOUBLE_EQ(Ratio(costs, 2, 1), 1.25);
  costs.Learn(1, 0.03);
  EXPECT_DOUBLE_EQ(costs.SecondsOf(1), 0.03);
  EXPECT_DOUBLE_EQ(costs.SecondsOf(5), 0.06);
  costs.Learn(1, 0);
  EXPECT_DOUBLE_EQ(costs.SecondsOf(1), 0.03);
}

TEST(StepCosts, LearnsWhatIsMeasuredAndDrawsLinesBetween) {
  StepCosts costs;
  for (int i = 0; i < 100; ++i) {
    for (const int32_t rows : {1, 2, 6}) costs.Learn(rows, 0.010 + 0.002 * rows);
  }
  for (const int32_t rows : {2, 3, 4, 5, 6}) {
    EXPECT_NEAR(Ratio(costs, rows, 1), (10 + 2.0 * rows) / 12, 0.01) << rows;
  }
  EXPECT_GT(Ratio(costs, 7, 6), 1.05);
  EXPECT_FALSE(costs.Knows(3));
}

// Rows that were measured at another pace stay comparable.
TEST(StepCosts, APaceThatChangesLeavesRatiosAsTheyAre) {
  StepCosts costs;
  for (int i = 0; i < 100; ++i) {
    costs.Learn(1, 0.010);
    costs.Learn(2, 0.015);
  }
  for (int i = 0; i < 100; ++i) costs.Learn(1, 0.020);
  EXPECT_NEAR(costs.SecondsOf(1), 0.020, 0.0001);
  EXPECT_NEAR(Ratio(costs, 2, 1), 1.5, 0.1);
}

TEST(StepCosts, ForgetsWhatWasNotMeasuredLaterAndLater) {
  StepCosts costs;
  costs.Learn(1, 0.010);
  for (int64_t life = StepCosts::kFirstLife; life < 2000; life *= 2) {
    costs.Learn(2, 0.030);
    for (int64_t i = 0; i < life; ++i) {
      ASSERT_NEAR(Ratio(costs, 2, 1), 3, 0.01);
      costs.Learn(1, 0.010);
    }
    costs.Learn(1, 0.010);
    ASSERT_FALSE(costs.Knows(2));
    ASSERT_NEAR(Ratio(costs, 2, 1), 1.25, 0.01);
  }
  costs.Learn(2, 0.012);
  for (int64_t i = 0; i <= StepCosts::kFirstLife; ++i) costs.Learn(1, 0.010);
  EXPECT_FALSE(costs.Knows(2)) << "it had changed";
}

TEST(StepCosts, NoiseAndStallsMoveLittle) {
  StepCosts costs;
  Rng rng(1);
  for (int i = 0; i < 3000; ++i) {
    const int32_t rows = 1 + i % 2;
    const double noise = i % 100 == 50 ? 10 : 0.9 + 0.2 * rng.Uniform();
    costs.Learn(rows, 0.010 * (rows == 1 ? 1 : 1.3) * noise);
  }
  EXPECT_NEAR(Ratio(costs, 2, 1), 1.3, 0.06);
}

}  // namespace
}  // namespace retort
