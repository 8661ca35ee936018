// What an on_token makes of a request: tokens forced in place of sampled ones, and early ends.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <vector>

#include "base/clock.h"
#include "engine/engine_core.h"
#include "engine/test_answer.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

using Tokens = std::vector<int32_t>;

Answer GenerateSteered(Request request) {
  HashModel model({.vocab_size = 50, .max_positions = 60});
  const FakeClock clock;
  EngineCore core(model, {}, clock);
  core.Add(1, std::move(request));
  Answer answer;
  while (core.HasWork()) {
    for (const CoreEvent& event : core.Step()) answer.Take(event.event);
  }
  EXPECT_EQ(core.Stats().free_blocks, core.Stats().total_blocks);
  return answer;
}

// Forces `tokens` once `after` tokens have been generated.
std::function<Steering(std::span<const int32_t>)> ForceAfter(size_t after, Tokens tokens) {
  return [after, tokens = std::move(tokens)](std::span<const int32_t> generated) {
    return Steering{.force = generated.size() == after ? tokens : Tokens()};
  };
}

Request RandomlySampled(int32_t max_tokens) {
  return {.prompt = {1, 2, 3},
          .sampling = {.temperature = 1, .frequency_penalty = 0.5, .seed = 9},
          .max_tokens = max_tokens};
}

TEST(Steering, ForcedTokensFollowAtOnceAndAreMarked) {
  const Tokens free_run = GenerateSteered(RandomlySampled(12)).tokens;
  Request request = RandomlySampled(12);
  request.on_token = ForceAfter(4, {48, 49, 48});
  const Answer answer = GenerateSteered(std::move(request));
  ASSERT_EQ(answer.tokens.size(), 12u);
  EXPECT_TRUE(std::equal(free_run.begin(), free_run.begin() + 4, answer.tokens.begin()));
  EXPECT_EQ(Tokens(answer.tokens.begin() + 4, answer.tokens.begin() + 7), Tokens({48, 49, 48}));
  EXPECT_EQ(answer.forced, Tokens({48, 49, 48}));
  EXPECT_EQ(answer.finish, FinishReason::kLength);
}

// Draws are keyed by the index in the answer, penalties count forced tokens, and rows are generated
// ones: forcing what would have come changes nothing.
TEST(Steering, ForcingWhatWouldHaveComeChangesNothingAfterIt) {
  const Tokens free_run = GenerateSteered(RandomlySampled(30)).tokens;
  Request request = RandomlySampled(30);
  request.on_token = ForceAfter(3, Tokens(free_run.begin() + 3, free_run.begin() + 20));
  EXPECT_EQ(GenerateSteered(std::move(request)).tokens, free_run);
}

TEST(Steering, MaxTokensCountsForcedTokensAndCutsThem) {
  Request request = RandomlySampled(5);
  request.on_token = ForceAfter(3, {7, 8, 9});
  const Answer answer = GenerateSteered(std::move(request));
  EXPECT_EQ(answer.forced, Tokens({7, 8}));
  EXPECT_EQ(answer.tokens.size(), 5u);
  EXPECT_EQ(answer.finish, FinishReason::kLength);
}

TEST(Steering, AForcedStopTokenStops) {
  Request request = RandomlySampled(20);
  request.vocab_limit = 40;  // of what is sampled; what is forced may lie beyond
  request.stop_tokens = {45};
  request.on_token = ForceAfter(2, {44, 45, 46});
  const Answer answer = GenerateSteered(std::move(request));
  EXPECT_EQ(answer.forced, Tokens({44, 45}));
  EXPECT_EQ(answer.finish, FinishReason::kStop);
}

TEST(Steering, OnTokenIsAskedAfterForcedTokensToo) {
  Request request = RandomlySampled(8);
  std::vector<size_t> asked;
  request.on_token = [&](std::span<const int32_t> generated) {
    asked.push_back(generated.size());
    Steering steering;
    if (generated.size() == 2) steering.force = {10, 11, 12};
    if (generated.size() == 3) steering.force = {13};  // behind what is still to come
    return steering;
  };
  EXPECT_EQ(GenerateSteered(std::move(request)).forced, Tokens({10, 11, 12, 13}));
  EXPECT_EQ(asked, std::vector<size_t>({1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Steering, ALoopIsAFinishReasonOfItsOwn) {
  Request request = RandomlySampled(20);
  request.on_token = [](std::span<const int32_t> generated) {
    return Steering{.finish = generated.size() == 6 ? FinishReason::kLoop : FinishReason::kNone};
  };
  const Answer answer = GenerateSteered(std::move(request));
  EXPECT_EQ(answer.tokens.size(), 6u);
  EXPECT_EQ(FinishReasonName(answer.finish), "loop");
}

TEST(Steering, AForcedTokenBeyondTheVocabularyIsAnErrorOfItsRequest) {
  Request request = RandomlySampled(20);
  request.on_token = ForceAfter(2, {7, 50});
  const Answer answer = GenerateSteered(std::move(request));
  EXPECT_EQ(answer.finish, FinishReason::kError);
  EXPECT_EQ(answer.error,
            "the forced sequence holds token 50; the model's vocabulary has ids 0 to 49");
}

}  // namespace
}  // namespace retort
