#include "ops/cpu/matmul_parts.h"

#include <algorithm>

#include "ops/cpu/kernels.h"

namespace retort::cpu {
namespace {

void Cut(size_t target, int64_t rows, int64_t step, std::vector<MatMulChunk>* chunks) {
  for (int64_t n = 0; n < rows; n += step) {
    chunks->push_back({.target = target, .begin = n, .end = std::min(rows, n + step)});
  }
}

}  // namespace

std::vector<MatMulChunk> CutMatMul(std::span<const MatMulTarget> targets, int64_t rows,
                                   int num_threads) {
  int64_t bytes = 0;
  for (const MatMulTarget& target : targets) {
    bytes += target.weight->rows() *
             static_cast<int64_t>(
                 RowBytes(target.weight->dtype(), static_cast<size_t>(target.weight->cols())));
  }
  const int64_t wanted = std::clamp<int64_t>(bytes / (8 * num_threads), 8 << 10, 64 << 10);
  std::vector<MatMulChunk> chunks;
  for (size_t i = 0; i < targets.size(); ++i) {
    const PackedMatrix& weight = *targets[i].weight;
    const auto row_bytes =
        static_cast<int64_t>(RowBytes(weight.dtype(), static_cast<size_t>(weight.cols())));
    // Whole cache lines of output, so that threads do not share them; whole panels for many rows.
    int64_t outputs = std::max<int64_t>(16, wanted / row_bytes / 16 * 16);
    if (rows > 4) outputs = kPanelOutputs;
    Cut(i, weight.rows(), outputs, &chunks);
  }
  return chunks;
}

std::vector<MatMulChunk> CutPromptMatMul(std::span<const MatMulTarget> targets, int num_threads) {
  constexpr int64_t kPair = 32;  // outputs that tiles take together
  int64_t all = 0;
  for (const MatMulTarget& target : targets) all += target.weight->rows();
  const int64_t share = (all / (2 * num_threads) + kPair - 1) / kPair * kPair;
  const int64_t outputs = std::clamp(share, kPair, kPromptOutputs);
  std::vector<MatMulChunk> chunks;
  for (size_t i = 0; i < targets.size(); ++i) {
    Cut(i, targets[i].weight->rows(), outputs, &chunks);
  }
  return chunks;
}

}  // namespace retort::cpu
