#include "engine/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/rng.h"
#include "engine/plain_sampler.h"

namespace retort {
namespace {

// The reference's draw; the margin shrinks with the distance of the draw to the next token.
int32_t PlainDraw(PlainDistribution& reference, double uniform) {
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
        PlainDistribution reference = PlainProbabilities(logits, params, {});
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
    PlainDistribution reference = PlainProbabilities(logits, params, {});
    const int32_t expected = PlainDraw(reference, RandomUniform(params.seed, 0));
    if (reference.margin < 1e-7) continue;
    EXPECT_EQ(sampler.Sample(logits, params, {}, 0), expected) << params.temperature;
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

TEST(Sampler, BiasComesBeforePenaltiesAndTemperature) {
  Sampler sampler;
  TokenHistory history;
  history.AddPrompt(std::vector<int32_t>{0});
  SamplingParams params{.repetition_penalty = 2, .logit_bias = {{0, 6.0}, {7, 100.0}}};
  EXPECT_EQ(sampler.Sample(std::vector<float>{-2, 2.5f, 1}, params, history, 0), 1);     // 4 / 2
  EXPECT_EQ(sampler.Sample(std::vector<float>{-0.5f, 2.5f, 1}, params, history, 0), 0);  // 5.5 / 2
  params = {.temperature = 1, .logit_bias = {{2, 100.0}}};
  for (uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(sampler.Sample(std::vector<float>{5, 9, -3}, params, {}, i), 2);
  }
}

TEST(Sampler, NeverDrawsBannedTokens) {
  Sampler sampler;
  const std::vector<float> logits = {1, 9, 8, 2};
  const std::vector<int32_t> banned = {1, 2, 77};  // 77 lies outside these logits
  EXPECT_EQ(sampler.Sample(logits, {}, {}, 0, {.banned = banned}), 3);
  SamplingParams params{.temperature = 3, .repetition_penalty = 1.5, .logit_bias = {{1, 100.0}}};
  for (uint64_t i = 0; i < 200; ++i) {
    const int32_t token = sampler.Sample(logits, params, {}, i, {.banned = banned});
    EXPECT_TRUE(token == 0 || token == 3) << token;
  }
}

TEST(Sampler, IgnoresImpossibleTokensAndRefusesBrokenLogits) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  Sampler sampler;
  const SamplingParams random{.temperature = 1};
  for (uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(sampler.Sample(std::vector<float>{-kInfinity, 1, -kInfinity}, random, {}, i), 1);
  }
  for (const SamplingParams& params : {SamplingParams{}, random}) {
    EXPECT_THROW(sampler.Sample(std::vector<float>{kNan, kNan}, params, {}, 0), Error);
    EXPECT_THROW(sampler.Sample(std::vector<float>{-kInfinity, -kInfinity}, params, {}, 0), Error);
    EXPECT_THROW(sampler.Sample(std::vector<float>{0, kInfinity}, params, {}, 0), Error);
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

// Of two likely tokens, top-p keeps the second if all the others together weigh enough, and they
// are so unlikely that at first their weight is only bounded.
TEST(Sampler, FarTokensCountAsWhatTheyAre) {
  Sampler sampler;
  uint64_t index = 0;
  while (RandomUniform(0, index) < 0.97) ++index;
  for (const double far : {-12.0, -17.0, -18.5, -20.0}) {
    std::vector<float> logits(151936);
    double total = 0;
    for (size_t i = 0; i < logits.size(); ++i) {
      logits[i] = static_cast<float>(i == 500     ? 0
                                     : i == 90000 ? std::log(0.05)
                                                  : far - static_cast<double>(i % 4));
      total += std::exp(static_cast<double>(logits[i]));
    }
    EXPECT_EQ(sampler.Sample(logits, {.temperature = 1, .top_p = 1 / total - 1e-6}, {}, index),
              500);
    EXPECT_EQ(sampler.Sample(logits, {.temperature = 1, .top_p = 1 / total + 1e-6}, {}, index),
              90000);
  }
}

}  // namespace
}  // namespace retort
