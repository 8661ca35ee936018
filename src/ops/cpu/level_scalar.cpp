// The level "scalar": runs everywhere.
#include "ops/cpu/attention_inl.h"
#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/matmul_inl.h"
#include "ops/cpu/vec_portable.h"
#include "quant/codec.h"

namespace retort::cpu {
namespace {

// A vector of a plain type, decoded with its specification.
template <DType kType>
struct DecodePlain {
  static constexpr int kElements = VecPortable::kLanes;
  static constexpr int kBytes = static_cast<int>(Info(kType).bytes) * kElements;
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

template <DType kType>
using MatMul = MatMulKernel<VecPortable, DecodePlain<kType>>;

}  // namespace

const KernelTable& ScalarKernels() {
  using Elementwise = ElementwiseKernels<VecPortable>;
  static const KernelTable kTable = {
      .level = "scalar",
      // In the order of DType; the others are packed.
      .mat_mul = {&MatMul<DType::kF32>::Run, &MatMul<DType::kF16>::Run, &MatMul<DType::kBF16>::Run},
      .int8 = &ScalarInt8Kernels(),
      .attention = &AttentionKernel<VecPortable>::Run,
      .merge_attention = &AttentionKernel<VecPortable>::MergeStates,
      .store_kv = &KvSlab<VecPortable>::Store,
      .rms_norm = &Elementwise::RmsNorm,
      .swi_glu = &Elementwise::SwiGlu,
      .read_all = &Elementwise::ReadAll,
      .multiply_add = &Elementwise::MultiplyAdd,
  };
  return kTable;
}

}  // namespace retort::cpu
