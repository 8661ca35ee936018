#include "engine/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "base/rng.h"

namespace retort {
namespace {

// Logits like a model's: most near 0, a few far above.
std::vector<float> RandomLogits(size_t size, uint64_t seed, double spread) {
  Rng rng(seed);
  std::vector<float> logits(size);
  for (float& logit : logits) {
    const double u = std::max(rng.Uniform(), 1e-12);
    logit = static_cast<float>(spread * (-std::log(u) - 1));
  }
  return logits;
}

// The plain way: probabilities in double, a full sort. Returns the kept probabilities by id, and
// how close a decision of top-p was to falling the other way.
struct Reference {
  std::vector<double> probabilities;
  double margin = 1;
};

Reference PlainProbabilities(std::vector<float> logits, const SamplingParams& params) {
  const size_t size = logits.size();
  std::vector<double> p(size);
  const double greatest = *std::max_element(logits.begin(), logits.end());
  for (size_t i = 0; i < size; ++i) p[i] = std::exp((logits[i] - greatest) / params.temperature);
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] > p[b]; });
  size_t keep = size;
  if (params.top_k > 0) keep = std::min(keep, static_cast<size_t>(params.top_k));
  double total = 0;
  for (size_t i = 0; i < keep; ++i) total += p[order[i]];
  Reference result;
  if (params.top_p < 1) {
    double mass = 0;
    size_t n = 0;
    while (n < keep && mass < params.top_p * total) {
      mass += p[order[n++]];
      result.margin = std::min(result.margin, std::abs(mass / total - params.top_p));
    }
    keep = n;
  }
  result.probabilities.assign(size, 0);
  double kept = 0;
  for (size_t i = 0; i < keep; ++i) {
    if (p[order[i]] < params.min_p) continue;
    result.probabilities[order[i]] = p[order[i]];
    kept += p[order[i]];
  }
  for (double& probability : result.probabilities) probability /= kept;
  return result;
}

// The reference's draw; the margin shrinks with the distance of the draw to the next token.
int32_t PlainDraw(Reference& reference, double uniform) {
  double sum = 0;
  int32_t drawn = -1;
  for (size_t i = 0; i < reference.probabilities.size(); ++i) {
    if (reference.probabilities[i] == 0) continue;
    sum += reference.probabilities[i];
    reference.margin = std::min(reference.margin, std::abs(sum - uniform));
    if (drawn < 0 && uniform < sum) drawn = static_cast<int32_t>(i);
  }
  return drawn;
}

std::vector<SamplingParams> Settings() {
  return {
      {.temperature = 1},
      {.temperature = 0.6, .top_p = 0.95},
      {.temperature = 1, .top_k = 1},
      {.temperature = 1.5, .top_k = 40},
      {.temperature = 1, .top_p = 0.5},
      {.temperature = 0.8, .top_k = 50, .top_p = 0.9},
      {.temperature = 1, .min_p = 0.05},
      {.temperature = 2, .top_k = 1000, .top_p = 0.99, .min_p = 0.01},
      {.temperature = 0.05, .top_p = 0.9},
      {.temperature = 50, .top_p = 0.97},
  };
}

TEST(Sampler, AgreesWithAPlainImplementation) {
  Sampler sampler;
  int compared = 0;
  for (const SamplingParams& settings : Settings()) {
    for (size_t size : {1u, 2u, 50u, 1023u, 1025u, 32000u}) {
      for (uint64_t seed = 0; seed < 12; ++seed) {
        SamplingParams params = settings;
        params.seed = seed;
        const auto logits = RandomLogits(size, seed * 1000 + size, seed % 2 == 0 ? 1.0 : 3.0);
        Reference reference = PlainProbabilities(logits, params);
        const int32_t expected = PlainDraw(reference, RandomUniform(seed, 3));
        if (reference.margin < 1e-6) continue;  // rounding may decide either way
        ++compared;
        EXPECT_EQ(sampler.Sample(logits, params, {}, 3), expected)
            << "size " << size << " seed " << seed << " temperature " << params.temperature;
      }
    }
  }
  EXPECT_GT(compared, 550);
}

TEST(Sampler, AgreesOnAWholeVocabulary) {
  Sampler sampler;
  const auto logits = RandomLogits(151936, 5, 1.5);
  for (SamplingParams params : Settings()) {
    Reference reference = PlainProbabilities(logits, params);
    const int32_t expected = PlainDraw(reference, RandomUniform(params.seed, 0));
    if (reference.margin < 1e-7) continue;
    EXPECT_EQ(sampler.Sample(logits, params, {}, 0), expected) << params.temperature;
  }
}

// Chi-square of `draws` draws against the expected probabilities; in units of its own spread.
double ChiSquareDeviation(const std::vector<float>& logits, SamplingParams params, int draws) {
  Sampler sampler;
  std::vector<double> counts(logits.size(), 0);
  for (int i = 0; i < draws; ++i) {
    const int32_t token = sampler.Sample(logits, params, {}, static_cast<uint64_t>(i));
    counts[static_cast<size_t>(token)] += 1;
  }
  const Reference reference = PlainProbabilities(logits, params);
  double chi_square = 0;
  int cells = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = reference.probabilities[i] * draws;
    if (expected == 0) {
      EXPECT_EQ(counts[i], 0) << "token " << i << " was filtered out";
      continue;
    }
    chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
    ++cells;
  }
  const double degrees = cells - 1;
  return (chi_square - degrees) / std::sqrt(2 * degrees);
}

TEST(Sampler, DrawsWithTheRightFrequencies) {
  const auto logits = RandomLogits(60, 2, 1.0);
  for (uint64_t seed : {1u, 2u, 3u}) {
    for (SamplingParams params :
         {SamplingParams{.temperature = 1}, SamplingParams{.temperature = 0.6, .top_p = 0.95},
          SamplingParams{.temperature = 1.3, .top_k = 20},
          SamplingParams{.temperature = 1, .min_p = 0.02}}) {
      params.seed = seed;
      EXPECT_LT(std::abs(ChiSquareDeviation(logits, params, 100000)), 4.5)
          << "seed " << seed << " temperature " << params.temperature;
    }
  }
}

TEST(Sampler, GreedyTakesTheLowestOfEquals) {
  Sampler sampler;
  std::vector<float> logits(100, -1.0f);
  logits[40] = logits[17] = logits[99] = 2.5f;
  EXPECT_EQ(sampler.Sample(logits, {}, {}, 0), 17);
  EXPECT_EQ(Argmax(logits), 17);
}

TEST(Sampler, KeepsTheLowestIdsOfEqualProbabilities) {
  Sampler sampler;
  const std::vector<float> logits(1000, 0.0f);
  for (uint64_t i = 0; i < 200; ++i) {
    EXPECT_LT(sampler.Sample(logits, {.temperature = 1, .top_k = 3}, {}, i), 3);
    EXPECT_LT(sampler.Sample(logits, {.temperature = 1, .top_p = 0.0995}, {}, i), 100);
  }
}

TEST(Sampler, ADrawDependsOnSeedAndIndexAlone) {
  const auto logits = RandomLogits(500, 1, 1.0);
  const SamplingParams params{.temperature = 1, .seed = 9};
  Sampler fresh;
  Sampler used;
  used.Sample(RandomLogits(900, 2, 1.0), {.temperature = 1, .top_p = 0.3}, {}, 0);
  EXPECT_EQ(fresh.Sample(logits, params, {}, 4), used.Sample(logits, params, {}, 4));
}

TEST(Sampler, RepetitionPenaltyDividesAboveZeroAndMultipliesBelow) {
  Sampler sampler;
  TokenHistory history;
  history.AddPrompt(std::vector<int32_t>{0, 2, 500});  // 500 lies outside these logits
  const SamplingParams params{.repetition_penalty = 2};
  EXPECT_EQ(sampler.Sample(std::vector<float>{4, 3, -8}, params, history, 0), 1);   // 2, 3, -16
  EXPECT_EQ(sampler.Sample(std::vector<float>{-1, -1.5f}, params, history, 0), 1);  // -2, -1.5
}

TEST(Sampler, PresenceAndFrequencyCountGeneratedTokensOnly) {
  Sampler sampler;
  TokenHistory history;
  history.AddPrompt(std::vector<int32_t>{0, 0});
  history.AddGenerated(1);
  history.AddGenerated(1);
  const std::vector<float> logits = {2, 3, 2.5f};
  EXPECT_EQ(sampler.Sample(logits, {.presence_penalty = 0.4}, history, 0), 1);    // 2.6
  EXPECT_EQ(sampler.Sample(logits, {.presence_penalty = 0.6}, history, 0), 2);    // 2.4
  EXPECT_EQ(sampler.Sample(logits, {.frequency_penalty = 0.2}, history, 0), 1);   // 2.6
  EXPECT_EQ(sampler.Sample(logits, {.frequency_penalty = 0.3}, history, 0), 2);   // 2.4
  EXPECT_EQ(sampler.Sample(logits, {.frequency_penalty = -2.0}, history, 0), 1);  // 7
}

TEST(Sampler, IgnoresImpossibleTokensAndRefusesBrokenLogits) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  Sampler sampler;
  const SamplingParams random{.temperature = 1};
  for (uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(sampler.Sample(std::vector<float>{-kInf, 1, -kInf}, random, {}, i), 1);
  }
  for (const SamplingParams& params : {SamplingParams{}, random}) {
    EXPECT_THROW(sampler.Sample(std::vector<float>{kNan, kNan}, params, {}, 0), Error);
    EXPECT_THROW(sampler.Sample(std::vector<float>{-kInf, -kInf}, params, {}, 0), Error);
    EXPECT_THROW(sampler.Sample(std::vector<float>{0, kInf}, params, {}, 0), Error);
  }
  EXPECT_THROW(sampler.Sample(std::vector<float>{0, kNan, 1}, random, {}, 0), Error);
}

TEST(Sampler, TinyTemperaturesAreGreedy) {
  Sampler sampler;
  const auto logits = RandomLogits(3000, 8, 2.0);
  for (double temperature : {1e-5, 1e-30, 1e-300}) {
    EXPECT_EQ(sampler.Sample(logits, {.temperature = temperature}, {}, 0), Argmax(logits));
  }
}

TEST(FastExp, IsCloseToExp) {
  EXPECT_EQ(FastExp(0), 1.0f);
  double worst = 0;
  for (float x = 0; x > -86.9f; x -= 0.00137f) {
    const double exact = std::exp(static_cast<double>(x));
    worst = std::max(worst, std::abs(static_cast<double>(FastExp(x)) - exact) / exact);
  }
  EXPECT_LT(worst, 3e-7);
  EXPECT_EQ(FastExp(-87.8f), 0.0f);
  EXPECT_EQ(FastExp(-88.0f), 0.0f);
}

TEST(SamplingParams, ValidateNamesFieldValueAndRange) {
  SamplingParams{.temperature = 0.6, .top_p = 0.95}.Validate();
  const auto message = [](const SamplingParams& params) -> std::string {
    try {
      params.Validate();
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message({.top_p = 1.5}), "top_p is 1.5; it must be above 0 and at most 1");
  EXPECT_EQ(message({.temperature = -1}), "temperature is -1; it must be at least 0");
  EXPECT_EQ(message({.temperature = std::nan("")}), "temperature is nan; it must be at least 0");
  EXPECT_EQ(message({.top_k = -3}), "top_k is -3; it must be at least 0 (0 turns it off)");
  EXPECT_EQ(message({.min_p = 1}), "min_p is 1; it must be at least 0 and below 1");
  EXPECT_EQ(message({.repetition_penalty = 0}), "repetition_penalty is 0; it must be above 0");
  EXPECT_EQ(message({.presence_penalty = 2.5}),
            "presence_penalty is 2.5; it must be between -2 and 2");
  EXPECT_EQ(message({.frequency_penalty = -3}),
            "frequency_penalty is -3; it must be between -2 and 2");
}

}  // namespace
}  // namespace retort
