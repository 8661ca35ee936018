#include "ops/reference/reference_backend.h"

#include "ops/host_memory.h"
#include "ops/reference/kernels.h"
#include "ops/validate.h"

namespace retort {
namespace {

class ReferenceBackend : public Backend {
 public:
  std::string_view name() const override { return "reference"; }
  std::string description() const override { return "reference, scalar, 1 thread"; }
  KvTypes kv_types() const override { return {DType::kF32, DType::kF32}; }

  Tensor NewTensor(DType dtype, const Shape& shape) override { return NewHostTensor(dtype, shape); }
  Tensor UploadF32(ConstTensorView host) override { return ConvertToHostF32(host); }
  std::unique_ptr<PackedMatrix> Pack(ConstTensorView host, const std::string& name,
                                     MatrixUse) override {
    return PackInPlace(host, name);
  }
  std::span<const float> Host(ConstTensorView view) override {
    return {view.f32(), static_cast<size_t>(view.shape.size())};
  }
  void BeginStep(const StepView& step) override { Validate(step); }

  void Embed(const EmbedArgs& args) override {
    Validate(args);
    reference::Embed(args);
  }
  void RmsNorm(const RmsNormArgs& args) override {
    Validate(args);
    reference::RmsNorm(args);
  }
  void MatMul(const MatMulArgs& args) override {
    Validate(args);
    reference::MatMul(args);
  }
  void RopeAndStoreKv(const RopeAndStoreKvArgs& args) override {
    Validate(args, kv_types());
    reference::RopeAndStoreKv(args);
  }
  void Attention(const AttentionArgs& args) override {
    Validate(args, kv_types());
    reference::Attention(args);
  }
  void SwiGlu(const SwiGluArgs& args) override {
    Validate(args);
    reference::SwiGlu(args);
  }
  void GatherRows(const GatherRowsArgs& args) override {
    Validate(args);
    reference::GatherRows(args);
  }
};

}  // namespace

std::unique_ptr<Backend> CreateReferenceBackend() { return std::make_unique<ReferenceBackend>(); }

}  // namespace retort
