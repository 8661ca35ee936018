// What is asked of the engine, in token ids. Immutable once submitted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/token_constraint.h"

namespace retort {

struct TokenBias {
  int32_t token = 0;
  double bias = 0;
};

// Order of application: the request's constraint, logit bias, penalties, temperature, top-k, top-p,
// min-p, draw.
struct SamplingParams {
  double temperature = 0;         // 0: the most likely token (ties: lowest id)
  int32_t top_k = 0;              // 0: off
  double top_p = 1;               // (0, 1]
  double min_p = 0;               // [0, 1): at least min_p times the greatest probability
  double repetition_penalty = 1;  // > 0; over prompt and generated tokens (CTRL, Keskar 2019)
  double presence_penalty = 0;    // [-2, 2]; over generated tokens (OpenAI)
  double frequency_penalty = 0;   // [-2, 2]
  // Added to the logits of these tokens, each named once, in [-100, 100] (OpenAI): 100 all but
  // forces a token, -100 all but bans it.
  std::vector<TokenBias> logit_bias = {};
  uint64_t seed = 0;  // draw i of a request uses (seed, i)

  // Throws kInvalidArgument naming the field, its value and its range.
  void Validate() const;
};

enum class FinishReason : uint8_t {
  kNone,       // still running
  kStop,       // a stop token, or on_token said so
  kLength,     // max_tokens or the model's context reached
  kCancelled,  // Cancel
  kError,      // the step failed; the event carries the message
  kLoop,       // on_token found that the answer repeats itself
};
std::string_view FinishReasonName(FinishReason reason);  // "stop", "length", ...

// What the owner of a request makes of a token that has come: as it is, the request goes on.
struct Steering {
  // kStop or kLoop: the request ends with the token that has come.
  FinishReason finish = FinishReason::kNone;
  // The next tokens, one a step, instead of sampled ones; after them generation goes on freely.
  // They come behind what an earlier call forced and has not been generated yet.
  std::vector<int32_t> force = {};
};

// The most choices of a request, and the most likeliest tokens reported at one place.
inline constexpr int32_t kMaxChoices = 128;
inline constexpr int32_t kMaxTopLogprobs = 20;

// The seed that choice number `choice` of a request draws with; the first one's is the request's.
uint64_t ChoiceSeed(uint64_t seed, int32_t choice);

struct Request {
  std::vector<int32_t> prompt = {};  // at least one token
  SamplingParams sampling = {};
  int32_t max_tokens = 0;  // of each choice, at least 1
  int32_t min_tokens = 0;  // stop tokens are not sampled before so many; at most max_tokens
  // Answers to the one prompt (OpenAI's n), each as if asked for alone with its ChoiceSeed. Where
  // prefixes are cached, they share the prompt's full blocks and compute them once.
  int32_t num_choices = 1;
  // With a value, tokens come with their log-probabilities and those of so many likeliest ones
  // (logprobs.h), [0, kMaxTopLogprobs].
  std::optional<int32_t> top_logprobs = std::nullopt;
  // Ids from here on are never sampled (rows that only pad the vocabulary); 0: all may be.
  int32_t vocab_limit = 0;
  // End-of-sequence ids; the token that stops is in the output.
  std::vector<int32_t> stop_tokens = {};
  // Called in the engine's thread after each token, sampled or forced, with all generated so far.
  // What stops or steers a request by its text lives above the engine, which knows no text. It must
  // be quick, and a function of the tokens alone: then a request's tokens stay one, too. Each
  // choice has a copy of its own.
  std::function<Steering(std::span<const int32_t> generated)> on_token = nullptr;
  // What tokens may come, none for any; how each choice begins. It goes before min_tokens: where it
  // allows stop tokens alone, or is complete, the choice ends.
  std::shared_ptr<const TokenConstraint> constraint = nullptr;

  // What can be said without knowing the model; throws as SamplingParams::Validate.
  void Validate() const;
};

// Throws kInvalidArgument if a model with so many tokens does not have one of these. `what` names
// where they stand.
void CheckTokens(const char* what, std::span<const int32_t> tokens, int64_t vocab_size);

}  // namespace retort
