// The level "amx": the level "avx512", but weights are read in place: generated rows are multiplied
// as floats, prompt rows in AMX tiles.
// Compiled with its instruction sets' flags: see vec.h before including anything.
#include "ops/cpu/prompt_matmul_amx.h"

namespace retort::cpu {
namespace {

KernelTable MakeTable() {
  KernelTable table = Avx512Kernels();
  table.level = "amx";
  table.int8 = nullptr;
  table.pack_rows = &amx::PackRows;
  table.prompt_multiply_add = &amx::MultiplyAdd;
  table.prompt_mat_mul = avx512::Decoders::Table<PromptFunction, amx::PromptMatMul>();
  return table;
}

}  // namespace

const KernelTable& AmxKernels() {
  static const KernelTable kTable = MakeTable();
  return kTable;
}

}  // namespace retort::cpu
