// The level "amx": the level "vnni", but prompt rows are multiplied in AMX tiles.
// Compiled with its instruction sets' flags: see vec.h before including anything.
#include "ops/cpu/decode_avx512_plain.h"
#include "ops/cpu/panel_prompt_amx.h"
#include "ops/cpu/prompt_matmul_amx.h"

namespace retort::cpu {

const KernelTable& AmxKernels() {
  // In the order of DType.
  static constexpr PromptKernels kInPlace = {
      .mat_mul = {&amx::PromptMatMul<avx512::DecodeF32>::Run,
                  &amx::PromptMatMul<avx512::DecodeF16>::Run,
                  &amx::PromptMatMul<avx512::DecodeBF16>::Run},
      .pack_rows = &amx::PackPairs,
  };
  static constexpr PromptKernels kPanels = {
      .mat_mul = amx::PanelPromptKernels(std::make_index_sequence<kNumDTypes>{}),
      .pack_rows = &amx::PackRows,
  };
  static const KernelTable kTable = [] {
    KernelTable table = VnniKernels();
    table.level = "amx";
    table.prompt = &kInPlace;
    table.prompt_panels = &kPanels;
    table.prompt_multiply_add = &amx::MultiplyAdd;
    return table;
  }();
  return kTable;
}

}  // namespace retort::cpu
