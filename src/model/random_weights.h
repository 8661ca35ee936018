// Random numbers of nearly normal distribution, as packed rows of any type, fast: each stretch of a
// row is one of 512 that were drawn and encoded beforehand.
//
//   const RandomWeights weights(DType::kQ4_K, 256, 0.02f, seed);
//   weights.Fill(first, bytes);     // stretches `first`, `first` + 1, ... of the tensor
//
// A stretch's content depends on (seed, its number) alone. Immutable and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tensor/dtype.h"

namespace retort {

class RandomWeights {
 public:
  // `stretch`: elements, a multiple of the type's block.
  RandomWeights(DType dtype, int64_t stretch, float deviation, uint64_t seed);

  size_t stretch_bytes() const { return stretch_bytes_; }
  // A whole number of stretches of the tensor with number `tensor`.
  void Fill(uint64_t tensor, uint64_t first, std::span<std::byte> out) const;

 private:
  uint64_t seed_;
  size_t stretch_bytes_;
  std::vector<std::byte> drawn_;
};

// Draw number `counter` of `seed`, mean 0 and deviation 1: the sum of four uniform numbers, which
// is normal enough and has no tails to overflow.
float RandomNormal(uint64_t seed, uint64_t counter);

}  // namespace retort
