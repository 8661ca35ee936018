// The level "avx2". Compiled with its instruction set's flags: see vec.h before including anything.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/decode_avx2_plain.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/int8_matmul_inl.h"
#include "ops/cpu/int8_rows_inl.h"
#include "ops/cpu/ivec_avx2.h"
#include "ops/cpu/matmul_inl.h"

namespace retort::cpu {
namespace {

template <class Decoder>
using MatMul = MatMulKernel<VecAvx2, Decoder>;

using Elementwise = ElementwiseKernels<VecAvx2>;

constexpr KernelTable kTable = {
    .level = "avx2",
    // In the order of DType; the others are packed.
    .mat_mul = {&MatMul<avx2::DecodeF32>::Run, &MatMul<avx2::DecodeF16>::Run,
                &MatMul<avx2::DecodeBF16>::Run},
    .int8_mat_mul = Int8Kernels<IntAvx2>(),
    .quantize_row = &Int8Rows<IntAvx2>::Quantize,
    .attention = &AttentionKernel<VecAvx2>::Run,
    .rms_norm = &Elementwise::RmsNorm,
    .swi_glu = &Elementwise::SwiGlu,
    .to_f16 = &Elementwise::ToF16,
    .read_all = &Elementwise::ReadAll,
    .multiply_add = &Elementwise::MultiplyAdd,
    .int8_multiply_add = &Int8Rows<IntAvx2>::MultiplyAdd,
};

}  // namespace

const KernelTable& Avx2Kernels() { return kTable; }

}  // namespace retort::cpu
