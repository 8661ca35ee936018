// The level "avx512": floats in its own vectors, products with 8-bit rows in AVX2's, which have the
// same multiplying power where VNNI is missing. Compiled with its instruction set's flags: see
// vec.h before including anything.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/decode_avx512.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"

namespace retort::cpu {
namespace {

template <class Decoder>
using MatMul = MatMulKernel<VecAvx512, Decoder>;

using Elementwise = ElementwiseKernels<VecAvx512>;

KernelTable MakeTable() {
  KernelTable table = {
      .level = "avx512",
      .mat_mul = avx512::Decoders::Table<MatMulFunction, MatMul>(),
      .attention = &AttentionKernel<VecAvx512>::Run,
      .rms_norm = &Elementwise::RmsNorm,
      .swi_glu = &Elementwise::SwiGlu,
      .to_f16 = &Elementwise::ToF16,
      .read_all = &Elementwise::ReadAll,
      .multiply_add = &Elementwise::MultiplyAdd,
  };
  table.int8_mat_mul = Avx2Kernels().int8_mat_mul;
  table.quantize_row = Avx2Kernels().quantize_row;
  table.int8_multiply_add = Avx2Kernels().int8_multiply_add;
  return table;
}

}  // namespace

const KernelTable& Avx512Kernels() {
  static const KernelTable kTable = MakeTable();
  return kTable;
}

}  // namespace retort::cpu
