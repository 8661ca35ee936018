// Draws against exact probabilities: a million of each group of settings, by chi-square.
#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "engine/plain_sampler.h"
#include "engine/sampler.h"

namespace retort {
namespace {

constexpr int kDrawsOfAGroup = 1'000'000;
constexpr double kFewestExpected = 5;  // rarer tokens are counted together
// Of a standard normal: a right sampler fails one test in half a million at random, and never once
// it has passed, since seeds are fixed.
constexpr double kMostDeviation = 4.75;

// The deviation of a chi-square with so many degrees of freedom as a standard normal (Wilson and
// Hilferty 1931).
double Deviation(double chi_square, double degrees) {
  const double variance = 2 / (9 * degrees);
  return (std::cbrt(chi_square / degrees) - (1 - variance)) / std::sqrt(variance);
}

// Of `draws` draws from what is held to be their distribution. A token without any probability must
// not come at all.
double DrawsDeviation(const std::vector<float>& logits, const SamplingParams& params,
                      const TokenHistory& history, int draws, const PlainDistribution& exact) {
  Sampler sampler;
  std::vector<int> counts(logits.size(), 0);
  for (int i = 0; i < draws; ++i) {
    const int32_t token = sampler.Sample(logits, params, history, static_cast<uint64_t>(i));
    ++counts[static_cast<size_t>(token)];
  }
  EXPECT_GT(exact.margin, 1e-6) << "rounding decides what top-p keeps; take another seed";
  double chi_square = 0;
  double rare_expected = 0, rare_count = 0;
  int cells = 0;
  const auto add = [&](double count, double expected) {
    chi_square += (count - expected) * (count - expected) / expected;
    ++cells;
  };
  for (size_t token = 0; token < counts.size(); ++token) {
    const double expected = exact.probabilities[token] * draws;
    if (expected == 0) {
      EXPECT_EQ(counts[token], 0) << "token " << token << " was left out";
    } else if (expected < kFewestExpected) {
      rare_expected += expected;
      rare_count += counts[token];
    } else {
      add(counts[token], expected);
    }
  }
  if (rare_expected >= kFewestExpected) add(rare_count, rare_expected);
  return cells == 1 ? 0 : Deviation(chi_square, cells - 1);
}

struct Group {
  std::string name;
  std::vector<SamplingParams> settings;
  friend std::ostream& operator<<(std::ostream& out, const Group& group) {
    return out << group.name;
  }
};

const std::vector<TokenBias> kBias = {{3, 2.5}, {11, -1.5}, {17, -100}, {20, 0.7}};

std::vector<Group> Groups() {
  return {
      {"Temperature", {{.temperature = 1}, {.temperature = 0.3}, {.temperature = 2.5}}},
      {"TopK", {{.temperature = 1, .top_k = 1}, {.temperature = 1.3, .top_k = 12}}},
      {"TopP", {{.temperature = 1, .top_p = 0.5}, {.temperature = 0.6, .top_p = 0.95}}},
      {"MinP", {{.temperature = 1, .min_p = 0.02}, {.temperature = 2, .min_p = 0.2}}},
      {"Penalties",
       {{.temperature = 1, .repetition_penalty = 1.4},
        {.temperature = 1, .repetition_penalty = 0.8},
        {.temperature = 1, .presence_penalty = 1.2},
        {.temperature = 1, .frequency_penalty = -0.4},
        {.temperature = 0.8,
         .repetition_penalty = 1.2,
         .presence_penalty = -0.5,
         .frequency_penalty = 0.3}}},
      {"LogitBias",
       {{.temperature = 1, .logit_bias = kBias}, {.temperature = 2, .logit_bias = kBias}}},
      {"Together",
       {{.temperature = 1.2, .top_k = 20, .top_p = 0.9},
        {.temperature = 1.5, .top_k = 15, .top_p = 0.97, .min_p = 0.05},
        {.temperature = 1.1,
         .top_p = 0.93,
         .repetition_penalty = 1.3,
         .frequency_penalty = 0.2,
         .logit_bias = kBias},
        {.temperature = 0.9,
         .top_k = 25,
         .top_p = 0.98,
         .min_p = 0.01,
         .repetition_penalty = 1.1,
         .presence_penalty = 0.6,
         .frequency_penalty = 0.1,
         .logit_bias = kBias}}},
  };
}

class SamplerDistribution : public testing::TestWithParam<Group> {};

TEST_P(SamplerDistribution, IsTheExactOne) {
  TokenHistory history;
  history.AddPrompt(std::vector<int32_t>{0, 5, 5, 9, 30});
  for (const int32_t token : {5, 11, 11, 11, 20, 20, 31}) history.AddGenerated(token);
  const std::vector<SamplingParams>& settings = GetParam().settings;
  const int draws = kDrawsOfAGroup / static_cast<int>(settings.size()) + 1;
  for (size_t i = 0; i < settings.size(); ++i) {
    SamplingParams params = settings[i];
    params.seed = 1 + i;
    const std::vector<float> logits = RandomLogits(40, /*seed=*/i + 2, /*spread=*/1.0);
    const PlainDistribution exact = PlainProbabilities(logits, params, history);
    EXPECT_LT(std::abs(DrawsDeviation(logits, params, history, draws, exact)), kMostDeviation)
        << "setting " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Groups, SamplerDistribution, testing::ValuesIn(Groups()),
                         [](const auto& param_info) { return param_info.param.name; });

// The test itself: it sees a temperature that is off by a fiftieth.
TEST(SamplerDistributionTest, SeesSmallMistakes) {
  const std::vector<float> logits = RandomLogits(40, 2, 1.0);
  const PlainDistribution wrong = PlainProbabilities(logits, {.temperature = 1.02}, {});
  EXPECT_GT(DrawsDeviation(logits, {.temperature = 1, .seed = 1}, {}, 300'000, wrong),
            kMostDeviation);
}

}  // namespace
}  // namespace retort
