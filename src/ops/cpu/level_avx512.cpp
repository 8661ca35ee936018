// The level "avx512": floats in its own vectors, products with 8-bit rows in AVX2's, which have the
// same multiplying power where VNNI is missing. Compiled with its instruction set's flags: see
// vec.h before including anything.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/decode_avx512_plain.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"

namespace retort::cpu {
namespace {

template <class Decoder>
using MatMul = MatMulKernel<VecAvx512, Decoder>;

using Elementwise = ElementwiseKernels<VecAvx512>;

}  // namespace

const KernelTable& Avx512Kernels() {
  static const KernelTable kTable = {
      .level = "avx512",
      // In the order of DType; the others are packed.
      .mat_mul = {&MatMul<avx512::DecodeF32>::Run, &MatMul<avx512::DecodeF16>::Run,
                  &MatMul<avx512::DecodeBF16>::Run},
      .int8 = &Avx2Int8Kernels(),
      .attention = &AttentionKernel<VecAvx512>::Run,
      .merge_attention = &AttentionKernel<VecAvx512>::MergeStates,
      .store_kv = &KvSlab<VecAvx512>::Store,
      .rms_norm = &Elementwise::RmsNorm,
      .swi_glu = &Elementwise::SwiGlu,
      .read_all = &Elementwise::ReadAll,
      .multiply_add = &Elementwise::MultiplyAdd,
  };
  return kTable;
}

}  // namespace retort::cpu
