// The level "avx512". Compiled with its instruction set's flags: see vec.h before including
// anything.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/decode_avx512.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"

namespace retort::cpu {
namespace {

template <class Decoder>
constexpr auto kMatMul = &MatMulKernel<VecAvx512, Decoder>::Run;

using Elementwise = ElementwiseKernels<VecAvx512>;

// In the order of DType.
constexpr KernelTable kTable = {
    .level = "avx512",
    .mat_mul = {kMatMul<avx512::DecodeF32>, kMatMul<avx512::DecodeF16>, kMatMul<avx512::DecodeBF16>,
                kMatMul<avx512::DecodeQ8_0>, kMatMul<avx512::DecodeQ4_0>,
                kMatMul<avx512::DecodeQ4_1>, kMatMul<avx512::DecodeQ5_0>,
                kMatMul<avx512::DecodeQ4K>, kMatMul<avx512::DecodeQ6K>},
    .attention = &AttentionKernel<VecAvx512>::Run,
    .rms_norm = &Elementwise::RmsNorm,
    .swi_glu = &Elementwise::SwiGlu,
    .to_f16 = &Elementwise::ToF16,
    .read_all = &Elementwise::ReadAll,
    .multiply_add = &Elementwise::MultiplyAdd,
};

}  // namespace

const KernelTable& Avx512Kernels() { return kTable; }

}  // namespace retort::cpu
