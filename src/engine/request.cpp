#include "engine/request.h"

#include <array>
#include <cmath>

#include "base/error.h"

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
}

std::string_view FinishReasonName(FinishReason reason) {
  constexpr std::array<std::string_view, 6> kNames = {"none",      "stop",  "length",
                                                      "cancelled", "error", "loop"};
  return kNames[static_cast<size_t>(reason)];
}

}  // namespace retort
