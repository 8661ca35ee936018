// Products of 8-bit rows at the level "vnni". Compiled with its instruction
// sets' flags: see vec.h before including anything.
#include "ops/cpu/int8_matmul_inl.h"
#include "ops/cpu/ivec_vnni.h"

namespace retort::cpu {

const Int8Kernels& VnniInt8Kernels() {
  static constexpr Int8Kernels kKernels = MakeInt8Kernels<IntVnni>();
  return kKernels;
}

}  // namespace retort::cpu
