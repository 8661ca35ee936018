#include "runtime/scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

std::vector<int32_t> SomeIds(size_t count, uint64_t seed = 7) {
  Rng rng(seed);
  std::vector<int32_t> ids(count);
  for (int32_t& id : ids) id = static_cast<int32_t>(rng.Int(0, 49));
  return ids;
}

// The logits after each of `ids`, one token at a time.
std::vector<std::vector<float>> StepByStep(const std::vector<int32_t>& ids, RowRole role) {
  HashModel model({.vocab_size = 50, .kv = {.block_size = 256, .num_blocks = 1}});
  std::vector<std::vector<float>> all;
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto position = static_cast<int32_t>(i);
    const Batch batch{.tokens = {ids[i]},
                      .positions = {position},
                      .roles = {role},
                      .query_start = {0, 1},
                      .kv_len = {position + 1},
                      .block_table = {0},
                      .block_stride = 1,
                      .logit_rows = {0}};
    const std::span<const float> logits = model.Forward(batch);
    all.emplace_back(logits.begin(), logits.end());
  }
  return all;
}

double NllOf(const std::vector<float>& logits, int32_t id) {
  double sum = 0;
  for (float logit : logits) sum += std::exp(static_cast<double>(logit));
  return std::log(sum) - static_cast<double>(logits[static_cast<size_t>(id)]);
}

int32_t ArgMaxOf(const std::vector<float>& logits) {
  return static_cast<int32_t>(std::ranges::max_element(logits) - logits.begin());
}

class ScorerRoles : public ::testing::TestWithParam<RowRole> {};

// 150 tokens are three chunks of prompt rows.
TEST_P(ScorerRoles, SaysWhatTheModelSays) {
  const RowRole role = GetParam();
  HashModel model({.vocab_size = 50, .kv = {.block_size = 4, .num_blocks = 50}});
  const std::vector<int32_t> ids = SomeIds(150);
  const ScoreResult result =
      Score(model, {.ids = ids, .probe_ids = {3, 49, 3}, .role = role, .greedy_tokens = 0});
  const std::vector<std::vector<float>> logits = StepByStep(ids, role);

  ASSERT_EQ(result.nll.size(), 149u);
  ASSERT_EQ(result.argmax.size(), 150u);
  double sum = 0;
  for (size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(result.argmax[i], ArgMaxOf(logits[i])) << i;
    if (i + 1 == ids.size()) break;
    EXPECT_NEAR(result.nll[i], NllOf(logits[i], ids[i + 1]), 1e-9) << i;
    sum += result.nll[i];
  }
  EXPECT_DOUBLE_EQ(result.mean_nll, sum / 149);
  const std::vector<float>& last = logits.back();
  EXPECT_EQ(result.probe_logits, (std::vector<float>{last[3], last[49], last[3]}));
  EXPECT_NEAR(result.logsumexp, NllOf(last, 0) + static_cast<double>(last[0]), 1e-9);
  ASSERT_EQ(result.top.size(), 50u);  // 64, but for the small vocabulary
  EXPECT_EQ(result.top.front().first, result.argmax.back());
  for (size_t i = 0; i + 1 < result.top.size(); ++i) {
    EXPECT_GE(result.top[i].second, result.top[i + 1].second);
    EXPECT_EQ(result.top[i].second, last[static_cast<size_t>(result.top[i].first)]);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, ScorerRoles,
                         ::testing::Values(RowRole::kPrompt, RowRole::kGenerated),
                         [](const ::testing::TestParamInfo<RowRole>& role) {
                           return role.param == RowRole::kPrompt ? "Prompt" : "Generated";
                         });

TEST(Scorer, ContinuesGreedily) {
  HashModel model({.vocab_size = 50, .kv = {.block_size = 4, .num_blocks = 50}});
  std::vector<int32_t> ids = SomeIds(9);
  // All rows as generated ones, so that one pass over the continued ids can check every step.
  const ScoreResult result =
      Score(model, {.ids = ids, .role = RowRole::kGenerated, .greedy_tokens = 20});
  ASSERT_EQ(result.greedy.size(), 20u);
  for (size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(result.greedy[i], ArgMaxOf(StepByStep(ids, RowRole::kGenerated).back())) << i;
    ids.push_back(result.greedy[i]);
  }
}

TEST(Scorer, TakesASingleToken) {
  HashModel model({});
  const ScoreResult result = Score(model, {.ids = {5}});
  EXPECT_TRUE(result.nll.empty());
  EXPECT_EQ(result.mean_nll, 0);
  EXPECT_EQ(result.argmax.size(), 1u);
}

void ExpectScoreRefused(const ScoreRequest& request, ErrorCode code, const std::string& part) {
  HashModel model({.vocab_size = 50, .max_positions = 100});
  try {
    Score(model, request);
    ADD_FAILURE() << "accepted, expected to be refused: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(Scorer, RefusesWhatItCannotScore) {
  ExpectScoreRefused({}, ErrorCode::kInvalidArgument, "ids is empty");
  ExpectScoreRefused({.ids = {1, 50}}, ErrorCode::kInvalidArgument,
                     "ids[1] is 50, must be 0 to 49");
  ExpectScoreRefused({.ids = {-1}}, ErrorCode::kInvalidArgument, "ids[0] is -1");
  ExpectScoreRefused({.ids = {1}, .probe_ids = {-7}}, ErrorCode::kInvalidArgument,
                     "probe_ids[0] is -7");
  ExpectScoreRefused({.ids = {1}, .greedy_tokens = -1}, ErrorCode::kInvalidArgument,
                     "greedy is -1");
  ExpectScoreRefused({.ids = SomeIds(90), .greedy_tokens = 11}, ErrorCode::kResourceExhausted,
                     "101 tokens");
}

TEST(Perplexity, IsThatOfItsWindows) {
  HashModel model({.vocab_size = 50, .kv = {.block_size = 4, .num_blocks = 50}});
  const std::vector<int32_t> ids = SomeIds(41);  // windows of 20, 20 and a lonely token
  const Perplexity result = MeasurePerplexity(model, ids, 20, RowRole::kPrompt);
  std::vector<double> nll;
  for (size_t begin : {0u, 20u}) {
    const auto first = ids.begin() + static_cast<std::ptrdiff_t>(begin);
    const ScoreResult part = Score(model, {.ids = {first, first + 20}});
    nll.insert(nll.end(), part.nll.begin(), part.nll.end());
  }
  ASSERT_EQ(result.tokens, 38);
  double mean = 0;
  for (double value : nll) mean += value / 38;
  double variance = 0;
  for (double value : nll) variance += (value - mean) * (value - mean) / 37;
  EXPECT_NEAR(result.mean_nll, mean, 1e-9);
  EXPECT_NEAR(result.perplexity, std::exp(mean), 1e-9);
  EXPECT_NEAR(result.standard_error, std::exp(mean) * std::sqrt(variance / 38), 1e-9);
}

TEST(Perplexity, RefusesTooLittle) {
  HashModel model({.vocab_size = 50, .max_positions = 100});
  EXPECT_THROW(MeasurePerplexity(model, SomeIds(10), 1, RowRole::kPrompt), Error);
  EXPECT_THROW(MeasurePerplexity(model, SomeIds(10), 101, RowRole::kPrompt), Error);
  EXPECT_THROW(MeasurePerplexity(model, SomeIds(1), 10, RowRole::kPrompt), Error);
}

}  // namespace
}  // namespace retort
