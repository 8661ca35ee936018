// Sets of real numbers with constant bounds, from intervals, finite sets, unions and inequalities.
//
//   ReadSolutionSet(0 <= x < 1)  ==  ReadSolutionSet([0, 1))
//
// Ranges that touch are merged, so that [0, 1] ∪ (1, 2] is [0, 2]. Thread-safe values.
#pragma once

#include <optional>
#include <vector>

#include "math/value.h"

namespace retort {

struct Bound {
  Form value;  // not used where it is infinite
  Rational approximate;
  bool infinite = false;
  bool closed = false;
};
struct Range {
  Bound low, high;
};
using SolutionSet = std::vector<Range>;  // ascending, apart

// Nothing if the value is no set of real numbers with constant bounds.
std::optional<SolutionSet> ReadSolutionSet(const Value& value, Algebra& algebra);
bool SameSet(const SolutionSet& a, const SolutionSet& b, Algebra& algebra);

}  // namespace retort
