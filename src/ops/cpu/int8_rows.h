// Rows of x as the integer kernels take them: numbers of 8 bits with a scale for every group of 32,
// q = x / scale rounded to the nearest integer, |q| <= 127, scale = the group's greatest |x| / 127.
// What a kernel needs besides, the sums of q, is computed once here.
#pragma once

#include <cstdint>

#include "ops/cpu/panels.h"

namespace retort::cpu {

// A group of one row: a cache line.
struct alignas(64) RowGroup {
  int8_t q[kGroup];
  float scale;
  float scaled_sum;        // scale * sum of q
  float scaled_halves[2];  // the same of the first and the second sixteen
  int32_t sum;             // of q
  int32_t halves[2];
  int32_t unused;
};
static_assert(sizeof(RowGroup) == 64);

// A row whose greatest number is more than 2^5 times the typical greatest number of a group, as the
// first token's are in most models, has outliers: beside them 8 bits leave nothing of the others.
inline constexpr float kOutlierBits = 5;

// Quantises cols / 32 groups to `out`. If the row has outliers, or always where `precise`, `rest`
// takes what the rounding left of x, in the same form, and the result is true.
using QuantizeRowFunction = bool (*)(const float* x, int64_t cols, bool precise, RowGroup* out,
                                     RowGroup* rest);

}  // namespace retort::cpu
