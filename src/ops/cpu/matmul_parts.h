// How a matrix product is cut into pieces that threads take one after the other. Results never
// depend on the cut; it only has to be fine enough to keep all threads busy and coarse enough that
// each piece reads a long straight stretch of memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ops/backend.h"

namespace retort::cpu {

// Outputs begin .. end-1 of one target of a matrix product.
struct MatMulChunk {
  size_t target = 0;
  int64_t begin = 0, end = 0;
};

std::vector<MatMulChunk> CutMatMul(std::span<const MatMulTarget> targets, int64_t rows,
                                   int num_threads);

// For rows that are multiplied in the level's own form: whole pairs of tiles.
std::vector<MatMulChunk> CutPromptMatMul(std::span<const MatMulTarget> targets, int num_threads);

}  // namespace retort::cpu
