#include "ops/cpu/self_check.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/rng.h"
#include "ops/host_memory.h"
#include "quant/codec.h"

namespace retort::cpu {
namespace {

constexpr int64_t kOutputs = 37, kCols = 512, kDistinct = 5, kRows = 19;
constexpr int64_t kGroups = kCols / kGroup;

// A matrix [kOutputs, kCols] in panels. Quantising is slow: rows repeat.
Tensor RandomPanels(DType type) {
  const size_t row_bytes = RowBytes(type, kCols);
  std::vector<std::byte> matrix(row_bytes * kOutputs);
  std::vector<float> row(kCols);
  Rng rng(static_cast<uint64_t>(type));
  for (size_t n = 0; n < kOutputs; ++n) {
    std::byte* at = matrix.data() + n * row_bytes;
    if (n >= kDistinct) {
      std::copy_n(at - kDistinct * row_bytes, row_bytes, at);
      continue;
    }
    for (float& x : row) x = static_cast<float>(rng.Uniform() - 0.5);
    QuantizeRow(type, row.data(), kCols, at);
  }
  constexpr int64_t kPanels = (kOutputs + kPanelRows - 1) / kPanelRows;
  const int64_t panel_bytes = PanelFormatOf(type).panel_bytes(kCols);
  Tensor panels = NewHostTensor(DType::kF32, {kPanels * panel_bytes / 4});
  for (int64_t p = 0; p < kPanels; ++p) {
    PackPanel(type, matrix.data(), kOutputs, kCols, p, panels.view().data + p * panel_bytes);
  }
  return panels;
}

class Products {
 public:
  Products() : scratch_(NewHostTensor(DType::kF32, {kInt8Scratch})), rows_(kRows * kGroups) {}

  // kRows rows of 8 bits, and what they left of two rows with outliers.
  const std::vector<RowGroup>& Quantise(const Int8Kernels& kernels) {
    std::vector<float> x(kCols);
    Rng rng(1);
    for (int64_t t = 0; t < kRows; t += 2) {
      for (float& number : x) number = static_cast<float>(rng.Uniform() - 0.5);
      if (t % 6 == 0) x[77] = -2000;
      RowGroup* row = rows_.data() + t * kGroups;
      std::vector<RowGroup> rest(kGroups);
      kernels.quantize_row(x.data(), kCols, true, row, rest.data());
      if (t + 1 < kRows) std::copy(rest.begin(), rest.end(), row + kGroups);
    }
    return rows_;
  }

  // [rows, kOutputs]
  std::vector<float> Multiply(const Int8Kernels& kernels, DType type, const Tensor& panels,
                              int64_t rows) {
    std::vector<float> out(static_cast<size_t>(rows * kOutputs));
    std::vector<const RowGroup*> x;
    std::vector<float*> to;
    for (int64_t t = 0; t < rows; ++t) {
      x.push_back(rows_.data() + t * kGroups);
      to.push_back(out.data() + t * kOutputs);
    }
    kernels.mat_mul[static_cast<size_t>(type)]({.panels = panels.view().data,
                                                .cols = kCols,
                                                .begin = 0,
                                                .end = kOutputs,
                                                .x = x.data(),
                                                .out = to.data(),
                                                .rows = rows,
                                                .scratch = scratch_.view().f32()});
    return out;
  }

 private:
  Tensor scratch_;
  std::vector<RowGroup> rows_;
};

bool Same(const void* a, const void* b, size_t bytes) { return std::memcmp(a, b, bytes) == 0; }

}  // namespace

bool HaveSameBits(const Int8Kernels& a, const Int8Kernels& b) {
  Products products;
  const std::vector<RowGroup> rows = products.Quantise(a);
  if (!Same(rows.data(), products.Quantise(b).data(), rows.size() * sizeof(RowGroup))) return false;
  for (int i = 0; i < kNumDTypes; ++i) {
    const auto type = static_cast<DType>(i);
    if (!PanelFormatOf(type).exists()) continue;
    const Tensor panels = RandomPanels(type);
    for (const int64_t count : {int64_t{1}, int64_t{3}, int64_t{6}, kRows}) {
      const std::vector<float> of_a = products.Multiply(a, type, panels, count);
      const std::vector<float> of_b = products.Multiply(b, type, panels, count);
      if (!Same(of_a.data(), of_b.data(), of_a.size() * sizeof(float))) return false;
    }
  }
  return true;
}

}  // namespace retort::cpu
