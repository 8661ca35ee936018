// Variables of one answer by the names of another, for graders to whom names do not matter.
//
//   RenamedAs(gold, given, algebra)   // of "x + 2y" and "x + 2t": x + 2y
//
// Names that both have stay; the others are matched in the order of the alphabet. Where they are
// not equally many, or the budget is spent, the answer comes back as it was. Thread-safe.
#pragma once

#include "math/value.h"

namespace retort {

Value RenamedAs(const Value& gold, Value given, Algebra& algebra);

}  // namespace retort
