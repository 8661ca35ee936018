// The matrix products of the CPU backend: which rows go through which kernel, and what they need
// beforehand.
//
//   CpuMatMul mat_mul(kernels, workers);
//   mat_mul.Run(args);
//
// The arithmetic of a row follows from its own numbers, its role and the matrix:
//  - prompt rows where the level has kernels for them and such a matrix: the level's own form;
//  - otherwise, matrix in panels: 8-bit row; a row with outliers (int8_rows.h), or where the
//  product
//    is to be precise, is multiplied a second time with what the first rounding left;
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
  struct Shares {
    Rows prompt, rest;
  };

  using Outputs = std::vector<std::vector<float*>>;  // [target][row]

  template <class Body>
  void ForEachChunk(Targets targets, const Outputs& out, const std::vector<MatMulChunk>& chunks,
                    int64_t cols, const Body& body);
  static Shares Share(const MatMulArgs& args, bool has_prompt_kernels);
  void MultiplyFloatRows(const MatMulArgs& args, Targets targets, const Rows& rows);
  void MultiplyPromptRows(const MatMulArgs& args, Targets targets, const Rows& rows,
                          const PromptKernels& kernels);
  Rows QuantizeRows(const MatMulArgs& args, const Rows& rows);
  void MultiplyInt8Rows(const MatMulArgs& args, Targets targets, const Rows& rows);
  void AddRestOutputs(Targets targets, int64_t rests, Outputs* out);

  const KernelTable& kernels_;
  Workers& workers_;
  Tensor packed_rows_;     // prompt rows as the level's own kernels want them
  Tensor quantized_rows_;  // [2T, K / 32] RowGroups
  Tensor rest_products_;   // of what rounding left, [rows with a rest, N] for each target
};

}  // namespace retort::cpu
