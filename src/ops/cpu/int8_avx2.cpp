// Products of 8-bit rows at the level "avx2". Compiled with its instruction
// sets' flags: see vec.h before including anything.
#include "ops/cpu/int8_matmul_inl.h"
#include "ops/cpu/ivec_avx2.h"

namespace retort::cpu {

const Int8Kernels& Avx2Int8Kernels() {
  static constexpr Int8Kernels kKernels = MakeInt8Kernels<IntAvx2>();
  return kKernels;
}

}  // namespace retort::cpu
