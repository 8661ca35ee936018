// Reads exact numbers from normalised text (normalize.h).
//
//   ParseExpression("3/4 metres", Thousands::kJoined)   // 3/4, end = 3
//
// Bounded in time for any input: texts are read up to kMaxExpressionLength bytes; brackets nested
// deeper than 64 and numbers over 1,000 digits are refused. Stateless and thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "lab/grading/quantity.h"

namespace retort {

constexpr size_t kMaxExpressionLength = 1000;

// Whether "1,234" and "1 234" are one number or a list of two.
enum class Thousands { kJoined, kSeparate };

struct ParsedPrefix {
  Quantity value;
  size_t end = 0;  // bytes consumed
};

// The longest expression at the very start of the text: numbers, + - * / ^, brackets, \frac, \sqrt,
// π, mixed numbers.
std::optional<ParsedPrefix> ParseExpression(std::string_view text, Thousands thousands);

// Without spaces around and without punctuation behind.
std::string_view Trim(std::string_view text);

}  // namespace retort
