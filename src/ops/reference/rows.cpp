// Operations on whole rows: look-up, gathering, normalisation, gating.
#include <cmath>
#include <cstring>

#include "ops/host_memory.h"
#include "ops/reference/kernels.h"
#include "quant/codec.h"

namespace retort::reference {

void Embed(const EmbedArgs& args) {
  const auto& table = static_cast<const HostMatrix&>(*args.table);
  float* out = args.out.f32();
  for (const int32_t token : args.tokens) {
    DequantizeRow(table.dtype(), table.row(token), table.cols(), out);
    out += table.cols();
  }
}

void GatherRows(const GatherRowsArgs& args) {
  const int64_t cols = args.x.shape[1];
  float* out = args.out.f32();
  for (const int32_t row : args.rows) {
    std::memmove(out, args.x.f32() + row * cols, static_cast<size_t>(cols) * sizeof(float));
    out += cols;
  }
}

void RmsNorm(const RmsNormArgs& args) {
  const int64_t cols = args.x.shape[1];
  const float* weight = args.weight.f32();
  for (int64_t t = 0; t < args.x.shape[0]; ++t) {
    const float* x = args.x.f32() + t * cols;
    float* out = args.out.f32() + t * cols;
    double sum = 0;
    for (int64_t i = 0; i < cols; ++i) sum += static_cast<double>(x[i]) * x[i];
    const double scale = 1.0 / std::sqrt(sum / static_cast<double>(cols) + args.eps);
    for (int64_t i = 0; i < cols; ++i) out[i] = static_cast<float>(x[i] * scale * weight[i]);
  }
}

void SwiGlu(const SwiGluArgs& args) {
  const float* gate = args.gate.f32();
  const float* up = args.up.f32();
  float* out = args.out.f32();
  for (int64_t i = 0; i < args.gate.shape.size(); ++i) {
    const double g = gate[i];
    out[i] = static_cast<float>(g / (1.0 + std::exp(-g)) * up[i]);
  }
}

}  // namespace retort::reference
