// Statistics of a comparison: proportions with intervals, paired tests, quantiles, bootstrap.
//
//   Interval i = WilsonInterval(9, 30);                 // [0.1666, 0.4788]
//   double p = McNemarExact(/*only_first=*/1, /*only_second=*/8);     // 0.0391
//   PairedDifference({.both = 20, .only_first = 8, .only_second = 1, .neither = 1});
//
// Errors: RETORT_CHECK on arguments that no data can give (successes > trials, empty samples).
// Stateless and thread-safe; the bootstrap is a function of its seed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace retort {

struct Interval {
  double low = 0;
  double high = 0;
};

// Of a proportion; trials = 0 gives [0, 1].
// Wilson (1927): the score interval, our default.
Interval WilsonInterval(int64_t successes, int64_t trials, double confidence = 0.95);
// Clopper and Pearson (1934): never covers less than it says.
Interval ClopperPearsonInterval(int64_t successes, int64_t trials, double confidence = 0.95);

// McNemar's test on the problems that only one of two models got right; two-sided.
// Exact binomial, and with the mid-p correction (half the weight of the observed split).
double McNemarExact(int64_t only_first, int64_t only_second);
double McNemarMidP(int64_t only_first, int64_t only_second);

struct PairedCounts {
  int64_t both = 0;
  int64_t only_first = 0;
  int64_t only_second = 0;
  int64_t neither = 0;
};

struct Difference {
  double estimate = 0;  // share right of the first minus share right of the second
  Interval interval;
};

// Newcombe (1998, Statistics in Medicine 17:2635-2650), method 10: Wilson intervals of the two
// shares, combined under their correlation. Keeps its coverage for small samples and shares near 0
// and 1, where the usual Wald interval fails. No problems at all gives 0 in [-1, 1].
Difference PairedDifference(const PairedCounts& counts, double confidence = 0.95);

double Mean(std::span<const double> sample);
// Of the sample, divisor n - 1; 0 for one value.
double StandardDeviation(std::span<const double> sample);
// Linear interpolation between order statistics (R's type 7, NumPy's default); 0 <= q <= 1.
double Quantile(std::span<const double> sample, double q);
double Median(std::span<const double> sample);

struct Estimate {
  double value = 0;
  Interval interval;
};

// Percentile bootstrap.
Estimate BootstrapMedian(std::span<const double> sample, uint64_t seed, int resamples = 2000,
                         double confidence = 0.95);
// median(first) / median(second) of two independent samples.
Estimate BootstrapMedianRatio(std::span<const double> first, std::span<const double> second,
                              uint64_t seed, int resamples = 2000, double confidence = 0.95);

// Inverse of the standard normal distribution function, 0 < p < 1.
double NormalQuantile(double p);

}  // namespace retort
