// Products and sums of matrices whose cells are expressions.
//
//   MatrixProduct([1 2], [3; 4], algebra)             // [11]
//   AddScaledMatrix(sum, [1 2], -1, algebra)          // sum - [1 2]
//
// Errors: sizes that do not fit and cells that are no expressions have no product, which is said by
// what is returned. Thread-safe.
#pragma once

#include "math/value.h"

namespace retort {

// Text, without any, if there is none.
Value MatrixProduct(const Value& a, const Value& b, Algebra& algebra);
// sum + scale · matrix; a sum without items is 0. False if it does not exist.
bool AddScaledMatrix(Value& sum, const Value& matrix, const Form& scale, Algebra& algebra);

}  // namespace retort
