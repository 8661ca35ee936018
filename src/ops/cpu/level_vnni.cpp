// The level "vnni": the level "avx512", but 8-bit rows are multiplied by AVX-512 VNNI. It has the
// bits of the other levels, but has not yet run on a processor with VNNI: levels.cpp offers it by
// name only. Compiled with its instruction sets' flags: see vec.h before including anything.
#include "ops/cpu/int8_matmul_inl.h"
#include "ops/cpu/int8_rows_inl.h"
#include "ops/cpu/ivec_vnni.h"

namespace retort::cpu {
namespace {

KernelTable MakeTable() {
  KernelTable table = Avx512Kernels();
  table.level = "vnni";
  table.int8_mat_mul = Int8Kernels<IntVnni>();
  table.quantize_row = &Int8Rows<IntVnni>::Quantize;
  table.int8_multiply_add = &Int8Rows<IntVnni>::MultiplyAdd;
  return table;
}

}  // namespace

const KernelTable& VnniKernels() {
  static const KernelTable kTable = MakeTable();
  return kTable;
}

}  // namespace retort::cpu
