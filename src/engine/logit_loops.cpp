#include "engine/logit_loops.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "engine/logit_simd.h"

namespace retort {
namespace {

// As many are looked for at once as a mask holds: each end of an inner loop is a guess of the
// processor's.
constexpr size_t kStretch = 64;

template <int W>
RETORT_INLINE float GreatestOf(typename Simd<W>::Lanes lanes) {
  for (int half = Simd<W>::Lanes::kVectors / 2; half > 0; half /= 2) {
    for (int v = 0; v < half; ++v) {
      lanes.part[v] = lanes.part[v + half] > lanes.part[v] ? lanes.part[v + half] : lanes.part[v];
    }
  }
  float each[W];
  std::memcpy(each, &lanes.part[0], sizeof(each));
#pragma GCC unroll 4
  for (int half = W / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int lane = 0; lane < half; ++lane) {
      each[lane] = each[lane + half] > each[lane] ? each[lane + half] : each[lane];
    }
  }
  return each[0];
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
  constexpr int kAtOnce = 2 * Lanes::kVectors;
  Lanes sums{};
#pragma GCC unroll 1
  for (size_t i = 0; i < kLogitBlock; i += static_cast<size_t>(kAtOnce) * W) {
    Float x[kAtOnce];
    for (int v = 0; v < kAtOnce; ++v) {
      x[v] = AtLeastExponent<W>((Load<Float>(logits + i + v * W) - origin) * scale);
    }
    Exp2<Float, typename Simd<W>::Int>(x);
    for (int v = 0; v < kAtOnce; ++v) {
      const Float weight = x[v];  // an address of x's would keep it out of registers
      std::memcpy(weights + i + v * W, &weight, sizeof(weight));
      sums.part[v % Lanes::kVectors] += weight;
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

// A bit for each of 32 logits: whether it is in [least, below).
template <int W>
RETORT_INLINE uint32_t Within(const float* logits, float least, float below) {
  using Float = typename Simd<W>::Float;
  typename Simd<W>::Int bits{};
  for (int v = 0; v < 32 / W; ++v) {
    const Float x = Load<Float>(logits + v * W);
    bits |= (x >= Float{} + least) & (x < Float{} + below) & BitsOf<W>(v);
  }
  return AnyOf<W>(bits);
}

template <int W>
RETORT_INLINE size_t Find(const float* logits, size_t size, float least, float below, int* places) {
  size_t found = 0, begin = 0;
  for (; begin + kStretch <= size; begin += kStretch) {
    uint64_t left = 0;
    for (size_t i = 0; i < kStretch; i += 32) {
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

// Writes the places of the bits: bit v of lane l stands for v * kLanes + l.
RETORT_INLINE size_t WritePlaces(const uint8_t* bits_of_lane, int* places) {
  size_t found = 0;
  for (int lane = 0; lane < static_cast<int>(kLanes); lane += 8) {
    uint64_t left;
    std::memcpy(&left, bits_of_lane + lane, sizeof(left));
    for (; left != 0; left &= left - 1) {
      const int bit = std::countr_zero(left);
      places[found++] = bit % 8 * static_cast<int>(kLanes) + lane + bit / 8;
    }
  }
  return found;
}

template <int W>
RETORT_INLINE LogitSplit SplitBlock(const float* logits, const float* weights,
                                    const LogitRange& range, int* places) {
  using Float = typename Simd<W>::Float;
  using Int = typename Simd<W>::Int;
  constexpr int kVectors = Simd<W>::Lanes::kVectors;
  typename Simd<W>::Lanes sums{};
  Int bits[kVectors] = {};
  Int bit = -(Int{} == Int{});  // of a lane's i-th place: 1 << i
  for (size_t i = 0; i < kLogitBlock; i += kLanes, bit += bit) {
    for (int v = 0; v < kVectors; ++v) {
      const size_t at = i + static_cast<size_t>(v) * W;
      const Float x = Load<Float>(logits + at);
      const Int above = x > Float{} + range.most;
      const Int weight = std::bit_cast<Int>(Load<Float>(weights + at));
      sums.part[v] += std::bit_cast<Float>(weight & above);
      // What is above the range is not below it.
      bits[v] |= ((x >= Float{} + range.least) ^ above) & bit;
    }
  }
  int32_t of_lane[kLanes];
  uint8_t bytes[kLanes];
  std::memcpy(of_lane, bits, sizeof(of_lane));
  for (size_t lane = 0; lane < kLanes; ++lane) bytes[lane] = static_cast<uint8_t>(of_lane[lane]);
  return {.mass = 0, .mass_above = SumOf<W>(sums), .found = WritePlaces(bytes, places)};
}

template <int W>
RETORT_INLINE LogitSplit WeighAndSplit(const float* logits, size_t size, float origin, float scale,
                                       const LogitRange& range, float* weights, int* places) {
  std::array<float, kLogitBlock> padded;
  if (size < kLogitBlock) {
    Pad(logits, size, padded.data());
    logits = padded.data();
  }
  const float mass = WeighBlock<W>(logits, origin, scale, weights);
  LogitSplit split = SplitBlock<W>(logits, weights, range, places);
  split.mass = mass;
  if (size < kLogitBlock) {  // padding may be found, too
    int* const end = places + split.found;
    split.found = static_cast<size_t>(
        std::remove_if(places, end, [size](int place) { return place >= static_cast<int>(size); }) -
        places);
  }
  return split;
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
    attribute static LogitSplit RunSplit(const float* logits, size_t size, float origin,         \
                                         float scale, const LogitRange& range, float* weights,   \
                                         int* places) {                                          \
      return WeighAndSplit<width>(logits, size, origin, scale, range, weights, places);          \
    }                                                                                            \
    static constexpr LogitLoops kLoops = {label, RunGreatest, RunWeigh, RunFind, RunSplit};      \
  }

RETORT_LOGIT_LOOPS(Baseline, 4, "baseline", );
#if defined(__x86_64__)
RETORT_LOGIT_LOOPS(Avx2, 8, "avx2", [[gnu::target("avx2")]]);
RETORT_LOGIT_LOOPS(Avx512, 16, "avx512",
                   [[gnu::target("avx2,avx512f,avx512vl,avx512bw,avx512dq")]]);
#endif

#undef RETORT_LOGIT_LOOPS

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

float FastExp2(float x) {
  float value[1] = {x};
  Exp2<float, int32_t>(value);
  return value[0];
}

std::span<const LogitLoops* const> UsableLogitLoops() {
  return std::span(kLevels).first(CountUsable());
}

const LogitLoops& BestLogitLoops() { return *UsableLogitLoops().back(); }

}  // namespace retort
