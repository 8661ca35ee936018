// The level "avx2". Compiled with its instruction set's flags: see vec.h before including anything.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/decode_avx2.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"

namespace retort::cpu {
namespace {

template <class Decoder>
constexpr auto kMatMul = &MatMulKernel<VecAvx2, Decoder>::Run;

using Elementwise = ElementwiseKernels<VecAvx2>;

// In the order of DType.
constexpr KernelTable kTable = {
    .level = "avx2",
    .mat_mul = {kMatMul<avx2::DecodeF32>, kMatMul<avx2::DecodeF16>, kMatMul<avx2::DecodeBF16>,
                kMatMul<avx2::DecodeQ8_0>, kMatMul<avx2::DecodeQ4_0>, kMatMul<avx2::DecodeQ4_1>,
                kMatMul<avx2::DecodeQ5_0>, kMatMul<avx2::DecodeQ4K>, kMatMul<avx2::DecodeQ6K>},
    .attention = &AttentionKernel<VecAvx2>::Run,
    .rms_norm = &Elementwise::RmsNorm,
    .swi_glu = &Elementwise::SwiGlu,
    .to_f16 = &Elementwise::ToF16,
    .read_all = &Elementwise::ReadAll,
    .multiply_add = &Elementwise::MultiplyAdd,
};

}  // namespace

const KernelTable& Avx2Kernels() { return kTable; }

}  // namespace retort::cpu
