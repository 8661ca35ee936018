// A check of integer kernels on the processor at hand, for levels that are offered only where they
// prove themselves: products with 8-bit rows have the same bits at all levels, so those of a level
// that is trusted tell.
//
//   if (HaveSameBits(VnniInt8Kernels(), Avx2Int8Kernels())) ...
//
// Every format, few rows and many, whole panels and a partial one: a few milliseconds. Thread-safe.
#pragma once

#include "ops/cpu/kernels.h"

namespace retort::cpu {

// The processor can run both.
bool HaveSameBits(const Int8Kernels& a, const Int8Kernels& b);

}  // namespace retort::cpu
