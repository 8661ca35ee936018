#include "engine/request.h"

#include <array>
#include <cmath>
#include <set>
#include <string>

#include "base/error.h"
#include "base/rng.h"

namespace retort {
namespace {

void CheckRange(const char* field, double value, bool in_range, const char* range) {
  if (!std::isfinite(value) || !in_range) {
    Fail(ErrorCode::kInvalidArgument, "{} is {}; it must be {}", field, value, range);
  }
}

}  // namespace

void SamplingParams::Validate() const {
  CheckRange("temperature", temperature, temperature >= 0, "at least 0");
  CheckRange("top_k", top_k, top_k >= 0, "at least 0 (0 turns it off)");
  CheckRange("top_p", top_p, top_p > 0 && top_p <= 1, "above 0 and at most 1");
  CheckRange("min_p", min_p, min_p >= 0 && min_p < 1, "at least 0 and below 1");
  CheckRange("repetition_penalty", repetition_penalty, repetition_penalty > 0, "above 0");
  CheckRange("presence_penalty", presence_penalty, std::abs(presence_penalty) <= 2,
             "between -2 and 2");
  CheckRange("frequency_penalty", frequency_penalty, std::abs(frequency_penalty) <= 2,
             "between -2 and 2");
  std::set<int32_t> biased;
  for (const auto& [token, bias] : logit_bias) {
    if (!biased.insert(token).second) {
      Fail(ErrorCode::kInvalidArgument, "logit_bias names token {} twice; once is enough", token);
    }
    const std::string field = fmt::format("logit_bias of token {}", token);
    CheckRange(field.c_str(), bias, std::abs(bias) <= 100, "between -100 and 100");
  }
}

uint64_t ChoiceSeed(uint64_t seed, int32_t choice) {
  // A seed's draws are RandomBits(seed, i); the complement keeps the seeds of its choices apart.
  return choice == 0 ? seed : RandomBits(~seed, static_cast<uint64_t>(choice));
}

std::string_view FinishReasonName(FinishReason reason) {
  constexpr std::array<std::string_view, 6> kNames = {"none",      "stop",  "length",
                                                      "cancelled", "error", "loop"};
  return kNames[static_cast<size_t>(reason)];
}

void Request::Validate() const {
  sampling.Validate();
  if (prompt.empty()) {
    Fail(ErrorCode::kInvalidArgument, "the prompt is empty; it needs at least one token");
  }
  CheckRange("max_tokens", max_tokens, max_tokens >= 1, "at least 1");
  CheckRange("min_tokens", min_tokens, min_tokens >= 0 && min_tokens <= max_tokens,
             "at least 0 and at most max_tokens");
  CheckRange("n", num_choices, num_choices >= 1 && num_choices <= kMaxChoices, "between 1 and 128");
  const int32_t top = top_logprobs.value_or(0);
  CheckRange("top_logprobs", top, top >= 0 && top <= kMaxTopLogprobs, "between 0 and 20");
  CheckRange("vocab_limit", vocab_limit, vocab_limit >= 0, "at least 0 (0: no limit)");
}

void CheckTokens(const char* what, std::span<const int32_t> tokens, int64_t vocab_size) {
  for (int32_t token : tokens) {
    if (token < 0 || token >= vocab_size) {
      Fail(ErrorCode::kInvalidArgument, "{} holds token {}; the model's vocabulary has ids 0 to {}",
           what, token, vocab_size - 1);
    }
  }
}

}  // namespace retort
