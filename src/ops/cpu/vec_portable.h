// Four floats in plain C++: the level "scalar", for processors that no other level knows. Compilers
// turn the loops into whatever vectors the platform guarantees.
#pragma once

#include "ops/cpu/vec.h"
#include "tensor/half.h"

namespace retort::cpu {

struct VecPortable {
  static constexpr int kLanes = 4;
  // So many rows of x does a matrix product meet with weights that it decodes on the fly, ...
  static constexpr int kFewRows = 1;
  // ... with weights that it decoded before.
  static constexpr int kTileRows = 2;
  // So many queries, each with 32 / kLanes accumulators, does attention handle at once.
  static constexpr int kAttentionRows = 2;
  static constexpr int kRegisters = 16;

  struct F {
    float lane[kLanes];
  };

  template <class Op>
  static RETORT_INLINE F Map(const Op& op) {
    F r;
    for (int i = 0; i < kLanes; ++i) r.lane[i] = op(i);
    return r;
  }

  static F Set(float a) {
    return Map([&](int) { return a; });
  }
  static F Load(const float* p) {
    return Map([&](int i) { return p[i]; });
  }
  static void Store(float* p, F a) {
    for (int i = 0; i < kLanes; ++i) p[i] = a.lane[i];
  }
  static F Add(F a, F b) {
    return Map([&](int i) { return a.lane[i] + b.lane[i]; });
  }
  static F Sub(F a, F b) {
    return Map([&](int i) { return a.lane[i] - b.lane[i]; });
  }
  static F Mul(F a, F b) {
    return Map([&](int i) { return a.lane[i] * b.lane[i]; });
  }
  static F Div(F a, F b) {
    return Map([&](int i) { return a.lane[i] / b.lane[i]; });
  }
  // a * b + c; other levels round once.
  static F Fma(F a, F b, F c) {
    return Map([&](int i) { return a.lane[i] * b.lane[i] + c.lane[i]; });
  }
  static F Max(F a, F b) {
    return Map([&](int i) { return a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]; });
  }
  static F Min(F a, F b) {
    return Map([&](int i) { return a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]; });
  }
  // To the nearest integer, for |a| < 2^22: adding 1.5 * 2^23 leaves no bits for a fraction.
  static F Round(F a) {
    return Map([&](int i) { return (a.lane[i] + 12582912.0f) - 12582912.0f; });
  }
  // a * 2^n for integers -126 <= n <= 127.
  static F ScaleByPowerOf2(F a, F n) {
    return Map([&](int i) {
      const auto exponent = static_cast<uint32_t>(static_cast<int32_t>(n.lane[i]) + 127);
      return a.lane[i] * std::bit_cast<float>(exponent << 23);
    });
  }
  // value where x >= limit, else 0.
  static F ZeroBelow(F x, F limit, F value) {
    return Map([&](int i) { return x.lane[i] >= limit.lane[i] ? value.lane[i] : 0.0f; });
  }
  static F LoadF16(const uint16_t* p) {
    return Map([&](int i) { return F16ToF32(p[i]); });
  }
  static F LoadS8(const int8_t* p) {
    return Map([&](int i) { return static_cast<float>(p[i]); });
  }
  static void StoreF16(uint16_t* p, F a) {
    for (int i = 0; i < kLanes; ++i) p[i] = F32ToF16(a.lane[i]);
  }
  // The sum of the lanes, in a fixed order.
  static float Sum(F a) { return (a.lane[0] + a.lane[2]) + (a.lane[1] + a.lane[3]); }
  static float MaxLane(F a) {
    const float x = a.lane[0] > a.lane[1] ? a.lane[0] : a.lane[1];
    const float y = a.lane[2] > a.lane[3] ? a.lane[2] : a.lane[3];
    return x > y ? x : y;
  }
  // out[i] = the sum of the lanes of the i-th argument, in a fixed order.
  static void Sum4(F a, F b, F c, F d, float* out) {
    out[0] = Sum(a);
    out[1] = Sum(b);
    out[2] = Sum(c);
    out[3] = Sum(d);
  }
  // Into the first or the second level of the cache.
  static void PrefetchL1(const void*) {}
  static void PrefetchL2(const void*) {}
};

}  // namespace retort::cpu
