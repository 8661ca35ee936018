// The level "amx": the level "avx512", except that prompt rows are multiplied in AMX tiles.
// Compiled with its instruction sets' flags: see vec.h before including anything.
#include "ops/cpu/prompt_matmul_amx.h"

namespace retort::cpu {
namespace {

template <class Decoder>
constexpr auto kPrompt = &amx::PromptMatMul<Decoder>::Run;

KernelTable MakeTable() {
  KernelTable table = Avx512Kernels();
  table.level = "amx";
  table.pack_rows = &amx::PackRows;
  table.prompt_multiply_add = &amx::MultiplyAdd;
  table.prompt_mat_mul = {
      kPrompt<avx512::DecodeF32>,  kPrompt<avx512::DecodeF16>,  kPrompt<avx512::DecodeBF16>,
      kPrompt<avx512::DecodeQ8_0>, kPrompt<avx512::DecodeQ4_0>, kPrompt<avx512::DecodeQ4_1>,
      kPrompt<avx512::DecodeQ5_0>, kPrompt<avx512::DecodeQ4K>,  kPrompt<avx512::DecodeQ6K>};
  return table;
}

}  // namespace

const KernelTable& AmxKernels() {
  static const KernelTable kTable = MakeTable();
  return kTable;
}

}  // namespace retort::cpu
