#include <algorithm>
#include <vector>

#include "ops/host_memory.h"
#include "ops/reference/kernels.h"
#include "quant/codec.h"

namespace retort::reference {
namespace {

// x [T, K] as doubles [K, T]: the innermost loop then runs over rows, each of which adds its
// products in the order of k.
std::vector<double> Transposed(const float* x, size_t rows, size_t cols) {
  std::vector<double> out(rows * cols);
  for (size_t t = 0; t < rows; ++t) {
    for (size_t k = 0; k < cols; ++k) out[k * rows + t] = x[t * cols + k];
  }
  return out;
}

void MatMulTo(const MatMulTarget& target, const std::vector<double>& x, size_t rows) {
  const auto& weight = static_cast<const HostMatrix&>(*target.weight);
  const auto num_out = static_cast<size_t>(weight.rows());
  const auto num_in = static_cast<size_t>(weight.cols());
  const float* bias = target.bias.empty() ? nullptr : target.bias.f32();
  float* out = target.out.f32();
  std::vector<float> w(num_in);
  std::vector<double> sum(rows);
  for (size_t n = 0; n < num_out; ++n) {
    DequantizeRow(weight.dtype(), weight.row(static_cast<int64_t>(n)), weight.cols(), w.data());
    std::fill(sum.begin(), sum.end(), bias == nullptr ? 0.0 : bias[n]);
    for (size_t k = 0; k < num_in; ++k) {
      for (size_t t = 0; t < rows; ++t) sum[t] += w[k] * x[k * rows + t];
    }
    for (size_t t = 0; t < rows; ++t) {
      float& y = out[t * num_out + n];
      y = static_cast<float>(target.accumulate ? y + sum[t] : sum[t]);
    }
  }
}

}  // namespace

void MatMul(const MatMulArgs& args) {
  const size_t rows = args.roles.size();
  const std::vector<double> x =
      Transposed(args.x.f32(), rows, static_cast<size_t>(args.x.shape[1]));
  for (const MatMulTarget& target : args.targets) MatMulTo(target, x, rows);
}

}  // namespace retort::reference
