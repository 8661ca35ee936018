// Random requests for the tests of the engine's invariants, and the tokens each gets when it runs
// alone.
//
//   Rng rng(seed);
//   const Request request = RandomRequest(rng, {.vocab_size = 50});
//   const std::vector<int32_t> alone = TokensAlone(model, request);
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "engine/engine_core.h"

namespace retort {

struct RequestRange {
  int64_t vocab_size = 0;
  int64_t longest_prompt = 30;
  int64_t longest_answer = 20;
};

inline Request RandomRequest(Rng& rng, const RequestRange& range) {
  const auto token = [&] { return static_cast<int32_t>(rng.Int(0, range.vocab_size - 1)); };
  Request request;
  for (int64_t n = rng.Int(1, range.longest_prompt); n > 0; --n) request.prompt.push_back(token());
  request.max_tokens = static_cast<int32_t>(rng.Int(1, range.longest_answer));
  SamplingParams& sampling = request.sampling;
  sampling.seed = rng.Bits();
  if (rng.Int(0, 2) > 0) sampling.temperature = 0.1 + rng.Uniform();
  if (rng.Int(0, 1) > 0) sampling.top_p = 0.5 + rng.Uniform() / 2;
  if (rng.Int(0, 2) == 0) sampling.top_k = static_cast<int32_t>(rng.Int(1, 20));
  if (rng.Int(0, 2) == 0) sampling.repetition_penalty = 1.1;
  if (rng.Int(0, 3) == 0) sampling.frequency_penalty = 0.5;
  if (rng.Int(0, 1) > 0) request.stop_tokens = {token()};
  if (rng.Int(0, 3) == 0) {
    const auto after = static_cast<size_t>(rng.Int(1, range.longest_answer));
    request.on_token = [after, forced = std::vector<int32_t>{token(), token(), token()}](
                           std::span<const int32_t> generated) {
      return Steering{.force = generated.size() == after ? forced : std::vector<int32_t>()};
    };
  }
  return request;
}

// Runs one request in an engine of its own, its prompt in as few steps as the model allows.
inline std::vector<int32_t> TokensAlone(LanguageModel& model, const Request& request) {
  const FakeClock clock;
  EngineCore core(model, {.max_batch_tokens = model.max_rows(), .max_running = 1}, clock);
  core.Add(1, request);
  std::vector<int32_t> tokens;
  while (core.HasWork()) {
    for (const CoreEvent& event : core.Step()) {
      tokens.insert(tokens.end(), event.event.tokens.begin(), event.event.tokens.end());
    }
  }
  return tokens;
}

}  // namespace retort
