// Several answers to one prompt, and what comes with a token: log-probabilities, cached tokens, the
// least number of tokens.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "engine/engine_core.h"
#include "engine/test_answer.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

using Tokens = std::vector<int32_t>;

class ChoicesTest : public testing::Test {
 protected:
  static Request Random(int32_t num_choices, uint64_t seed = 9) {
    Request request{.max_tokens = 12, .num_choices = num_choices};
    for (int32_t token = 0; token < 18; ++token) request.prompt.push_back(token);
    request.sampling = {.temperature = 1, .top_p = 0.95, .seed = seed};
    return request;
  }

  // Choices by number, of a model and engine of their own.
  std::vector<Answer> Generate(const Request& request, const EngineOptions& options = {}) {
    HashModel model({.vocab_size = 50, .max_positions = 60});
    EngineCore core(model, options, clock_);
    core.Add(1, request);
    std::vector<Answer> answers(static_cast<size_t>(request.num_choices));
    while (core.HasWork()) {
      for (const CoreEvent& event : core.Step()) Take(event, answers);
      core.scheduler().CheckIntegrity();
    }
    stats_ = core.Stats();
    EXPECT_EQ(stats_.free_blocks, stats_.total_blocks);
    return answers;
  }

  static void Take(const CoreEvent& event, std::vector<Answer>& answers) {
    answers.at(static_cast<size_t>(event.event.choice)).Take(event.event);
  }

  FakeClock clock_;
  EngineStats stats_;
};

TEST_F(ChoicesTest, EachIsAsIfAskedForAloneWithItsSeed) {
  const std::vector<Answer> together = Generate(Random(5));
  for (int32_t choice = 0; choice < 5; ++choice) {
    const Answer alone = Generate(Random(1, ChoiceSeed(9, choice)))[0];
    EXPECT_EQ(together[static_cast<size_t>(choice)].tokens, alone.tokens) << choice;
    EXPECT_EQ(together[static_cast<size_t>(choice)].finish, FinishReason::kLength);
  }
  EXPECT_NE(together[0].tokens, together[1].tokens);
}

TEST_F(ChoicesTest, ThePromptsFullBlocksAreComputedOnce) {
  const std::vector<Answer> answers = Generate(Random(5));
  EXPECT_EQ(stats_.prompt_tokens, 18 + 4 * 2) << "blocks of 4: two tokens lie behind the last";
  EXPECT_EQ(answers[0].cached_tokens, 0);
  EXPECT_EQ(answers[4].cached_tokens, 16);
  EXPECT_EQ(Generate(Random(5), {.prefix_cache = false})[3].tokens, answers[3].tokens);
  EXPECT_EQ(stats_.prompt_tokens, 5 * 18);
}

TEST_F(ChoicesTest, OnTokenStopsEachByItself) {
  Request request = Random(4);
  // Counts in a copy of its own: one shared count would end the choices early.
  request.on_token = [calls = 0](std::span<const int32_t> generated) mutable {
    EXPECT_EQ(static_cast<size_t>(++calls), generated.size());
    return Steering{.finish = generated.back() < 10 ? FinishReason::kStop : FinishReason::kNone};
  };
  for (const Answer& answer : Generate(request)) {
    const auto stop = std::find_if(answer.tokens.begin(), answer.tokens.end(),
                                   [](int32_t token) { return token < 10; });
    EXPECT_EQ(answer.tokens.end() - stop, answer.finish == FinishReason::kStop ? 1 : 0);
  }
}

TEST_F(ChoicesTest, CancelEndsThoseThatRun) {
  HashModel model({.vocab_size = 50});
  EngineCore core(model, {.max_running = 2}, clock_);
  core.Add(1, Random(5));
  core.Add(2, Random(3));
  core.Step();
  EXPECT_EQ(core.Cancel(1).size(), 5u);
  EXPECT_TRUE(core.Cancel(1).empty());
  core.scheduler().CheckIntegrity();
  std::vector<Answer> answers(3);
  while (core.HasWork()) {
    for (const CoreEvent& event : core.Step()) {
      EXPECT_EQ(event.id, 2);
      Take(event, answers);
    }
  }
  for (const Answer& answer : answers) EXPECT_EQ(answer.tokens.size(), 12u);
  EXPECT_EQ(core.Stats().free_blocks, core.Stats().total_blocks);
}

// Keeps the logits that it gave, to compare with.
class RecordingModel : public HashModel {
 public:
  using HashModel::HashModel;
  std::span<const float> Forward(const Batch& batch) override {
    const std::span<const float> logits = HashModel::Forward(batch);
    last_.assign(logits.begin(), logits.end());
    return logits;
  }
  const std::vector<float>& last() const { return last_; }

 private:
  std::vector<float> last_;
};

TEST_F(ChoicesTest, LogprobsAreOfTheModelsOwnLogits) {
  RecordingModel model({.vocab_size = 50});
  // Without drafts, the forced token being one: the model's last logits are then the token's.
  EngineCore core(model, {.max_draft_tokens = 0}, clock_);
  Request request = Random(1);
  request.top_logprobs = 3;
  request.vocab_limit = 40;
  request.sampling.logit_bias = {{7, 50.0}};
  request.sampling.frequency_penalty = 2;
  request.on_token = [](std::span<const int32_t> generated) {
    return Steering{.force = generated.size() == 4 ? Tokens{48} : Tokens{}};
  };
  core.Add(1, request);
  int places = 0;
  while (core.HasWork()) {
    for (const CoreEvent& event : core.Step()) {
      ASSERT_EQ(event.event.tokens.size(), 1u);
      ASSERT_EQ(event.event.logprobs.size(), 1u);
      EXPECT_EQ(event.event.logprobs[0], ComputeLogprobs(model.last(), event.event.tokens[0], 3));
      ++places;
    }
  }
  EXPECT_EQ(places, 12);
}

TEST_F(ChoicesTest, LogprobsChangeNothingAndComeOnlyWhenAskedFor) {
  Request request = Random(1);
  const Answer without = Generate(request)[0];
  EXPECT_TRUE(without.logprobs.empty());
  request.top_logprobs = 0;
  const Answer with = Generate(request)[0];
  EXPECT_EQ(with.tokens, without.tokens);
  ASSERT_EQ(with.logprobs.size(), 12u);
  EXPECT_TRUE(with.logprobs[0].top.empty());
}

TEST_F(ChoicesTest, StopTokensAreNotSampledBeforeMinTokens) {
  Request request = Random(1);
  const Tokens free_run = Generate(request)[0].tokens;
  request.stop_tokens = {free_run[2], free_run[5]};
  EXPECT_EQ(Generate(request)[0].tokens.size(), 3u);
  request.min_tokens = 8;
  const Tokens tokens = Generate(request)[0].tokens;
  ASSERT_GE(tokens.size(), 8u);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(std::count(request.stop_tokens.begin(), request.stop_tokens.end(), tokens[i]), 0);
  }
  EXPECT_TRUE(std::equal(free_run.begin(), free_run.begin() + 2, tokens.begin()));
}

TEST_F(ChoicesTest, ABiasedTokenMustBeInTheVocabulary) {
  HashModel model({.vocab_size = 50});
  const EngineCore core(model, {}, clock_);
  Request request = Random(1);
  request.sampling.logit_bias = {{49, 1}, {50, 1}};
  try {
    core.Validate(request);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "logit_bias holds token 50; the model's vocabulary has ids 0 to 49");
  }
}

}  // namespace
}  // namespace retort
