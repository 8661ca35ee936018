// Computing ahead changes how fast tokens come and nothing else: every case here runs with drafts
// and without.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <span>
#include <vector>

#include "base/clock.h"
#include "engine/engine_core.h"
#include "engine/test_answer.h"
#include "engine/test_step_seconds.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

using Tokens = std::vector<int32_t>;

// A model whose steps take as long as `seconds_of` says, by rows.
class TimedModel : public HashModel {
 public:
  TimedModel(const HashModelOptions& options, FakeClock& clock,
             std::function<double(int32_t rows)> seconds_of)
      : HashModel(options), clock_(clock), seconds_of_(std::move(seconds_of)) {}
  std::span<const float> Forward(const Batch& batch) override {
    clock_.Advance(seconds_of_(static_cast<int32_t>(batch.tokens.size())));
    return HashModel::Forward(batch);
  }

 private:
  FakeClock& clock_;
  std::function<double(int32_t rows)> seconds_of_;
};

constexpr KvGeometry kCache = {.block_size = 4, .num_blocks = 256};
constexpr HashModelOptions kRepeating = {.vocab_size = 40, .habit = 7, .kv = kCache};
constexpr HashModelOptions kUnpredictable = {.vocab_size = 40, .kv = kCache};
constexpr EngineOptions kAlways = {.max_draft_tokens = 8, .draft_always = true};
constexpr EngineOptions kNever = {.max_draft_tokens = 0};

struct TimedAnswer : Answer {
  EngineStats stats = {};
  double seconds = 0;
};

TimedAnswer GenerateTimed(const Request& request, const EngineOptions& options,
                          const HashModelOptions& model_options = kRepeating,
                          double (*seconds_of)(int32_t rows) = FlatSeconds) {
  FakeClock clock;
  TimedModel model(model_options, clock, seconds_of);
  EngineCore core(model, options, clock);
  core.Add(1, request);
  TimedAnswer answer;
  while (core.HasWork()) {
    for (const CoreEvent& event : core.Step()) {
      EXPECT_LE(event.event.tokens.size(), 1u);
      answer.Take(event.event);
    }
    core.scheduler().CheckIntegrity();
  }
  answer.stats = core.Stats();
  EXPECT_EQ(answer.stats.free_blocks, answer.stats.total_blocks);
  answer.seconds = clock.Seconds();
  return answer;
}

// With drafts, and the same without.
TimedAnswer GenerateBothWays(const Request& request) {
  const TimedAnswer with = GenerateTimed(request, kAlways);
  const TimedAnswer without = GenerateTimed(request, kNever);
  EXPECT_EQ(with.tokens, without.tokens);
  EXPECT_EQ(with.forced, without.forced);
  EXPECT_TRUE(with.logprobs == without.logprobs);
  EXPECT_EQ(with.finish, without.finish);
  EXPECT_EQ(with.error, without.error);
  EXPECT_EQ(with.stats.generated_tokens, without.stats.generated_tokens);
  EXPECT_EQ(with.stats.prompt_tokens, without.stats.prompt_tokens);
  EXPECT_EQ(without.stats.drafted_tokens, 0);
  return with;
}

Request Ask(int32_t max_tokens, SamplingParams sampling = {}) {
  return {.prompt = {1, 2, 3}, .sampling = sampling, .max_tokens = max_tokens};
}

TEST(Speculation, TakesSeveralTokensAStepWhereTheTextRepeats) {
  const TimedAnswer answer = GenerateBothWays(Ask(200));
  EXPECT_LT(answer.stats.steps, 120);
  EXPECT_GT(answer.stats.accepted_tokens, 80);
  EXPECT_EQ(answer.stats.steps + answer.stats.accepted_tokens, 200);
  EXPECT_GE(answer.stats.drafted_tokens, answer.stats.accepted_tokens);
}

TEST(Speculation, AnySamplingGivesTheSameTokens) {
  int64_t accepted = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    accepted += GenerateBothWays(Ask(150, {.temperature = 0.8, .top_p = 0.95, .seed = seed}))
                    .stats.accepted_tokens;
    GenerateBothWays(Ask(150, {.temperature = 1,
                               .top_k = 5,
                               .repetition_penalty = 1.05,
                               .presence_penalty = 0.1,
                               .frequency_penalty = 0.02,
                               .logit_bias = {{.token = 3, .bias = 2}},
                               .seed = seed}));
  }
  EXPECT_GT(accepted, 500);
}

// Wherever it ends: within what was drafted, and within what was accepted.
TEST(Speculation, EveryStopTokenAndEveryLimitEndsWhereItDidWithout) {
  const Tokens free_run = GenerateTimed(Ask(120), kNever).tokens;
  for (int32_t limit = 1; limit <= 120; ++limit) {
    const TimedAnswer answer = GenerateBothWays(Ask(limit));
    ASSERT_EQ(answer.tokens, Tokens(free_run.begin(), free_run.begin() + limit));
  }
  for (int32_t token = 0; token < 40; ++token) {
    Request request = Ask(120);
    request.stop_tokens = {token};
    GenerateBothWays(request);
    request.min_tokens = 100;
    GenerateBothWays(request);
  }
}

TEST(Speculation, TheContextEndsAnAnswerAtTheSamePlace) {
  HashModelOptions options = kRepeating;
  for (int64_t positions = 20; positions < 60; ++positions) {
    options.max_positions = positions;
    const TimedAnswer with = GenerateTimed(Ask(500), kAlways, options);
    EXPECT_EQ(with.tokens, GenerateTimed(Ask(500), kNever, options).tokens);
    EXPECT_EQ(std::ssize(with.tokens), positions - 3);
    EXPECT_EQ(with.finish, FinishReason::kLength);
  }
}

TEST(Speculation, LogprobsAreThoseOfEachToken) {
  Request request = Ask(100, {.temperature = 0.7, .seed = 4});
  request.top_logprobs = 3;
  const TimedAnswer answer = GenerateBothWays(request);
  ASSERT_EQ(answer.logprobs.size(), 100u);
  for (size_t i = 0; i < 100; ++i) EXPECT_EQ(answer.logprobs[i].chosen.token, answer.tokens[i]);
}

TEST(Speculation, TheOwnerSeesEachTokenAndMayForceOrStopAnywhere) {
  for (size_t place = 1; place < 90; ++place) {
    std::vector<size_t> asked;
    Request request = Ask(100);
    request.on_token = [&](std::span<const int32_t> generated) {
      asked.push_back(generated.size());
      if (generated.size() == place) return Steering{.force = {7, 8, 9, 7, 8, 9, 7, 8, 9, 11}};
      const bool ends = generated.size() == place + 30;
      return Steering{.finish = ends ? FinishReason::kLoop : FinishReason::kNone};
    };
    const TimedAnswer with = GenerateTimed(request, kAlways);
    for (size_t i = 0; i < asked.size(); ++i) ASSERT_EQ(asked[i], i + 1);
    const TimedAnswer without = GenerateTimed(request, kNever);
    ASSERT_EQ(with.tokens, without.tokens);
    ASSERT_EQ(with.forced, without.forced);
    ASSERT_EQ(with.finish, without.finish);
  }
}

TEST(Speculation, ForcedTokensTakeOneStep) {
  Request request = Ask(40);
  request.on_token = [](std::span<const int32_t> generated) {
    return Steering{.force = generated.size() == 5 ? Tokens({20, 21, 22, 23, 24}) : Tokens()};
  };
  const TimedAnswer with = GenerateTimed(request, {.max_draft_tokens = 8}, kUnpredictable);
  EXPECT_EQ(with.forced, Tokens({20, 21, 22, 23, 24}));
  EXPECT_EQ(with.stats.steps, 40 - 5) << "and a token sampled behind them";
  EXPECT_EQ(with.stats.accepted_tokens, 0) << "they are no guesses";
  EXPECT_EQ(with.tokens, GenerateTimed(request, kNever, kUnpredictable).tokens);
}

TEST(Speculation, AnOwnerThatFailsWithinARunEndsItsRequestThere) {
  for (size_t place = 30; place < 60; ++place) {
    Request request = Ask(100);
    request.on_token = [=](std::span<const int32_t> generated) -> Steering {
      if (generated.size() == place) throw std::runtime_error("no text");
      return {};
    };
    const TimedAnswer answer = GenerateBothWays(request);
    EXPECT_EQ(answer.error, "no text");
    EXPECT_EQ(answer.tokens.size(), place);
  }
}

TEST(Speculation, CancellationMidwayFreesAllBlocks) {
  for (int steps = 1; steps < 40; ++steps) {
    const FakeClock clock;
    HashModel model(kRepeating);
    EngineCore core(model, kAlways, clock);
    core.Add(1, Ask(300));
    core.Add(2, Ask(300, {.temperature = 0.5, .seed = 1}));
    for (int step = 0; step < steps; ++step) core.Step();
    core.Cancel(1);
    core.scheduler().CheckIntegrity();
    core.Step();
    core.Cancel(2);
    core.scheduler().CheckIntegrity();
    EXPECT_EQ(core.Stats().free_blocks, core.Stats().total_blocks);
  }
}

TEST(Speculation, SwitchedOnItIsFasterWhereItPays) {
  const TimedAnswer with = GenerateTimed(Ask(400), {.max_draft_tokens = 8});
  const TimedAnswer without = GenerateTimed(Ask(400), kNever);
  EXPECT_EQ(with.tokens, without.tokens);
  EXPECT_LT(with.seconds, 0.6 * without.seconds);
}

// An unpredictable text, rows that cost what a step costs, or both.
TEST(Speculation, ItCostsThreePerCentAtMostWhereItDoesNotPay) {
  for (const HashModelOptions& model : {kRepeating, kUnpredictable}) {
    for (double (*seconds_of)(int32_t) : {FlatSeconds, ProportionalSeconds}) {
      for (uint64_t seed = 1; seed <= 3; ++seed) {
        Request request = Ask(400, {.temperature = 1, .seed = seed});
        for (int32_t i = 0; i < 40; ++i) request.prompt.push_back(i % 7);
        const TimedAnswer with = GenerateTimed(request, {.max_draft_tokens = 8}, model, seconds_of);
        const TimedAnswer without = GenerateTimed(request, kNever, model, seconds_of);
        EXPECT_EQ(with.tokens, without.tokens);
        EXPECT_LT(with.seconds, 1.03 * without.seconds);
      }
    }
  }
}

TEST(Speculation, DraftsStopWhereRowsAreExpensive) {
  FakeClock clock;
  TimedModel model(kRepeating, clock, ProportionalSeconds);
  EngineCore core(model, {.max_draft_tokens = 8}, clock);
  core.Add(1, Ask(900));
  const auto run = [&](int steps) {
    const int64_t before = core.Stats().draft_steps;
    for (int step = 0; step < steps; ++step) core.Step();
    return core.Stats().draft_steps - before;
  };
  run(50);
  EXPECT_LE(run(700), 12) << "trials, further and further apart";
}

}  // namespace
}  // namespace retort
