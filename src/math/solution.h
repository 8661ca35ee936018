// What an answer says apart from how it is put: brackets around one thing, and the names in
// "x = 1, y = 2", "x_1 = 1, x_2 = 2" and "a = 4, -8".
//
//   Simplified("x = 1, x = 2")            // the list 1, 2
//   IsSolution("x = 1, y = 2")            // true: everything has a name
//   Answers("x = 1, y = 2")               // 1 and 2
//
// Errors: none. Stateless and thread-safe.
#pragma once

#include <vector>

#include "math/value.h"

namespace retort {

// A list or a set.
bool IsCollection(const Value& value);
// A list in which everything has a name.
bool IsSolution(const Value& value);
// What stands behind the names, where there are some.
std::vector<Value> Answers(const Value& solution);
// Brackets around one thing dropped, names sorted out: "p = 5, q = 2, p = 7, q = 2" as two tuples.
Value Simplified(Value value);

}  // namespace retort
