#include "lab/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/rng.h"

namespace retort {
namespace {

// Root of a monotonic function with a sign change in [low, high], to the last bits of a double.
template <typename Function>
double Bisect(double low, double high, const Function& function) {
  const bool rising = function(high) > 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    if ((function(middle) > 0) == rising) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return 0.5 * (low + high);
}

// log(0!), ..., log(n!). Not std::lgamma, which writes a global.
std::vector<double> LogFactorials(int64_t n) {
  std::vector<double> log_factorial(static_cast<size_t>(n) + 1, 0.0);
  for (size_t i = 1; i < log_factorial.size(); ++i) {
    log_factorial[i] = log_factorial[i - 1] + std::log(static_cast<double>(i));
  }
  return log_factorial;
}

class Binomial {
 public:
  explicit Binomial(int64_t trials) : trials_(trials), log_factorial_(LogFactorials(trials)) {}

  // P(X = k) for 0 < p < 1.
  double Probability(int64_t k, double p) const {
    const auto log_choose = log_factorial_[static_cast<size_t>(trials_)] -
                            log_factorial_[static_cast<size_t>(k)] -
                            log_factorial_[static_cast<size_t>(trials_ - k)];
    return std::exp(log_choose + static_cast<double>(k) * std::log(p) +
                    static_cast<double>(trials_ - k) * std::log1p(-p));
  }

  // P(X <= k)
  double AtMost(int64_t k, double p) const {
    double sum = 0;
    for (int64_t i = 0; i <= k; ++i) sum += Probability(i, p);
    return std::min(sum, 1.0);
  }

 private:
  int64_t trials_;
  std::vector<double> log_factorial_;
};

double TwoSidedQuantile(double confidence) { return NormalQuantile(0.5 + 0.5 * confidence); }

// Correlation of two paired outcomes, the numerator reduced towards 0 as method 10 prescribes.
double CorrectedPhi(const PairedCounts& counts, double n) {
  const auto a = static_cast<double>(counts.both);
  const auto b = static_cast<double>(counts.only_first);
  const auto c = static_cast<double>(counts.only_second);
  const auto d = static_cast<double>(counts.neither);
  const double margins = (a + b) * (c + d) * (a + c) * (b + d);
  if (margins == 0) return 0;
  double numerator = a * d - b * c;
  if (numerator > 0) numerator = std::max(numerator - n / 2, 0.0);
  return numerator / std::sqrt(margins);
}

std::vector<double> Sorted(std::span<const double> sample) {
  std::vector<double> sorted(sample.begin(), sample.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

double QuantileOfSorted(std::span<const double> sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double share = position - static_cast<double>(below);
  return sorted[below] + share * (sorted[above] - sorted[below]);
}

double MedianOfResample(std::span<const double> sample, Rng& rng, std::vector<double>& scratch) {
  scratch.clear();
  const auto last = static_cast<int64_t>(sample.size()) - 1;
  for (size_t i = 0; i < sample.size(); ++i) {
    scratch.push_back(sample[static_cast<size_t>(rng.Int(0, last))]);
  }
  std::sort(scratch.begin(), scratch.end());
  return QuantileOfSorted(scratch, 0.5);
}

Interval PercentileInterval(std::vector<double> resampled, double confidence) {
  std::sort(resampled.begin(), resampled.end());
  const double tail = 0.5 * (1 - confidence);
  return {QuantileOfSorted(resampled, tail), QuantileOfSorted(resampled, 1 - tail)};
}

}  // namespace

double NormalQuantile(double p) {
  RETORT_CHECK(p > 0 && p < 1);
  return Bisect(-40, 40, [p](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)) - p; });
}

Interval WilsonInterval(int64_t successes, int64_t trials, double confidence) {
  RETORT_CHECK(successes >= 0 && successes <= trials);
  if (trials == 0) return {0, 1};
  const double z = TwoSidedQuantile(confidence);
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double scale = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / scale;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale;
  // The ends are exact at 0 and 1, where rounding would leave a residue.
  return {successes == 0 ? 0 : std::max(0.0, centre - half),
          successes == trials ? 1 : std::min(1.0, centre + half)};
}

Interval ClopperPearsonInterval(int64_t successes, int64_t trials, double confidence) {
  RETORT_CHECK(successes >= 0 && successes <= trials);
  const Binomial binomial(trials);
  const double tail = 0.5 * (1 - confidence);
  Interval interval{0, 1};
  if (successes > 0) {
    interval.low = Bisect(0, 1, [&](double p) {
      return p > 0 && (p >= 1 || 1 - binomial.AtMost(successes - 1, p) > tail) ? 1.0 : -1.0;
    });
  }
  if (successes < trials) {
    interval.high = Bisect(0, 1, [&](double p) {
      return p > 0 && (p >= 1 || binomial.AtMost(successes, p) < tail) ? 1.0 : -1.0;
    });
  }
  return interval;
}

double McNemarExact(int64_t only_first, int64_t only_second) {
  RETORT_CHECK(only_first >= 0 && only_second >= 0);
  const Binomial binomial(only_first + only_second);
  return std::min(1.0, 2 * binomial.AtMost(std::min(only_first, only_second), 0.5));
}

double McNemarMidP(int64_t only_first, int64_t only_second) {
  RETORT_CHECK(only_first >= 0 && only_second >= 0);
  if (only_first + only_second == 0) return 1;
  const Binomial binomial(only_first + only_second);
  const int64_t smaller = std::min(only_first, only_second);
  // Both tails hold the centre: count half of it once.
  if (only_first == only_second) return 1 - 0.5 * binomial.Probability(smaller, 0.5);
  return 2 * binomial.AtMost(smaller, 0.5) - binomial.Probability(smaller, 0.5);
}

Difference PairedDifference(const PairedCounts& counts, double confidence) {
  const int64_t n = counts.both + counts.only_first + counts.only_second + counts.neither;
  RETORT_CHECK(std::min({counts.both, counts.only_first, counts.only_second, counts.neither}) >= 0);
  if (n == 0) return {0, {-1, 1}};
  const auto trials = static_cast<double>(n);
  const int64_t right1 = counts.both + counts.only_first;
  const int64_t right2 = counts.both + counts.only_second;
  const double p1 = static_cast<double>(right1) / trials;
  const double p2 = static_cast<double>(right2) / trials;
  const Interval i1 = WilsonInterval(right1, n, confidence);
  const Interval i2 = WilsonInterval(right2, n, confidence);
  const double phi = CorrectedPhi(counts, trials);
  const auto combine = [phi](double x, double y) {
    return std::sqrt(std::max(0.0, x * x - 2 * phi * x * y + y * y));
  };
  const double estimate = p1 - p2;
  return {estimate,
          {estimate - combine(p1 - i1.low, i2.high - p2),
           estimate + combine(p2 - i2.low, i1.high - p1)}};
}

double Mean(std::span<const double> sample) {
  RETORT_CHECK(!sample.empty());
  return std::accumulate(sample.begin(), sample.end(), 0.0) / static_cast<double>(sample.size());
}

double StandardDeviation(std::span<const double> sample) {
  const double mean = Mean(sample);
  if (sample.size() == 1) return 0;
  double squares = 0;
  for (const double value : sample) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(sample.size() - 1));
}

double Quantile(std::span<const double> sample, double q) {
  RETORT_CHECK(!sample.empty() && q >= 0 && q <= 1);
  return QuantileOfSorted(Sorted(sample), q);
}

double Median(std::span<const double> sample) { return Quantile(sample, 0.5); }

Estimate BootstrapMedian(std::span<const double> sample, uint64_t seed, int resamples,
                         double confidence) {
  RETORT_CHECK(resamples > 0);
  Estimate estimate{Median(sample), {}};
  Rng rng(seed);
  std::vector<double> scratch;
  std::vector<double> medians;
  for (int i = 0; i < resamples; ++i) medians.push_back(MedianOfResample(sample, rng, scratch));
  estimate.interval = PercentileInterval(std::move(medians), confidence);
  return estimate;
}

Estimate BootstrapMedianRatio(std::span<const double> first, std::span<const double> second,
                              uint64_t seed, int resamples, double confidence) {
  RETORT_CHECK(resamples > 0);
  Estimate estimate{Median(first) / Median(second), {}};
  Rng rng(seed);
  std::vector<double> scratch;
  std::vector<double> ratios;
  for (int i = 0; i < resamples; ++i) {
    const double numerator = MedianOfResample(first, rng, scratch);
    ratios.push_back(numerator / MedianOfResample(second, rng, scratch));
  }
  estimate.interval = PercentileInterval(std::move(ratios), confidence);
  return estimate;
}

}  // namespace retort
