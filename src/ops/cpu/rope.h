// Rotary position embedding: the angles of a step, computed once for all its layers, and the
// rotation of one row. Plain C++: a few thousand multiplications a token are not worth more.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/backend.h"

namespace retort::cpu {

class RopeTable {
 public:
  // Cosines and sines for every row of the step. Angles are computed in double precision: at
  // position 100,000 a float has lost five digits of the fraction of a turn.
  void Fill(const RopeAndStoreKvArgs& args);
  void Clear() { source_ = nullptr; }
  // True if filled from these frequencies since Clear.
  bool IsFor(const RopeAndStoreKvArgs& args) const {
    return source_ == args.inv_freq.data && scale_ == args.rope_scale;
  }
  // Rotates every head of row t in place.
  void Rotate(int64_t t, RopeLayout layout, int64_t head_dim, int64_t cols, float* row) const;

 private:
  const std::byte* source_ = nullptr;
  float scale_ = 0;
  int64_t pairs_ = 0;
  std::vector<float> cos_, sin_;  // [T, pairs]
};

}  // namespace retort::cpu
