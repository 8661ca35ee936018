// What a TokenConstraint makes of a request: tokens that it does not allow never come, and nothing
// else about the engine shows.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/clock.h"
#include "engine/engine_core.h"
#include "engine/test_answer.h"
#include "tests/support/expect_error.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

using Tokens = std::vector<int32_t>;

constexpr int32_t kVocabulary = 100;  // two words, the second one not full
constexpr HashModelOptions kModel = {
    .vocab_size = kVocabulary, .habit = 7, .kv = {.block_size = 4, .num_blocks = 256}};

// Allows the tokens whose sum with all before is not divisible by 3; after `length` tokens,
// nothing. Dormant until `wakes_at` has come, if that is a token.
class SumConstraint : public TokenConstraint {
 public:
  explicit SumConstraint(int32_t length, int32_t wakes_at = -1)
      : left_(length), wakes_at_(wakes_at) {}

  std::unique_ptr<TokenConstraint> Clone() const override {
    return std::make_unique<SumConstraint>(*this);
  }
  std::span<const uint64_t> Allowed() override {
    if (wakes_at_ >= 0) return {};
    bits_.assign(2, 0);
    for (int32_t token = 0; token < kVocabulary; ++token) {
      if (Fits(token)) bits_[static_cast<size_t>(token) / 64] |= uint64_t{1} << (token % 64);
    }
    return bits_;
  }
  void Accept(int32_t token) override {
    if (wakes_at_ >= 0) {
      if (token == wakes_at_) wakes_at_ = -1;
      return;
    }
    if (!Fits(token)) Fail(ErrorCode::kInvalidArgument, "token {} does not fit", token);
    sum_ += token;
    --left_;
  }
  bool complete() const override { return left_ == 0; }

 private:
  bool Fits(int32_t token) const { return (sum_ + token) % 3 != 0; }

  int32_t left_, wakes_at_;
  int64_t sum_ = 0;
  std::vector<uint64_t> bits_;
};

// Allows these tokens and no others, for ever.
class OnlyThese : public TokenConstraint {
 public:
  explicit OnlyThese(Tokens tokens) : tokens_(std::move(tokens)) {}
  std::unique_ptr<TokenConstraint> Clone() const override {
    return std::make_unique<OnlyThese>(*this);
  }
  std::span<const uint64_t> Allowed() override {
    bits_.assign(1, 0);  // fewer words than the vocabulary has
    for (const int32_t token : tokens_) bits_[0] |= uint64_t{1} << token;
    return bits_;
  }
  void Accept(int32_t) override {}
  bool complete() const override { return false; }

 private:
  Tokens tokens_;
  std::vector<uint64_t> bits_;
};

// By request and choice.
std::map<std::pair<int64_t, int32_t>, Answer> GenerateAll(const std::vector<Request>& requests,
                                                          const EngineOptions& options,
                                                          const HashModelOptions& model_options,
                                                          EngineStats* stats = nullptr) {
  HashModel model(model_options);
  const FakeClock clock;
  EngineCore core(model, options, clock);
  for (size_t i = 0; i < requests.size(); ++i) core.Add(static_cast<int64_t>(i + 1), requests[i]);
  std::map<std::pair<int64_t, int32_t>, Answer> answers;
  while (core.HasWork()) {
    for (const CoreEvent& event : core.Step()) {
      answers[{event.id, event.event.choice}].Take(event.event);
    }
  }
  EXPECT_EQ(core.Stats().free_blocks, core.Stats().total_blocks);
  if (stats != nullptr) *stats = core.Stats();
  return answers;
}

Answer GenerateConstrained(const Request& request, const EngineOptions& options = {}) {
  return GenerateAll({request}, options, kModel).begin()->second;
}

Request Ask(SamplingParams sampling, std::shared_ptr<const TokenConstraint> constraint) {
  return {.prompt = {1, 2, 3},
          .sampling = std::move(sampling),
          .max_tokens = 100,
          .constraint = std::move(constraint)};
}

void ExpectFits(const Tokens& tokens, size_t from = 0) {
  int64_t sum = 0;
  for (size_t i = from; i < tokens.size(); ++i) {
    sum += tokens[i];
    EXPECT_NE(sum % 3, 0) << "at token " << i;
  }
}

TEST(Constraint, HoldsWhateverTheSampling) {
  std::vector<SamplingParams> all = {
      {.temperature = 0},
      {.temperature = 1},
      {.temperature = 2, .top_k = 3},
      {.temperature = 1, .top_p = 0.5},
      {.temperature = 1, .min_p = 0.2},
      {.temperature = 0.7,
       .repetition_penalty = 1.3,
       .presence_penalty = -2,
       .frequency_penalty = 1},
  };
  SamplingParams biased = {.temperature = 1};
  for (const int32_t token : {0, 3, 6, 30, 99}) biased.logit_bias.push_back({token, 100});
  all.push_back(biased);
  for (SamplingParams& sampling : all) {
    for (sampling.seed = 0; sampling.seed < 5; ++sampling.seed) {
      const Answer answer = GenerateConstrained(Ask(sampling, std::make_shared<SumConstraint>(40)));
      EXPECT_EQ(answer.tokens.size(), 40u);
      EXPECT_EQ(answer.finish, FinishReason::kStop) << "complete, without an end token";
      ExpectFits(answer.tokens);
    }
  }
  const Answer free_run = GenerateConstrained(Ask({.temperature = 1}, nullptr));
  int64_t sum = 0, misfits = 0;
  for (const int32_t token : free_run.tokens) misfits += (sum += token) % 3 == 0 ? 1 : 0;
  EXPECT_GT(misfits, 10) << "without it, they come";
}

TEST(Constraint, SleepsUntilItIsWoken) {
  const SamplingParams sampling = {.temperature = 1, .seed = 4};
  const Tokens free_run = GenerateConstrained(Ask(sampling, nullptr)).tokens;
  const int32_t waking = free_run[20];
  const auto first = std::find(free_run.begin(), free_run.end(), waking) - free_run.begin();
  const Answer answer =
      GenerateConstrained(Ask(sampling, std::make_shared<SumConstraint>(30, waking)));
  ASSERT_EQ(std::ssize(answer.tokens), first + 1 + 30);
  EXPECT_TRUE(std::equal(free_run.begin(), free_run.begin() + first + 1, answer.tokens.begin()));
  ExpectFits(answer.tokens, static_cast<size_t>(first) + 1);
}

TEST(Constraint, DraftsNeighboursAndPreemptionChangeNothing) {
  std::vector<Request> requests;
  for (uint64_t seed = 0; seed < 6; ++seed) {
    Request request = Ask({.temperature = seed % 2 == 0 ? 0.0 : 0.8, .seed = seed},
                          std::make_shared<SumConstraint>(60 + static_cast<int32_t>(seed)));
    request.prompt.push_back(static_cast<int32_t>(seed));
    requests.push_back(request);
  }
  HashModelOptions small = kModel;
  small.kv.num_blocks = 40;
  EngineStats drafted, preempted;
  const auto always =
      GenerateAll(requests, {.max_draft_tokens = 8, .draft_always = true}, kModel, &drafted);
  const auto tight = GenerateAll(requests, {.max_draft_tokens = 0}, small, &preempted);
  EXPECT_GT(drafted.accepted_tokens, 0);
  EXPECT_GT(drafted.drafted_tokens, drafted.accepted_tokens) << "some were not allowed";
  EXPECT_GT(preempted.preemptions, 0);
  for (size_t i = 0; i < requests.size(); ++i) {
    const Answer alone = GenerateConstrained(requests[i], {.max_draft_tokens = 0});
    const std::pair key = {static_cast<int64_t>(i + 1), 0};
    EXPECT_EQ(always.at(key).tokens, alone.tokens);
    EXPECT_EQ(tight.at(key).tokens, alone.tokens);
    ExpectFits(alone.tokens);
    EXPECT_EQ(alone.finish, FinishReason::kStop);
  }
}

TEST(Constraint, EachChoiceHasItsOwn) {
  Request request = Ask({.temperature = 1, .seed = 3}, std::make_shared<SumConstraint>(25));
  request.num_choices = 4;
  const auto answers = GenerateAll({request}, {}, kModel);
  ASSERT_EQ(answers.size(), 4u);
  std::set<Tokens> different;
  for (const auto& [key, answer] : answers) {
    EXPECT_EQ(answer.tokens.size(), 25u);
    ExpectFits(answer.tokens);
    different.insert(answer.tokens);
  }
  EXPECT_EQ(different.size(), 4u);
}

TEST(Constraint, LogprobsAreTheModelsOwn) {
  Request request = Ask({.temperature = 0}, std::make_shared<SumConstraint>(20));
  request.top_logprobs = 3;
  const Answer answer = GenerateConstrained(request);
  int masked = 0;
  for (const TokenLogprobs& each : answer.logprobs) {
    EXPECT_LE(each.chosen.logprob, each.top.front().logprob);
    if (each.chosen.token != each.top.front().token) ++masked;
  }
  EXPECT_GT(masked, 0) << "the likeliest token of all was not allowed";
}

TEST(Constraint, GoesBeforeMinTokens) {
  Request request = Ask({.temperature = 0}, std::make_shared<OnlyThese>(Tokens{7}));
  request.stop_tokens = {7};
  request.min_tokens = 10;
  EXPECT_EQ(GenerateConstrained(request).tokens, Tokens{7}) << "nothing but the end is allowed";
  request.constraint = std::make_shared<OnlyThese>(Tokens{7, 8});
  const Tokens tokens = GenerateConstrained(request).tokens;
  ASSERT_GE(tokens.size(), 10u);
  EXPECT_TRUE(std::all_of(tokens.begin(), tokens.begin() + 10, [](int32_t t) { return t == 8; }));
}

TEST(Constraint, AllowingNothingIsAnError) {
  const Answer answer =
      GenerateConstrained(Ask({.temperature = 0}, std::make_shared<OnlyThese>(Tokens{})));
  EXPECT_EQ(answer.finish, FinishReason::kError);
  EXPECT_NE(answer.error.find("none of the 100 tokens"), std::string::npos) << answer.error;
  Request limited = Ask({.temperature = 0}, std::make_shared<OnlyThese>(Tokens{50}));
  limited.vocab_limit = 50;
  EXPECT_EQ(GenerateConstrained(limited).finish, FinishReason::kError)
      << "allowed, but no token of these";
}

TEST(Constraint, AForcedTokenThatItRefusesEndsTheRequest) {
  Request request = Ask({.temperature = 0}, std::make_shared<SumConstraint>(20));
  request.on_token = [](std::span<const int32_t> generated) {
    return Steering{.force = generated.size() == 1 ? Tokens(1, generated[0] * 2) : Tokens()};
  };
  const Answer answer = GenerateConstrained(request);
  EXPECT_EQ(answer.finish, FinishReason::kError);
  EXPECT_NE(answer.error.find("does not fit"), std::string::npos) << answer.error;
}

}  // namespace
}  // namespace retort
