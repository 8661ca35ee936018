#include "engine/logit_loops.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace retort {
namespace {

constexpr size_t kLanes = 16;             // of every sum: the widest register's worth
constexpr float kLeastExponent = -88.0f;  // Exp gives 0
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The bodies below become part of each level's functions and take on their instruction set.
#define RETORT_INLINE [[gnu::always_inline]] inline

// Vectors of the compilers' own, so that one text serves every width W.
template <int W>
struct Simd {
  using Float [[gnu::vector_size(4 * W)]] = float;
  using Int [[gnu::vector_size(4 * W)]] = int32_t;
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

// Plain arithmetic without calls or branches; for a float and for vectors of them.
template <class Float, class Int>
RETORT_INLINE Float Exp(Float x) {
  // x = n ln 2 + r with |r| <= ln 2 / 2; adding 1.5 * 2^23 leaves n in the low bits of the sum.
  constexpr float kRoundToInt = 12582912.0f;
  const Float shifted = x * 1.44269504f + kRoundToInt;
  const Float n = shifted - kRoundToInt;
  const Float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  // Taylor's series to the sixth power: the rest is below 1.2e-7 for such r. In pairs, since most
  // processors would wait for one term after the other.
  const Float r2 = r * r;
  const Float high = (r * (1.0f / 120) + 1.0f / 24) + r2 * (1.0f / 720);
  const Float poly = (r + 1.0f) + r2 * ((r * (1.0f / 6) + 0.5f) + r2 * high);
  // For -88, n is -127: a power of two with the bits of 0.
  const Int exponent = (std::bit_cast<Int>(shifted) - (0x4B400000 - 127)) << 23;
  return poly * std::bit_cast<Float>(exponent);
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

template <int W>
RETORT_INLINE float GreatestOf(typename Simd<W>::Lanes lanes) {
  for (int half = Simd<W>::Lanes::kVectors / 2; half > 0; half /= 2) {
    for (int v = 0; v < half; ++v) {
      lanes.part[v] = lanes.part[v + half] > lanes.part[v] ? lanes.part[v + half] : lanes.part[v];
    }
  }
  float greatest = lanes.part[0][0];
  for (int lane = 1; lane < W; ++lane) {
    greatest = lanes.part[0][lane] > greatest ? lanes.part[0][lane] : greatest;
  }
  return greatest;
}

template <int W>
RETORT_INLINE float GreatestOfBlock(const float* logits, typename Simd<W>::Int& broken) {
  using Float = typename Simd<W>::Float;
  using Lanes = typename Simd<W>::Lanes;
  Lanes greatest;
  for (Float& part : greatest.part) part = Float{} - kInfinity;
  for (size_t i = 0; i < kLogitBlock; i += kLanes) {
    for (int v = 0; v < Lanes::kVectors; ++v) {
      const Float x = Load<Float>(logits + i + static_cast<size_t>(v) * W);
      greatest.part[v] = x > greatest.part[v] ? x : greatest.part[v];
      broken |= x != x;
    }
  }
  return GreatestOf<W>(greatest);
}

// A last block that is shorter, filled up with impossible tokens.
RETORT_INLINE void Pad(const float* logits, size_t size, float* padded) {
  std::fill_n(padded, kLogitBlock, -kInfinity);
  std::memcpy(padded, logits, size * sizeof(float));
}

template <int W>
RETORT_INLINE bool Greatest(const float* logits, size_t size, float* greatest_of_block) {
  typename Simd<W>::Int broken{};
  const size_t whole = size / kLogitBlock;
  for (size_t block = 0; block < whole; ++block) {
    greatest_of_block[block] = GreatestOfBlock<W>(logits + block * kLogitBlock, broken);
  }
  if (const size_t rest = size % kLogitBlock; rest > 0) {
    std::array<float, kLogitBlock> padded;
    Pad(logits + whole * kLogitBlock, rest, padded.data());
    greatest_of_block[whole] = GreatestOfBlock<W>(padded.data(), broken);
  }
  int32_t any = 0;
  for (int lane = 0; lane < W; ++lane) any |= broken[lane];
  return any == 0;
}

template <int W>
RETORT_INLINE float WeighBlock(const float* logits, float origin, float scale, float* weights) {
  using Float = typename Simd<W>::Float;
  using Lanes = typename Simd<W>::Lanes;
  Lanes sums{};
  for (size_t i = 0; i < kLogitBlock; i += kLanes) {
    for (int v = 0; v < Lanes::kVectors; ++v) {
      const size_t at = i + static_cast<size_t>(v) * W;
      const Float x = (Load<Float>(logits + at) - origin) * scale;
      const Float least = Float{} + kLeastExponent;
      const Float weight = Exp<Float, typename Simd<W>::Int>(x > least ? x : least);
      std::memcpy(weights + at, &weight, sizeof(weight));
      sums.part[v] += weight;
    }
  }
  return SumOf<W>(sums);
}

template <int W>
RETORT_INLINE float Weigh(const float* logits, size_t size, float origin, float scale,
                          float* weights) {
  if (size == kLogitBlock) return WeighBlock<W>(logits, origin, scale, weights);
  std::array<float, kLogitBlock> padded, padded_weights;
  Pad(logits, size, padded.data());
  const float sum = WeighBlock<W>(padded.data(), origin, scale, padded_weights.data());
  std::memcpy(weights, padded_weights.data(), size * sizeof(float));
  return sum;
}

// A bit for each of kLanes logits: whether it is in [least, below).
template <int W>
RETORT_INLINE uint32_t Within(const float* logits, float least, float below) {
  using Float = typename Simd<W>::Float;
  using Int = typename Simd<W>::Int;
  Int bits{};
  for (int v = 0; v < Simd<W>::Lanes::kVectors; ++v) {
    const Float x = Load<Float>(logits + v * W);
    Int bit;
    for (int lane = 0; lane < W; ++lane) bit[lane] = 1 << (v * W + lane);
    bits |= (x >= Float{} + least) & (x < Float{} + below) & bit;
  }
  uint64_t words[W / 2], all = 0;
  std::memcpy(words, &bits, sizeof(bits));
  for (const uint64_t word : words) all |= word;
  return static_cast<uint32_t>(all | all >> 32);
}

template <int W>
RETORT_INLINE size_t Find(const float* logits, size_t size, float least, float below, int* places) {
  // As many at once as a mask holds: each end of the inner loop is a guess of the processor's.
  constexpr size_t kStretch = 64;
  size_t found = 0, begin = 0;
  for (; begin + kStretch <= size; begin += kStretch) {
    uint64_t left = 0;
    for (size_t i = 0; i < kStretch; i += kLanes) {
      left |= static_cast<uint64_t>(Within<W>(logits + begin + i, least, below)) << i;
    }
    for (; left != 0; left &= left - 1) {
      places[found++] = static_cast<int>(begin) + std::countr_zero(left);
    }
  }
  for (; begin < size; ++begin) {
    if (logits[begin] >= least && logits[begin] < below) places[found++] = static_cast<int>(begin);
  }
  return found;
}

#define RETORT_LOGIT_LOOPS(Level, width, label, attribute)                                       \
  struct Level {                                                                                 \
    attribute static bool RunGreatest(const float* logits, size_t size, float* of_block) {       \
      return Greatest<width>(logits, size, of_block);                                            \
    }                                                                                            \
    attribute static float RunWeigh(const float* logits, size_t size, float origin, float scale, \
                                    float* weights) {                                            \
      return Weigh<width>(logits, size, origin, scale, weights);                                 \
    }                                                                                            \
    attribute static size_t RunFind(const float* logits, size_t size, float least, float below,  \
                                    int* places) {                                               \
      return Find<width>(logits, size, least, below, places);                                    \
    }                                                                                            \
    static constexpr LogitLoops kLoops = {label, RunGreatest, RunWeigh, RunFind};                \
  }

RETORT_LOGIT_LOOPS(Baseline, 4, "baseline", );
#if defined(__x86_64__)
RETORT_LOGIT_LOOPS(Avx2, 8, "avx2", [[gnu::target("avx2")]]);
RETORT_LOGIT_LOOPS(Avx512, 16, "avx512",
                   [[gnu::target("avx2,avx512f,avx512vl,avx512bw,avx512dq")]]);
#endif

#undef RETORT_LOGIT_LOOPS
#undef RETORT_INLINE

constexpr std::array kLevels = {
    &Baseline::kLoops,
#if defined(__x86_64__)
    &Avx2::kLoops,
    &Avx512::kLoops,
#endif
};

size_t CountUsable() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2")) return 1;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  return avx512 ? 3 : 2;
#else
  return 1;
#endif
}

}  // namespace

float FastExp(float x) { return Exp<float, int32_t>(x); }

std::span<const LogitLoops* const> UsableLogitLoops() {
  return std::span(kLevels).first(CountUsable());
}

const LogitLoops& BestLogitLoops() { return *UsableLogitLoops().back(); }

}  // namespace retort
