// The level "avx512". Compiled with its instruction set's flags: see vec.h before including
// anything.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/decode_avx512.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"

namespace retort::cpu {
namespace {

template <class Decoder>
using MatMul = MatMulKernel<VecAvx512, Decoder>;

using Elementwise = ElementwiseKernels<VecAvx512>;

constexpr KernelTable kTable = {
    .level = "avx512",
    .mat_mul = avx512::Decoders::Table<MatMulFunction, MatMul>(),
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
