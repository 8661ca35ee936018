#include "ops/cpu/cpu_backend.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/thread_pool.h"
#include "ops/cpu/cpu_attention.h"
#include "ops/cpu/cpu_matmul.h"
#include "ops/cpu/cpu_matrix.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/levels.h"
#include "ops/cpu/rope.h"
#include "ops/cpu/workers.h"
#include "ops/host_memory.h"
#include "ops/validate.h"
#include "quant/codec.h"

namespace retort {
namespace {

using cpu::KernelTable;

class CpuBackend : public Backend {
 public:
  CpuBackend(const KernelTable& kernels, int num_threads, KvTypes kv_types)
      : kernels_(kernels),
        workers_(num_threads),
        mat_mul_(kernels, workers_),
        attention_(kernels, workers_, kv_types) {}

  std::string_view name() const override { return "cpu"; }
  std::string description() const override {
    const int threads = workers_.num_threads();
    const std::string cache =
        kv_types() == KvTypes{} ? "" : fmt::format(", {} cache", kv_types().name());
    return fmt::format("cpu {}, {} thread{}{}", kernels_.level, threads, threads == 1 ? "" : "s",
                       cache);
  }
  KvTypes kv_types() const override { return attention_.kv_types(); }

  Tensor NewTensor(DType dtype, const Shape& shape) override { return NewHostTensor(dtype, shape); }
  Tensor UploadF32(ConstTensorView host) override { return ConvertToHostF32(host); }
  std::unique_ptr<PackedMatrix> Pack(ConstTensorView host, const std::string& name,
                                     MatrixUse use) override {
    return cpu::PackForCpu(host, name, kernels_, use, workers_);
  }
  std::span<const float> Host(ConstTensorView view) override {
    return {view.f32(), static_cast<size_t>(view.shape.size())};
  }
  void BeginStep(const StepView& step) override {
    Validate(step);
    rope_.Clear();
  }

  void Embed(const EmbedArgs& args) override;
  void RmsNorm(const RmsNormArgs& args) override;
  void MatMul(const MatMulArgs& args) override;
  void RopeAndStoreKv(const RopeAndStoreKvArgs& args) override;
  void Attention(const AttentionArgs& args) override;
  void SwiGlu(const SwiGluArgs& args) override;
  void GatherRows(const GatherRowsArgs& args) override;

 private:
  const KernelTable& kernels_;
  cpu::Workers workers_;
  cpu::CpuMatMul mat_mul_;
  cpu::CpuAttention attention_;
  cpu::RopeTable rope_;  // of the current step
};

void CpuBackend::Embed(const EmbedArgs& args) {
  Validate(args);
  const auto& table = static_cast<const HostMatrix&>(*args.table);
  const auto rows = static_cast<int64_t>(args.tokens.size());
  workers_.ForEach(rows, rows * table.cols(), [&](int, int64_t t) {
    DequantizeRow(table.dtype(), table.row(args.tokens[static_cast<size_t>(t)]), table.cols(),
                  args.out.f32() + t * table.cols());
  });
}

void CpuBackend::GatherRows(const GatherRowsArgs& args) {
  Validate(args);
  const int64_t cols = args.x.shape[1];
  float* out = args.out.f32();
  for (const int32_t row : args.rows) {
    std::copy_n(args.x.f32() + row * cols, cols, out);
    out += cols;
  }
}

void CpuBackend::RmsNorm(const RmsNormArgs& args) {
  Validate(args);
  const int64_t rows = args.x.shape[0];
  const int64_t cols = args.x.shape[1];
  workers_.ForEach(rows, rows * cols, [&](int, int64_t t) {
    kernels_.rms_norm(args.x.f32() + t * cols, args.weight.f32(), args.eps, cols,
                      args.out.f32() + t * cols);
  });
}

void CpuBackend::SwiGlu(const SwiGluArgs& args) {
  Validate(args);
  const int64_t rows = args.gate.shape[0];
  const int64_t cols = args.gate.shape[1];
  workers_.ForEach(rows, rows * cols, [&](int, int64_t t) {
    const int64_t at = t * cols;
    kernels_.swi_glu(args.gate.f32() + at, args.up.f32() + at, cols, args.out.f32() + at);
  });
}

void CpuBackend::MatMul(const MatMulArgs& args) {
  Validate(args);
  mat_mul_.Run(args);
}

// Rows t of k and v to slot `slot` of block `block` of the cache [blocks, Hkv, B, Dh].
void CpuBackend::RopeAndStoreKv(const RopeAndStoreKvArgs& args) {
  Validate(args, kv_types());
  if (!rope_.IsFor(args)) rope_.Fill(args);
  const StepView& step = *args.step;
  const int64_t q_cols = args.q.shape[1], k_cols = args.k.shape[1];
  workers_.ForEach(step.num_rows(), step.num_rows() * (q_cols + k_cols), [&](int, int64_t t) {
    rope_.Rotate(t, args.layout, args.head_dim, q_cols, args.q.f32() + t * q_cols);
    rope_.Rotate(t, args.layout, args.head_dim, k_cols, args.k.f32() + t * k_cols);
  });
  attention_.Store(args);
}

void CpuBackend::Attention(const AttentionArgs& args) {
  Validate(args, kv_types());
  RETORT_CHECK(args.head_dim <= cpu::kMaxHeadDim);
  attention_.Run(args);
}

}  // namespace

std::vector<std::string> CpuLevels() {
  std::vector<std::string> names;
  for (const KernelTable* level : cpu::UsableLevels()) names.emplace_back(level->level);
  return names;
}

std::unique_ptr<Backend> CreateCpuBackend(const CpuOptions& options) {
  const int num_threads = options.num_threads > 0 ? options.num_threads : UsableCores();
  for (const DType type : {options.kv_types.k, options.kv_types.v}) {
    RETORT_CHECK(type == DType::kF16 || type == DType::kQ8_0);
  }
  return std::make_unique<CpuBackend>(cpu::LevelByName(options.level), num_threads,
                                      options.kv_types);
}

}  // namespace retort
