// An expression with what may stand around it: words before, a unit, a percent sign or a magnitude
// behind; and numbers in another base.
//
//   ReadQuantity("about 3.5 million dollars")   // 3500000, unit "million dollars"
//   ReadBased("204_5")                          // 204 in base 5
//
// Nothing where the tokens, all of them, are no such thing. Thread-safe.
#pragma once

#include <optional>

#include "math/expression.h"
#include "math/nesting.h"
#include "math/value.h"

namespace retort {

// The brackets of the tokens match.
std::optional<Value> ReadQuantity(Tokens tokens, PlusMinus sign, Algebra& algebra);
std::optional<Value> ReadBased(Tokens tokens);

}  // namespace retort
