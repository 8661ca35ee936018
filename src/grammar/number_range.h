// Decimal numbers within bounds, digit by digit.
//
//   IntegerBetween(tree, -5, 120)                        // -5, -4, ..., 120
//   NumberBetween(tree, {.low = 0, .high = 1})           // 0, 0.25, 1.0, ...
//
// No leading zeros, no plus sign, no exponent. Pure but for what they add to the tree.
#pragma once

#include <cstdint>
#include <optional>

#include "grammar/grammar_tree.h"

namespace retort {

inline constexpr int64_t kMaxInteger = 999'999'999'999'999'999;  // 18 digits
inline constexpr int64_t kMaxNumberBound = 999'999'999'999;      // of numbers with a fraction

// low <= high, both within kMaxInteger of 0 and both included.
ExprId IntegerBetween(GrammarTree& tree, int64_t low, int64_t high);

// Bounds within kMaxNumberBound of 0; something must lie between them.
struct NumberBounds {
  std::optional<int64_t> low = {}, high = {};
  bool without_low = false, without_high = false;  // the bound itself is left out
};
// So few digits that a double tells the numbers from the bounds.
ExprId NumberBetween(GrammarTree& tree, const NumberBounds& bounds);

}  // namespace retort
