// Vectors of logits for the loops of logit_loops.cpp, which alone includes this: one text for every
// width of a register, with the same bits at each.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace retort {

inline constexpr size_t kLanes = 16;              // of every sum: the widest register's worth
inline constexpr float kLeastExponent = -127.0f;  // Exp2 gives 0

// The bodies below become part of each level's functions and take on their instruction set.
#define RETORT_INLINE [[gnu::always_inline]] inline

// Vectors of the compilers' own, so that one text serves every width W.
template <int W>
struct Simd {
  using Float [[gnu::vector_size(4 * W)]] = float;
  using Int [[gnu::vector_size(4 * W)]] = int32_t;
  using Bits [[gnu::vector_size(4 * W)]] = uint32_t;
  // kLanes of them: the same sums, whatever the width.
  struct Lanes {
    static constexpr int kVectors = static_cast<int>(kLanes) / W;
    Float part[kVectors];
  };
};

template <class Float>
RETORT_INLINE Float Load(const float* from) {
  Float value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

// 2^x of K floats, or vectors of them: plain arithmetic without calls or branches. Stage by stage,
// since processors look ahead about as far as one value's stages: in turn, each would be waited
// for.
template <class Float, class Int, int K>
RETORT_INLINE void Exp2(Float (&x)[K]) {
  // x = n + f with |f| <= 1/2; adding 1.5 * 2^23 leaves n in the low bits of the sum.
  constexpr float kRoundToInt = 12582912.0f;
  Float shifted[K], f2[K], poly[K];
  for (int k = 0; k < K; ++k) shifted[k] = x[k] + kRoundToInt;
  for (int k = 0; k < K; ++k) x[k] -= shifted[k] - kRoundToInt;  // f
  // The polynomial of the fifth power with the least relative error of those that give 1 for 0:
  // 1.1e-7. In pairs, since most processors would wait for one term after the other.
  for (int k = 0; k < K; ++k) {
    f2[k] = x[k] * x[k];
    poly[k] =
        (x[k] * 0.0555073507f + 0.240222409f) + f2[k] * (x[k] * 0.00132645923f + 0.00967162009f);
  }
  for (int k = 0; k < K; ++k) poly[k] = (x[k] * 0.693147004f + 1.0f) + f2[k] * poly[k];
  for (int k = 0; k < K; ++k) {
    // For -127 a power of two with the bits of 0.
    const Int exponent = (std::bit_cast<Int>(shifted[k]) - (0x4B400000 - 127)) << 23;
    x[k] = poly[k] * std::bit_cast<Float>(exponent);
  }
}

// The greater of x <= 0 and kLeastExponent. Of such floats the unsigned bits fall, and compilers
// know the least of integers as one instruction.
template <int W>
RETORT_INLINE typename Simd<W>::Float AtLeastExponent(typename Simd<W>::Float x) {
  using Bits = typename Simd<W>::Bits;
  const auto bits = std::bit_cast<Bits>(x);
  const Bits most = Bits{} + std::bit_cast<uint32_t>(kLeastExponent);
  return std::bit_cast<typename Simd<W>::Float>(bits > most ? most : bits);
}

template <int W>
RETORT_INLINE float SumOf(typename Simd<W>::Lanes lanes) {
  for (int half = Simd<W>::Lanes::kVectors / 2; half > 0; half /= 2) {
    for (int v = 0; v < half; ++v) lanes.part[v] += lanes.part[v + half];
  }
  float each[W];
  std::memcpy(each, &lanes.part[0], sizeof(each));
#pragma GCC unroll 4
  for (int half = W / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int lane = 0; lane < half; ++lane) each[lane] += each[lane + half];
  }
  return each[0];
}

// Bit v * W + lane in each lane, to tell 32 / W vectors apart in one.
template <int W>
RETORT_INLINE typename Simd<W>::Int BitsOf(int v) {
  typename Simd<W>::Int bits;
  for (int lane = 0; lane < W; ++lane) bits[lane] = static_cast<int32_t>(1u << (v * W + lane));
  return bits;
}

// The bits of all lanes together.
template <int W>
RETORT_INLINE uint32_t AnyOf(typename Simd<W>::Int bits) {
  uint64_t words[W / 2], all = 0;
  std::memcpy(words, &bits, sizeof(bits));
  for (const uint64_t word : words) all |= word;
  return static_cast<uint32_t>(all | all >> 32);
}

}  // namespace retort
