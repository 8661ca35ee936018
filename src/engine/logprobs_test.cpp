#include "engine/logprobs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/rng.h"
#include "engine/logit_loops.h"

namespace retort {
namespace {

TEST(Logprobs, AreLogarithmsOfTheSoftmax) {
  const std::vector<float> logits = {std::log(1.0f), std::log(5.0f), std::log(2.0f)};
  const TokenLogprobs result = ComputeLogprobs(logits, 2, 2);
  EXPECT_EQ(result.chosen.token, 2);
  EXPECT_NEAR(result.chosen.logprob, std::log(0.25), 1e-7);
  ASSERT_EQ(result.top.size(), 2u);
  EXPECT_EQ(result.top[0].token, 1);
  EXPECT_NEAR(result.top[0].logprob, std::log(0.625), 1e-7);
  EXPECT_EQ(result.top[1], result.chosen);
}

TEST(Logprobs, TheChosenTokenNeedNotBeAmongTheLikeliest) {
  const TokenLogprobs result = ComputeLogprobs(std::vector<float>{3, 2, 1}, 2, 1);
  EXPECT_EQ(result.top.size(), 1u);
  EXPECT_EQ(result.top[0].token, 0);
  EXPECT_TRUE(ComputeLogprobs(std::vector<float>{3, 2, 1}, 2, 0).top.empty());
}

TEST(Logprobs, TopIsTheBeginningOfAFullSort) {
  Rng rng(1);
  std::vector<float> logits(3000);
  // Few distinct values, so that many are equal.
  for (float& logit : logits) logit = static_cast<float>(rng.Int(-50, 50)) / 4;
  std::vector<int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return logits[static_cast<size_t>(a)] > logits[static_cast<size_t>(b)];
  });
  const TokenLogprobs result = ComputeLogprobs(logits, 0, 20);
  ASSERT_EQ(result.top.size(), 20u);
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(result.top[i].token, order[i]);
}

TEST(Logprobs, TakeLargeLogitsAndImpossibleTokens) {
  const TokenLogprobs result =
      ComputeLogprobs(std::vector<float>{1e30f, -kInfinity, -1e30f}, 0, 20);
  EXPECT_EQ(result.chosen.logprob, 0);
  ASSERT_EQ(result.top.size(), 3u) << "no more than there are";
  EXPECT_EQ(result.top[2].logprob, -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace retort
