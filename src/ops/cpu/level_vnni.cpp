// The level "vnni": the level "avx512", but 8-bit rows are multiplied by AVX-512 VNNI. It has the
// bits of the other levels, which levels.cpp sees to on each processor before it offers it.
#include "ops/cpu/kernels.h"

namespace retort::cpu {

const KernelTable& VnniKernels() {
  static const KernelTable kTable = [] {
    KernelTable table = Avx512Kernels();
    table.level = "vnni";
    table.int8 = &VnniInt8Kernels();
    return table;
  }();
  return kTable;
}

}  // namespace retort::cpu
