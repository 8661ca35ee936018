// The matrix products of the CPU backend: which rows go through which kernel, and what they need
// beforehand.
//
//   CpuMatMul mat_mul(kernels, workers);
//   mat_mul.Run(args);
//
// The arithmetic of a row follows from its own numbers, its role and the matrix:
//  - matrix in panels: 8-bit row; a row with outliers (int8_rows.h) twice, the second time with
//  what
//    the first rounding left;
//  - otherwise, prompt rows where the level has kernels for them: the level's own form;
//  - otherwise: floats.
// One caller at a time.
#pragma once

#include <span>
#include <vector>

#include "ops/backend.h"
#include "ops/cpu/int8_rows.h"
#include "ops/cpu/matmul_parts.h"
#include "ops/cpu/workers.h"

namespace retort::cpu {

class CpuMatMul {
 public:
  CpuMatMul(const KernelTable& kernels, Workers& workers) : kernels_(kernels), workers_(workers) {}

  void Run(const MatMulArgs& args);

 private:
  using Targets = std::span<const MatMulTarget>;
  using Rows = std::vector<int64_t>;  // of x and of every out

  template <class Body>
  void ForEachChunk(Targets targets, const Rows& rows, const std::vector<MatMulChunk>& chunks,
                    int64_t cols, const Body& body);
  void MultiplyFloatRows(const MatMulArgs& args, Targets targets, const Rows& rows);
  void MultiplyPromptRows(const MatMulArgs& args, Targets targets, const Rows& rows);
  Rows QuantizeRows(const MatMulArgs& args);
  void MultiplyInt8Rows(const MatMulArgs& args, Targets targets);
  void MultiplyInt8(Targets targets, const RowGroup* const* x, const Rows& rows, int64_t cols);

  const KernelTable& kernels_;
  Workers& workers_;
  Tensor packed_rows_;     // prompt rows as the level's own kernels want them
  Tensor quantized_rows_;  // [2T, K / 32] RowGroups
};

}  // namespace retort::cpu
