// The level "scalar": runs everywhere, decodes with the specification of the formats.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/int8_matmul_inl.h"
#include "ops/cpu/int8_rows_inl.h"
#include "ops/cpu/ivec_portable.h"
#include "ops/cpu/matmul_inl.h"
#include "ops/cpu/vec_portable.h"
#include "quant/codec.h"

namespace retort::cpu {
namespace {

// Blocks of at least a vector.
template <DType kType>
struct DecodePortable {
  static constexpr int kTimes = IsQuantized(kType) ? 1 : VecPortable::kLanes;
  static constexpr int kElements = static_cast<int>(Info(kType).block) * kTimes;
  static constexpr int kBytes = static_cast<int>(Info(kType).bytes) * kTimes;
  static constexpr int kParts = 1;
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

template <size_t... kType>
constexpr std::array<MatMulFunction, kNumDTypes> MatMulOfEachType(std::index_sequence<kType...>) {
  return {&MatMulKernel<VecPortable, DecodePortable<static_cast<DType>(kType)>>::Run...};
}

}  // namespace

const KernelTable& ScalarKernels() {
  using Elementwise = ElementwiseKernels<VecPortable>;
  static constexpr KernelTable kTable = {
      .level = "scalar",
      .mat_mul = MatMulOfEachType(std::make_index_sequence<kNumDTypes>{}),
      .int8_mat_mul = Int8Kernels<IntPortable>(),
      .quantize_row = &Int8Rows<IntPortable>::Quantize,
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
