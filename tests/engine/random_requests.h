// Random requests for the tests of the engine's invariants, and the answers that each gets when it
// runs alone.
//
//   Rng rng(seed);
//   const Request request = RandomRequest(rng, {.num_tokens = 50});
//   const std::vector<Answer> alone = AnswersAlone(model, request);
#pragma once

#include <algorithm>
#include <span>
#include <stdexcept>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "engine/engine_core.h"

namespace retort {

// One choice of a request, with all that must not depend on its neighbours.
struct Answer {
  std::vector<int32_t> tokens = {};
  std::vector<TokenLogprobs> logprobs = {};
  FinishReason finish = FinishReason::kNone;
  std::string error = {};

  void Append(const TokenEvent& event) {
    tokens.insert(tokens.end(), event.tokens.begin(), event.tokens.end());
    logprobs.insert(logprobs.end(), event.logprobs.begin(), event.logprobs.end());
    finish = event.finish;
    error = event.error;
  }
};

struct RequestRange {
  int64_t first_token = 0;
  int64_t num_tokens = 0;
  int64_t longest_prompt = 30;
  int64_t longest_answer = 20;
  int64_t most_choices = 3;
};

// Forces a few tokens at some place, or throws there.
inline std::function<Steering(std::span<const int32_t>)> SteerAt(size_t place, bool fails,
                                                                 std::vector<int32_t> forced) {
  return [=](std::span<const int32_t> generated) {
    if (generated.size() != place) return Steering{};
    if (fails) throw std::runtime_error("the owner failed");
    return Steering{.force = forced};
  };
}

inline void RandomSampling(Rng& rng, const RequestRange& range, SamplingParams& sampling) {
  const auto one_in = [&](int64_t n) { return rng.Int(1, n) == 1; };
  sampling.seed = rng.Bits();
  if (!one_in(3)) sampling.temperature = 0.1 + rng.Uniform();
  if (one_in(2)) sampling.top_p = 0.5 + rng.Uniform() / 2;
  if (one_in(3)) sampling.top_k = static_cast<int32_t>(rng.Int(1, 20));
  if (one_in(4)) sampling.min_p = rng.Uniform() / 10;
  if (one_in(3)) sampling.repetition_penalty = 1.1;
  if (one_in(4)) sampling.frequency_penalty = 0.5;
  auto biased = static_cast<int32_t>(range.first_token);
  for (int64_t n = one_in(3) ? rng.Int(1, 4) : 0; n > 0; --n) {
    sampling.logit_bias.push_back({.token = biased, .bias = 10 * rng.Uniform() - 5});
    biased += static_cast<int32_t>(rng.Int(1, range.num_tokens / 4 - 1));
  }
}

inline Request RandomRequest(Rng& rng, const RequestRange& range) {
  const auto one_in = [&](int64_t n) { return rng.Int(1, n) == 1; };
  const auto token = [&] {
    return static_cast<int32_t>(range.first_token + rng.Int(0, range.num_tokens - 1));
  };
  Request request;
  for (int64_t n = rng.Int(1, range.longest_prompt); n > 0; --n) request.prompt.push_back(token());
  RandomSampling(rng, range, request.sampling);
  request.max_tokens = static_cast<int32_t>(rng.Int(1, range.longest_answer));
  if (one_in(4)) request.num_choices = static_cast<int32_t>(rng.Int(2, range.most_choices));
  if (one_in(2)) request.stop_tokens = {token()};
  if (one_in(4)) request.min_tokens = static_cast<int32_t>(rng.Int(0, request.max_tokens));
  if (one_in(3)) request.top_logprobs = static_cast<int32_t>(rng.Int(0, 5));
  if (one_in(4)) {
    request.on_token = SteerAt(static_cast<size_t>(rng.Int(1, range.longest_answer)), one_in(5),
                               {token(), token(), token()});
  }
  return request;
}

// Runs each choice in an engine of its own, its prompt in as few steps as the model allows
// and nothing drafted.
inline std::vector<Answer> AnswersAlone(LanguageModel& model, const Request& request) {
  std::vector<Answer> answers(static_cast<size_t>(request.num_choices));
  for (int32_t choice = 0; choice < request.num_choices; ++choice) {
    Request alone = request;
    alone.num_choices = 1;
    alone.sampling.seed = ChoiceSeed(request.sampling.seed, choice);
    const FakeClock clock;
    EngineCore core(model,
                    {.max_batch_tokens = model.max_rows(),
                     .max_running = 1,
                     .prefix_cache = false,
                     .max_draft_tokens = 0},
                    clock);
    core.Add(1, alone);
    while (core.HasWork()) {
      for (const CoreEvent& event : core.Step()) {
        answers[static_cast<size_t>(choice)].Append(event.event);
      }
    }
  }
  return answers;
}

}  // namespace retort
