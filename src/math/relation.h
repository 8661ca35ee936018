// What relations say: which of them only name an answer, and when two are the same.
//
//   AnswerOf(x = 5 + 6 = 11)                        // 11
//   SameEquation(x + y = 1, 2x + 2y = 2, algebra)   // true
//
// Stateless and thread-safe.
#pragma once

#include "math/value.h"

namespace retort {

// "x = 5", "S_1 : S_2 = 3 : 4", "(x, y) = (1, 2)", "3 + 4 = 7", "x ≈ 11", "a = b = 3"; of a chain
// the last exact side. nullptr for an equation such as x + y = 1, and for inequalities.
const Value* AnswerOf(const Value& relation);
// What an assignment assigns to; nullptr if it names nothing, as "3 + 4 = 7".
const Value* NameOf(const Value& relation);

// Two-sided relations of the same kind whose sides' differences are multiples of each other; the
// multiple must be positive for inequalities.
bool SameEquation(const Value& a, const Value& b, Algebra& algebra);

// Chains of inequalities with the smallest side first: a < b, b > a.
Value Ascending(const Value& relation);
bool IsInequality(const Value& relation);

}  // namespace retort
