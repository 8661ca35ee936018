// Reads one number with what people write around it, from normalised text (normalize.h): "name ="
// and prose before it, unit words, "万" or "%" behind.
//
//   ReadValue("area = 2\\pi cm^2", Thousands::kJoined)   // 2π; nothing for "5x" or "3 or 4"
//
// Texts over kMaxExpressionLength bytes hold nothing. Stateless and thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "lab/grading/expression.h"
#include "lab/grading/quantity.h"

namespace retort {

std::optional<Quantity> ReadValue(std::string_view text, Thousands thousands);

}  // namespace retort
