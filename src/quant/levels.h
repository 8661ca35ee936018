// The encoders' arithmetic: which scales a block gets and which levels its values; encode.cpp packs
// them. As everywhere in quant/, the order of operations is fixed and contraction is off. Included
// by encode.cpp only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "quant/blocks.h"
#include "tensor/half.h"

namespace retort {

// The whole part of `value`, held within 0..max; NaN gives 0.
inline uint8_t Level(float value, int max) {
  if (!(value > 0)) return 0;
  return static_cast<uint8_t>(std::min(value, static_cast<float>(max)));
}

// 1 / d; 0 for steps so small that the inverse would overflow: as an F16 they are 0 too.
inline float Inverse(float d) { return std::abs(d) < 0x1p-126f ? 0.0f : 1.0f / d; }

// The value of largest magnitude, with its sign; the first of equals.
inline float Extreme(const float* values, size_t count) {
  return *std::max_element(values, values + count,
                           [](float a, float b) { return std::abs(a) < std::abs(b); });
}

// The index of the nearest of IQ4's values; the lower one of two.
inline int NearestIQ4(float value) {
  int best = 0;
  for (int i = 1; i < 16; ++i) {
    const auto distance = [&](int j) {
      return std::abs(value - static_cast<float>(kIQ4Values[j]));
    };
    if (distance(i) < distance(best)) best = i;
  }
  return best;
}

// The extreme value of each of `count` sub-blocks takes level `lowest_level`, the extreme scale of
// the super-block `lowest_scale`. Returns d as an F16.
inline uint16_t SignedScales(const float* values, size_t count, float lowest_level,
                             float lowest_scale, int8_t* scales) {
  const size_t size = kSuperBlock / count;
  float steps[16];
  for (size_t i = 0; i < count; ++i) steps[i] = Extreme(values + size * i, size) / lowest_level;
  const uint16_t bits = F32ToF16(Extreme(steps, count) / lowest_scale);
  const float d = F16ToF32(bits);
  for (size_t i = 0; i < count; ++i) {
    const float scale = std::round(steps[i] * Inverse(d));
    scales[i] = static_cast<int8_t>(std::clamp(scale, lowest_scale, -lowest_scale - 1));
  }
  return bits;
}

// What the formats with minima have in common: a sub-block spans min(0, smallest) .. largest in
// `top_level` steps; the steps and minima of a super-block share one scale each, of which they are
// 0 .. top_scale times.
template <size_t kCount>
struct Spans {
  uint16_t d, dmin;
  uint8_t scales[kCount], minima[kCount];
  uint8_t levels[kSuperBlock];

  Spans(const float* values, int top_level, int top_scale) {
    constexpr size_t kSize = kSuperBlock / kCount;
    float steps[kCount], depths[kCount];  // minima as positive amounts to subtract
    for (size_t i = 0; i < kCount; ++i) {
      const auto [min, max] = std::minmax_element(values + kSize * i, values + kSize * (i + 1));
      depths[i] = std::max(0.0f, -*min);
      steps[i] = std::max(0.0f, *max + depths[i]) / static_cast<float>(top_level);
    }
    const auto shared = [&](const float* amounts) {
      return F32ToF16(*std::max_element(amounts, amounts + kCount) / static_cast<float>(top_scale));
    };
    d = shared(steps);
    dmin = shared(depths);
    const float step = F16ToF32(d), depth = F16ToF32(dmin);
    for (size_t i = 0; i < kCount; ++i) {
      scales[i] = Level(steps[i] * Inverse(step) + 0.5f, top_scale);
      minima[i] = Level(depths[i] * Inverse(depth) + 0.5f, top_scale);
    }
    for (size_t e = 0; e < kSuperBlock; ++e) {
      const float inverse = Inverse(step * static_cast<float>(scales[e / kSize]));
      const float offset = depth * static_cast<float>(minima[e / kSize]);
      levels[e] = Level((values[e] + offset) * inverse + 0.5f, top_level);
    }
  }
};

}  // namespace retort
