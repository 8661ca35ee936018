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
  static constexpr int kBytes = static_cast<int>(Info(kType).bytes) * VecPortable::kLanes;
  static VecPortable::F Load(const std::byte* vector) {
    float values[VecPortable::kLanes];
    DequantizeRow(kType, vector, VecPortable::kLanes, values);
    return VecPortable::Load(values);
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
