// What is asked of the engine, in token ids. Immutable once submitted.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace retort {

// Order of application: penalties, temperature, top-k, top-p, min-p, draw.
struct SamplingParams {
  double temperature = 0;         // 0: the most likely token (ties: lowest id)
  int32_t top_k = 0;              // 0: off
  double top_p = 1;               // (0, 1]
  double min_p = 0;               // [0, 1): at least min_p times the greatest probability
  double repetition_penalty = 1;  // > 0; over prompt and generated tokens (CTRL, Keskar 2019)
  double presence_penalty = 0;    // [-2, 2]; over generated tokens (OpenAI)
  double frequency_penalty = 0;   // [-2, 2]
  uint64_t seed = 0;              // draw i of a request uses (seed, i)

  // Throws kInvalidArgument naming the field, its value and its range.
  void Validate() const;
};

enum class FinishReason : uint8_t {
  kNone,       // still running
  kStop,       // a stop token, or stop_when said so
  kLength,     // max_tokens or the model's context reached
  kCancelled,  // Cancel
  kError,      // the step failed; the event carries the message
};
std::string_view FinishReasonName(FinishReason reason);  // "stop", "length", ...

struct Request {
  std::vector<int32_t> prompt = {};  // at least one token
  SamplingParams sampling = {};
  int32_t max_tokens = 0;  // at least 1
  // Ids from here on are never sampled (rows that only pad the vocabulary); 0: all may be.
  int32_t vocab_limit = 0;
  // End-of-sequence ids; the token that stops is in the output.
  std::vector<int32_t> stop_tokens = {};
  // Called in the engine's thread after each sampled token with all generated so far; true ends the
  // request with kStop (stop strings live above the engine, which knows no text). Must be quick.
  std::function<bool(std::span<const int32_t> generated)> stop_when = nullptr;
};

}  // namespace retort
