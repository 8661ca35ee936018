// Whether two expressions are the same answer: equal, or so but for rounding, a percent sign or the
// letter of a unit.
//
//   SameExpression(0.5, 1/2, {}, true, algebra)       // true
//   SameExpression(3.14, 3.14159, {}, true, algebra)  // true: half a unit of the gold's last place
//   SameExpression(5, 5m, {}, false, algebra)         // true: metres
//
// Errors: none; what cannot be decided is not the same. Thread-safe.
#pragma once

#include "math/compare.h"

namespace retort {

// Both are expressions. `one_has_decimal`: a decimal stands somewhere in the two answers that they
// are part of, which `options.precision` asks for.
bool SameExpression(const Value& gold, const Value& given, const CompareOptions& options,
                    bool one_has_decimal, Algebra& algebra);

}  // namespace retort
