#include "engine/engine_core.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "base/error.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

// Fails, or gives broken logits, when told to.
class FaultyModel : public HashModel {
 public:
  using HashModel::HashModel;
  std::span<const float> Forward(const Batch& batch) override {
    if (fail_next) {
      fail_next = false;
      throw std::runtime_error("the device is gone");
    }
    const std::span<const float> logits = HashModel::Forward(batch);
    copy_.assign(logits.begin(), logits.end());
    if (break_row >= 0 && break_row < std::ssize(batch.logit_rows)) {
      std::fill_n(copy_.begin() + break_row * vocab_size(), vocab_size(),
                  std::numeric_limits<float>::quiet_NaN());
      break_row = -1;
    }
    return copy_;
  }
  bool fail_next = false;
  int64_t break_row = -1;

 private:
  std::vector<float> copy_;
};

class EngineCoreTest : public testing::Test {
 protected:
  std::vector<CoreEvent> StepOnce() {
    clock_.Advance(0.5);
    std::vector<CoreEvent> events = core_.Step();
    core_.scheduler().CheckIntegrity();
    return events;
  }

  // All tokens of request `id`, and how it ended.
  TokenEvent RunToEnd(int64_t id) {
    TokenEvent all;
    while (all.finish == FinishReason::kNone) {
      for (CoreEvent& event : StepOnce()) {
        if (event.id != id) continue;
        all.tokens.insert(all.tokens.end(), event.event.tokens.begin(), event.event.tokens.end());
        all.finish = event.event.finish;
        all.error = event.event.error;
        all.seconds = event.event.seconds;
      }
    }
    return all;
  }

  std::string MessageOf(const Request& request, ErrorCode code) {
    try {
      core_.Validate(request);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      return error.what();
    }
    return "accepted";
  }

  FaultyModel model_{{.vocab_size = 50,
                      .max_positions = 100,
                      .kv = {.block_size = 4, .num_blocks = 20},
                      .max_rows = 16}};
  FakeClock clock_;
  EngineCore core_{model_, {.max_batch_tokens = 8, .max_running = 4}, clock_};
};

TEST_F(EngineCoreTest, GeneratesUpToMaxTokensAndFreesAllBlocks) {
  core_.Add(1, {.prompt = {1, 2, 3}, .max_tokens = 5});
  EXPECT_TRUE(core_.HasWork());
  const TokenEvent all = RunToEnd(1);
  EXPECT_EQ(all.tokens.size(), 5u);
  EXPECT_EQ(all.finish, FinishReason::kLength);
  EXPECT_EQ(all.seconds, 2.5);
  EXPECT_FALSE(core_.HasWork());
  const EngineStats stats = core_.Stats();
  EXPECT_EQ(stats.free_blocks, 20);
  EXPECT_EQ(stats.steps, 5);
  EXPECT_EQ(stats.prompt_tokens, 3);
  EXPECT_EQ(stats.generated_tokens, 5);
  EXPECT_TRUE(StepOnce().empty());
}

TEST_F(EngineCoreTest, ACachedPrefixChangesTheWorkAndNotTheTokens) {
  core_.Add(1, {.prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9}, .max_tokens = 5});
  const std::vector<int32_t> tokens = RunToEnd(1).tokens;
  core_.Add(2, {.prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9}, .max_tokens = 5});
  EXPECT_EQ(RunToEnd(2).tokens, tokens);
  const EngineStats stats = core_.Stats();
  EXPECT_EQ(stats.reused_tokens, 8);
  EXPECT_EQ(stats.prompt_tokens, 10);
  EXPECT_EQ(stats.free_blocks, 20);
  EXPECT_EQ(stats.cached_blocks, 3);
}

TEST_F(EngineCoreTest, AStopTokenEndsAndIsInTheOutput) {
  core_.Add(1, {.prompt = {1, 2, 3}, .max_tokens = 5});
  const std::vector<int32_t> free_run = RunToEnd(1).tokens;
  core_.Add(2, {.prompt = {1, 2, 3}, .max_tokens = 5, .stop_tokens = {49, free_run[2]}});
  const TokenEvent stopped = RunToEnd(2);
  EXPECT_EQ(stopped.finish, FinishReason::kStop);
  EXPECT_EQ(stopped.tokens, std::vector(free_run.begin(), free_run.begin() + 3));
}

TEST_F(EngineCoreTest, OnTokenSeesAllGeneratedTokensAndEndsTheRequest) {
  std::vector<int32_t> seen;
  core_.Add(
      1,
      {.prompt = {1, 2, 3}, .max_tokens = 9, .on_token = [&](std::span<const int32_t> generated) {
         seen.assign(generated.begin(), generated.end());
         return Steering{.finish = seen.size() == 4 ? FinishReason::kStop : FinishReason::kNone};
       }});
  const TokenEvent all = RunToEnd(1);
  EXPECT_EQ(all.finish, FinishReason::kStop);
  EXPECT_EQ(all.tokens, seen);
  EXPECT_EQ(seen.size(), 4u);
}

TEST_F(EngineCoreTest, TheContextEndsAnAnswer) {
  FaultyModel model({.vocab_size = 50, .max_positions = 10});
  EngineCore core(model, {}, clock_);
  core.Add(1, {.prompt = {1, 2, 3}, .max_tokens = 500});
  size_t tokens = 0;
  FinishReason finish = FinishReason::kNone;
  while (core.HasWork()) {
    for (const CoreEvent& event : core.Step()) {
      tokens += event.event.tokens.size();
      finish = event.event.finish;
    }
  }
  EXPECT_EQ(tokens, 7u);
  EXPECT_EQ(finish, FinishReason::kLength);
}

TEST_F(EngineCoreTest, NeverSamplesBeyondTheVocabularyLimit) {
  for (double temperature : {0.0, 2.0}) {
    core_.Add(temperature == 0 ? 1 : 2, {.prompt = {45, 46},
                                         .sampling = {.temperature = temperature},
                                         .max_tokens = 60,
                                         .vocab_limit = 5});
    for (int32_t token : RunToEnd(temperature == 0 ? 1 : 2).tokens) EXPECT_LT(token, 5);
  }
}

TEST_F(EngineCoreTest, CancelEndsWaitingAndRunningRequests) {
  for (int64_t id = 1; id <= 6; ++id) core_.Add(id, {.prompt = {1, 2, 3}, .max_tokens = 50});
  StepOnce();
  EXPECT_EQ(core_.Stats().running, 4);
  EXPECT_EQ(core_.Stats().waiting, 2);
  for (int64_t id = 1; id <= 6; ++id) {
    const std::vector<CoreEvent> events = core_.Cancel(id);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].event.finish, FinishReason::kCancelled);
    core_.scheduler().CheckIntegrity();
  }
  EXPECT_TRUE(core_.Cancel(1).empty()) << "ended before";
  EXPECT_EQ(core_.Stats().free_blocks, 20);
  EXPECT_FALSE(core_.HasWork());
}

TEST_F(EngineCoreTest, AnErrorInTheModelEndsTheStepsRequestsOnly) {
  for (int64_t id = 1; id <= 5; ++id) core_.Add(id, {.prompt = {1, 2}, .max_tokens = 4});
  StepOnce();
  model_.fail_next = true;
  const std::vector<CoreEvent> events = StepOnce();
  ASSERT_EQ(events.size(), 4u);
  for (const CoreEvent& event : events) {
    EXPECT_EQ(event.event.finish, FinishReason::kError);
    EXPECT_EQ(event.event.error, "the device is gone");
  }
  EXPECT_EQ(RunToEnd(5).finish, FinishReason::kLength) << "it waited, so the error was not its";
  EXPECT_EQ(core_.Stats().free_blocks, 20);
}

TEST_F(EngineCoreTest, BrokenLogitsEndTheirRequestAlone) {
  core_.Add(1, {.prompt = {1, 2}, .max_tokens = 4});
  core_.Add(2, {.prompt = {1, 2}, .max_tokens = 4});
  model_.break_row = 0;
  const std::vector<CoreEvent> events = StepOnce();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].event.finish, FinishReason::kError);
  EXPECT_NE(events[0].event.error.find("finite"), std::string::npos) << events[0].event.error;
  EXPECT_EQ(events[1].event.finish, FinishReason::kNone);
  EXPECT_EQ(RunToEnd(2).finish, FinishReason::kLength);
}

TEST_F(EngineCoreTest, AnErrorInOnTokenEndsItsRequestAlone) {
  core_.Add(1,
            {.prompt = {1}, .max_tokens = 4, .on_token = [](std::span<const int32_t>) -> Steering {
               throw std::runtime_error("no text");
             }});
  core_.Add(2, {.prompt = {1}, .max_tokens = 4});
  const std::vector<CoreEvent> events = StepOnce();
  EXPECT_EQ(events[0].event.error, "no text");
  EXPECT_EQ(RunToEnd(2).finish, FinishReason::kLength);
}

// Takes a hundredth of a second a step and a thousandth a row, on a clock that it moves.
class ClockedModel : public HashModel {
 public:
  ClockedModel() : HashModel({.kv = {.block_size = 16, .num_blocks = 64}, .max_rows = 256}) {}
  std::span<const float> Forward(const Batch& batch) override {
    rows = static_cast<int32_t>(batch.tokens.size());
    clock.Advance(0.01 + 0.001 * rows);
    return HashModel::Forward(batch);
  }
  FakeClock clock;
  int32_t rows = 0;
};

TEST_F(EngineCoreTest, ALongPromptDoesNotStallAnAnswer) {
  ClockedModel model;
  EngineCore core(model, {.step_seconds = 0.1}, model.clock);
  core.Add(1, {.prompt = std::vector<int32_t>(200, 1), .max_tokens = 100});
  core.Step();
  EXPECT_EQ(model.rows, 200) << "nobody waits";
  core.Step();
  core.Add(2, {.prompt = std::vector<int32_t>(700, 2), .max_tokens = 1});
  double longest = 0;
  while (core.Stats().waiting + core.Stats().running > 1 || core.Stats().generated_tokens < 4) {
    const double start = model.clock.Seconds();
    core.Step();
    longest = std::max(longest, model.clock.Seconds() - start);
  }
  EXPECT_LT(longest, 0.105);
  EXPECT_GT(longest, 0.07) << "the time that there is should be used";
}

TEST_F(EngineCoreTest, WithoutALimitPromptsComeInTheLargestChunks) {
  ClockedModel model;
  EngineCore core(model, {.step_seconds = 0}, model.clock);
  core.Add(1, {.prompt = {1}, .max_tokens = 100});
  core.Step();
  core.Add(2, {.prompt = std::vector<int32_t>(700, 2), .max_tokens = 1});
  core.Step();
  EXPECT_EQ(model.rows, 256);
  EXPECT_THROW(EngineCore(model, {.step_seconds = -1}, model.clock), Error);
}

TEST_F(EngineCoreTest, RefusesWhatCanNeverRunWithFigures) {
  EXPECT_EQ(MessageOf({.prompt = {1}, .max_tokens = 0}, ErrorCode::kInvalidArgument),
            "max_tokens is 0; it must be at least 1");
  EXPECT_EQ(MessageOf({.prompt = {1, 50}, .max_tokens = 1}, ErrorCode::kInvalidArgument),
            "the prompt holds token 50; the model's vocabulary has ids 0 to 49");
  EXPECT_EQ(MessageOf({.prompt = std::vector<int32_t>(100, 1), .max_tokens = 1},
                      ErrorCode::kInvalidArgument),
            "the prompt has 100 tokens and the model's context holds 100, the answer included; "
            "shorten the prompt");
  EXPECT_EQ(MessageOf({.prompt = std::vector<int32_t>(60, 1), .max_tokens = 22},
                      ErrorCode::kResourceExhausted),
            "a prompt of 60 tokens and an answer of up to 22 need a KV cache of 81 tokens and "
            "this one holds 80; lower max_tokens, or enlarge the cache (--kv-tokens, --kv-memory)");
  EXPECT_EQ(core_.max_sequence_tokens(), 81);
  core_.Add(1, {.prompt = std::vector<int32_t>(60, 1), .max_tokens = 21});
  EXPECT_EQ(RunToEnd(1).tokens.size(), 21u);
}

}  // namespace
}  // namespace retort
