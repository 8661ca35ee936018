// The level "scalar": runs everywhere, decodes with the specification of the formats.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"
#include "ops/cpu/vec_portable.h"
#include "quant/codec.h"

namespace retort::cpu {
namespace {

template <DType kType, int kBlockElements, int kBlockBytes>
struct DecodePortable {
  static constexpr int kElements = kBlockElements, kBytes = kBlockBytes, kParts = 1;
  struct State {};
  static void Begin(const std::byte*, State&) {}
  template <int kPart, class Body>
  static void Visit(const std::byte* block, const State&, const Body& body) {
    float values[kElements];
    DequantizeRow(kType, block, kElements, values);
    for (int i = 0; i < kElements / VecPortable::kLanes; ++i) {
      body(i, VecPortable::Load(values + i * VecPortable::kLanes));
    }
  }
};

template <DType kType, int kElements, int kBytes>
constexpr auto kMatMul = &MatMulKernel<VecPortable, DecodePortable<kType, kElements, kBytes>>::Run;

}  // namespace

const KernelTable& ScalarKernels() {
  using Elementwise = ElementwiseKernels<VecPortable>;
  static constexpr KernelTable kTable = {
      .level = "scalar",
      .mat_mul = {kMatMul<DType::kF32, 4, 16>, kMatMul<DType::kF16, 4, 8>,
                  kMatMul<DType::kBF16, 4, 8>, kMatMul<DType::kQ8_0, 32, 34>,
                  kMatMul<DType::kQ4_0, 32, 18>, kMatMul<DType::kQ4_1, 32, 20>,
                  kMatMul<DType::kQ5_0, 32, 22>, kMatMul<DType::kQ4_K, 256, 144>,
                  kMatMul<DType::kQ6_K, 256, 210>},
      .attention = &AttentionKernel<VecPortable>::Run,
      .rms_norm = &Elementwise::RmsNorm,
      .swi_glu = &Elementwise::SwiGlu,
      .to_f16 = &Elementwise::ToF16,
      .read_all = &Elementwise::ReadAll,
      .multiply_add = &Elementwise::MultiplyAdd,
  };
  return kTable;
}

}  // namespace retort::cpu
