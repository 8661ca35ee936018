// The level "avx2". Compiled with its instruction set's flags: see vec.h before including anything.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/decode_avx2_plain.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"
#include "ops/cpu/vec_avx2.h"

namespace retort::cpu {
namespace {

template <class Decoder>
using MatMul = MatMulKernel<VecAvx2, Decoder>;

using Elementwise = ElementwiseKernels<VecAvx2>;

}  // namespace

const KernelTable& Avx2Kernels() {
  static const KernelTable kTable = {
      .level = "avx2",
      // In the order of DType; the others are packed.
      .mat_mul = {&MatMul<avx2::DecodeF32>::Run, &MatMul<avx2::DecodeF16>::Run,
                  &MatMul<avx2::DecodeBF16>::Run},
      .int8 = &Avx2Int8Kernels(),
      .attention = &AttentionKernel<VecAvx2>::Run,
      .merge_attention = &AttentionKernel<VecAvx2>::MergeStates,
      .store_kv = &KvSlab<VecAvx2>::Store,
      .rms_norm = &Elementwise::RmsNorm,
      .swi_glu = &Elementwise::SwiGlu,
      .read_all = &Elementwise::ReadAll,
      .multiply_add = &Elementwise::MultiplyAdd,
  };
  return kTable;
}

}  // namespace retort::cpu
