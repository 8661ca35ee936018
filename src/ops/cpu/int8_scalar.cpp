// Products of 8-bit rows at the level "scalar".
#include "ops/cpu/int8_matmul_inl.h"
#include "ops/cpu/ivec_portable.h"

namespace retort::cpu {

const Int8Kernels& ScalarInt8Kernels() {
  static constexpr Int8Kernels kKernels = MakeInt8Kernels<IntPortable>();
  return kKernels;
}

}  // namespace retort::cpu
