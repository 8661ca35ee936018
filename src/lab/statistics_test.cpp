#include "lab/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"

namespace retort {
namespace {

TEST(ProportionIntervals, AgreeWithStatsmodels) {
  struct Case {
    int64_t successes, trials;
    double wilson_low, wilson_high, exact_low, exact_high;
  };
  const Case cases[] = {
      {9, 30, 0.166647483, 0.478757875, 0.147345185, 0.493959041},
      {16, 30, 0.361422996, 0.697676111, 0.343255238, 0.716581921},
      {0, 30, 0.000000000, 0.113513393, 0.000000000, 0.115703308},
      {30, 30, 0.886486607, 1.000000000, 0.884296692, 1.000000000},
      {420, 500, 0.805291821, 0.869523628, 0.804871978, 0.871044145},
      {67, 198, 0.276111713, 0.406807740, 0.272827446, 0.408863428},
      {137, 164, 0.771063190, 0.884317196, 0.769579584, 0.888613405},
      {1, 3, 0.061491945, 0.792340399, 0.008403759, 0.905700676},
      {1500, 3000, 0.482119503, 0.517880497, 0.481948769, 0.518051231},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << c.successes << "/" << c.trials);
    const Interval wilson = WilsonInterval(c.successes, c.trials);
    EXPECT_NEAR(wilson.low, c.wilson_low, 1e-8);
    EXPECT_NEAR(wilson.high, c.wilson_high, 1e-8);
    const Interval exact = ClopperPearsonInterval(c.successes, c.trials);
    EXPECT_NEAR(exact.low, c.exact_low, 1e-8);
    EXPECT_NEAR(exact.high, c.exact_high, 1e-8);
  }
}

TEST(ProportionIntervals, FollowTheConfidenceAndKnowNothingFromNothing) {
  EXPECT_NEAR(WilsonInterval(9, 30, 0.99).high, 0.534577042, 1e-8);
  EXPECT_NEAR(ClopperPearsonInterval(9, 30, 0.99).low, 0.114202979, 1e-8);
  EXPECT_EQ(WilsonInterval(0, 0).high, 1);
  EXPECT_EQ(ClopperPearsonInterval(0, 0).low, 0);
  EXPECT_EQ(ClopperPearsonInterval(0, 0).high, 1);
}

TEST(McNemar, AgreesWithStatsmodels) {
  struct Case {
    int64_t only_first, only_second;
    double exact, mid;
  };
  const Case cases[] = {
      {1, 8, 0.039062500, 0.021484375},     {3, 10, 0.092285156, 0.057373047},
      {12, 25, 0.047031027, 0.033552440},   {40, 60, 0.056887934, 0.046044067},
      {0, 5, 0.062500000, 0.031250000},     {7, 7, 1.000000000, 0.895263672},
      {300, 350, 0.054529942, 0.049952778}, {0, 0, 1, 1},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << c.only_first << " vs " << c.only_second);
    EXPECT_NEAR(McNemarExact(c.only_first, c.only_second), c.exact, 1e-8);
    EXPECT_NEAR(McNemarExact(c.only_second, c.only_first), c.exact, 1e-8);
    EXPECT_NEAR(McNemarMidP(c.only_first, c.only_second), c.mid, 1e-8);
  }
}

TEST(PairedDifference, AgreesWithPublishedAndRecomputedValues) {
  struct Case {
    PairedCounts counts;
    double estimate, low, high, tolerance;
  };
  const Case cases[] = {
      // Altman, Machin, Bryant, Gardner, "Statistics with Confidence" (2000), p. 52, printed to
      // three decimals.
      {{14, 5, 0, 22}, 5.0 / 41, 0.011, 0.226, 5e-4},
      // Recomputed in Python on statsmodels' Wilson intervals; phi negative, positive, zero.
      {{36, 12, 2, 0}, 0.2, 0.056929584, 0.340427603, 1e-8},
      {{20, 12, 2, 16}, 0.2, 0.056156425, 0.329206995, 1e-8},
      {{36, 14, 0, 0}, 0.28, 0.152839518, 0.416651237, 1e-8},
      {{212, 144, 256, 707}, -112.0 / 1319, -0.114191533, -0.055433473, 1e-8},
      {{15, 0, 0, 15}, 0, -0.061512436, 0.061512436, 1e-8},
      {{0, 0, 0, 0}, 0, -1, 1, 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << c.counts.both << " " << c.counts.only_first);
    const Difference difference = PairedDifference(c.counts);
    EXPECT_NEAR(difference.estimate, c.estimate, 1e-12);
    EXPECT_NEAR(difference.interval.low, c.low, c.tolerance);
    EXPECT_NEAR(difference.interval.high, c.high, c.tolerance);
  }
}

// Draws paired outcomes of known shares and counts how often the interval holds the truth.
TEST(PairedDifference, CoversTheTruthAboutAsOftenAsItSays) {
  struct Truth {
    double both, only_first, only_second;
  };
  for (const Truth& truth :
       {Truth{0.3, 0.15, 0.05}, Truth{0.02, 0.2, 0.01}, Truth{0.8, 0.1, 0.1}}) {
    Rng rng(7);
    int covered = 0;
    constexpr int kTrials = 3000;
    for (int trial = 0; trial < kTrials; ++trial) {
      PairedCounts counts;
      for (int i = 0; i < 60; ++i) {
        const double u = rng.Uniform();
        if (u < truth.both) {
          ++counts.both;
        } else if (u < truth.both + truth.only_first) {
          ++counts.only_first;
        } else if (u < truth.both + truth.only_first + truth.only_second) {
          ++counts.only_second;
        } else {
          ++counts.neither;
        }
      }
      const Interval interval = PairedDifference(counts).interval;
      const double difference = truth.only_first - truth.only_second;
      if (interval.low <= difference && difference <= interval.high) ++covered;
    }
    EXPECT_GT(covered, 0.935 * kTrials);
    EXPECT_LT(covered, 0.985 * kTrials);
  }
}

TEST(Quantiles, AgreeWithNumpy) {
  const double sample[] = {3.5, 1, 4, 1.5, 9, 2.6};
  EXPECT_DOUBLE_EQ(Mean(sample), 3.6);
  EXPECT_NEAR(StandardDeviation(sample), 2.8809720581775866, 1e-12);
  EXPECT_DOUBLE_EQ(Median(sample), 3.05);
  EXPECT_DOUBLE_EQ(Quantile(sample, 0), 1.0);
  EXPECT_NEAR(Quantile(sample, 0.1), 1.25, 1e-12);
  EXPECT_NEAR(Quantile(sample, 0.25), 1.775, 1e-12);
  EXPECT_NEAR(Quantile(sample, 0.95), 7.75, 1e-12);
  EXPECT_DOUBLE_EQ(Quantile(sample, 1), 9.0);
  const double one[] = {5};
  EXPECT_EQ(StandardDeviation(one), 0);
  EXPECT_EQ(Quantile(one, 0.9), 5);
}

TEST(NormalQuantile, AgreesWithScipy) {
  EXPECT_NEAR(NormalQuantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.001), -3.090232306167813, 1e-12);
  EXPECT_NEAR(NormalQuantile(1e-9), -5.9978070150076865, 1e-9);
}

TEST(Bootstrap, IsSeededAndNarrowsWithTheSample) {
  std::vector<double> small;
  std::vector<double> large;
  Rng rng(3);
  for (int i = 0; i < 400; ++i) {
    const double value = 10 + rng.Uniform();
    if (i < 20) small.push_back(value);
    large.push_back(value);
  }
  const Estimate first = BootstrapMedian(small, 1);
  EXPECT_EQ(first.interval.low, BootstrapMedian(small, 1).interval.low);
  EXPECT_EQ(first.value, Median(small));
  EXPECT_LE(first.interval.low, first.value);
  EXPECT_GE(first.interval.high, first.value);
  const Estimate second = BootstrapMedian(large, 1);
  EXPECT_LT(second.interval.high - second.interval.low, first.interval.high - first.interval.low);
  // The median of a uniform sample of 400 has a standard error of 1 / (2 sqrt 400) = 0.025.
  EXPECT_NEAR(second.interval.high - second.interval.low, 2 * 1.96 * 0.025, 0.03);
}

TEST(Bootstrap, RatioOfMediansHoldsTheTruthAboutAsOftenAsItSays) {
  int covered = 0;
  constexpr int kTrials = 300;
  for (uint64_t trial = 0; trial < kTrials; ++trial) {
    Rng rng(100 + trial);
    std::vector<double> slow;
    std::vector<double> fast;
    for (int i = 0; i < 25; ++i) {
      slow.push_back(3 + rng.Uniform());
      fast.push_back(1.5 + 0.5 * rng.Uniform());
    }
    const Estimate ratio = BootstrapMedianRatio(slow, fast, trial, 300);
    EXPECT_DOUBLE_EQ(ratio.value, Median(slow) / Median(fast));
    if (ratio.interval.low <= 2 && 2 <= ratio.interval.high) ++covered;
  }
  EXPECT_GT(covered, 0.9 * kTrials);
}

}  // namespace
}  // namespace retort
