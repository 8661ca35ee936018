// Whether two answers mean the same.
//
//   SameAnswer(gold, given, {}, algebra)   // with ReadValue's "x = 1/2" and "0.5": true
//
// The policies are in grade.h. Errors: none; what cannot be decided is not the same. Thread-safe.
#pragma once

#include "math/value.h"

namespace retort {

struct CompareOptions {
  // Decimals to which both sides are rounded before a comparison in which one side holds a decimal.
  // Negative: decimals are exact, except for the last place of a gold decimal.
  int precision = -1;
  // Names and the kind of brackets count: f(x) is not f(y), {1, 2} is not (1, 2). Where they do
  // not, (1, 2) is also {1, 2}, and variables stand for each other as rename.h says.
  bool strict = true;
  // x > 2 may answer a gold (2, ∞). A gold inequality may always be answered by an interval.
  bool allow_set_relation_comp = true;
};

bool SameAnswer(const Value& gold, const Value& given, const CompareOptions& options,
                Algebra& algebra);

}  // namespace retort
