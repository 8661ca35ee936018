// How long made-up machines take for a step of so many rows, for tests of drafts: where the weights
// are most of it, and where every row costs the same.
#pragma once

#include <cstdint>

namespace retort {

inline double FlatSeconds(int32_t rows) { return 0.030 + 0.001 * rows; }
inline double ProportionalSeconds(int32_t rows) { return 0.030 * rows; }

}  // namespace retort
