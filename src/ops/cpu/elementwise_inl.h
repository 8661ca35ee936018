// Operations on rows of floats for one level: V is its vector class. Included by level_*.cpp only.
#pragma once

#include "ops/cpu/kernels.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

// e^x with a relative error below 2e-7; 0 below -87 and e^88 above 88. With n the nearest integer
// to x / ln 2, e^x = 2^n e^r, |r| <= ln 2 / 2, where eight terms of the series suffice.
template <class V>
RETORT_INLINE typename V::F Exp(typename V::F x) {
  using F = typename V::F;
  const F lowest = V::Set(-87.0f);
  const F y = V::Min(V::Max(x, lowest), V::Set(88.0f));
  const F n = V::Round(V::Mul(y, V::Set(1.44269504f)));
  // ln 2 in two parts: the first has zeros at the end, so that n times it is exact.
  F r = V::Fma(n, V::Set(-0.693359375f), y);
  r = V::Fma(n, V::Set(2.12194440e-4f), r);
  F p = V::Set(1.0f / 5040);
  p = V::Fma(p, r, V::Set(1.0f / 720));
  p = V::Fma(p, r, V::Set(1.0f / 120));
  p = V::Fma(p, r, V::Set(1.0f / 24));
  p = V::Fma(p, r, V::Set(1.0f / 6));
  p = V::Fma(p, r, V::Set(0.5f));
  p = V::Fma(p, r, V::Set(1.0f));
  p = V::Fma(p, r, V::Set(1.0f));
  return V::ZeroBelow(x, lowest, V::ScaleByPowerOf2(p, n));
}

template <class V>
struct ElementwiseKernels {
  using F = typename V::F;
  static constexpr int kLanes = V::kLanes;

  // body(offset) for whole vectors of `count` elements; the rest is for the caller.
  template <class Body>
  static RETORT_INLINE int64_t Vectors(int64_t count, const Body& body) {
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) body(i);
    return i;
  }

  // `count` < kLanes floats, then zeros.
  static RETORT_INLINE F LoadSome(const float* p, int64_t count) {
    float buffer[kLanes] = {};
    for (int64_t i = 0; i < count; ++i) buffer[i] = p[i];
    return V::Load(buffer);
  }
  static RETORT_INLINE void StoreSome(float* p, int64_t count, F value) {
    float buffer[kLanes];
    V::Store(buffer, value);
    for (int64_t i = 0; i < count; ++i) p[i] = buffer[i];
  }

  static void RmsNorm(const float* x, const float* weight, float eps, int64_t cols, float* out) {
    F squares = V::Set(0);
    const auto add = [&](F a) RETORT_LAMBDA { squares = V::Fma(a, a, squares); };
    const int64_t whole = Vectors(cols, [&](int64_t i) RETORT_LAMBDA { add(V::Load(x + i)); });
    if (whole < cols) add(LoadSome(x + whole, cols - whole));
    const float mean = V::Sum(squares) / static_cast<float>(cols);
    const F scale = V::Set(1.0f / __builtin_sqrtf(mean + eps));
    Vectors(cols, [&](int64_t i) RETORT_LAMBDA {
      V::Store(out + i, V::Mul(V::Mul(V::Load(x + i), scale), V::Load(weight + i)));
    });
    if (whole < cols) {
      const F a = LoadSome(x + whole, cols - whole);
      const F w = LoadSome(weight + whole, cols - whole);
      StoreSome(out + whole, cols - whole, V::Mul(V::Mul(a, scale), w));
    }
  }

  static RETORT_INLINE F Gate(F gate, F up) {
    const F sigmoid = V::Add(V::Set(1), Exp<V>(V::Sub(V::Set(0), gate)));
    return V::Mul(V::Div(gate, sigmoid), up);
  }

  static void SwiGlu(const float* gate, const float* up, int64_t count, float* out) {
    const int64_t whole = Vectors(count, [&](int64_t i) RETORT_LAMBDA {
      V::Store(out + i, Gate(V::Load(gate + i), V::Load(up + i)));
    });
    const int64_t rest = count - whole;
    if (rest > 0) {
      StoreSome(out + whole, rest, Gate(LoadSome(gate + whole, rest), LoadSome(up + whole, rest)));
    }
  }

  // Beyond the range of half precision the largest half is stored: an infinity in the cache would
  // make every later answer NaN.
  static void ToF16(const float* x, int64_t count, uint16_t* out) {
    const auto clamp = [](F a) RETORT_LAMBDA {
      return V::Min(V::Max(a, V::Set(-65504.0f)), V::Set(65504.0f));
    };
    const int64_t whole = Vectors(
        count, [&](int64_t i) RETORT_LAMBDA { V::StoreF16(out + i, clamp(V::Load(x + i))); });
    if (whole == count) return;
    uint16_t buffer[kLanes];
    V::StoreF16(buffer, clamp(LoadSome(x + whole, count - whole)));
    for (int64_t i = whole; i < count; ++i) out[i] = buffer[i - whole];
  }

  static float ReadAll(const float* data, int64_t count) {
    F sum[8];
    Unroll<8>([&](auto i) RETORT_LAMBDA { sum[i] = V::Set(0); });
    for (int64_t k = 0; k < count; k += 8 * kLanes) {
      Unroll<8>([&](auto i)
                    RETORT_LAMBDA { sum[i] = V::Add(sum[i], V::Load(data + k + kLanes * i)); });
    }
    Unroll<7>([&](auto i) RETORT_LAMBDA { sum[0] = V::Add(sum[0], sum[i + 1]); });
    return V::Sum(sum[0]);
  }

  static int64_t MultiplyAdd(int64_t steps, float* sink) {
    constexpr int kChains = 12;
    F acc[kChains];
    Unroll<kChains>([&](auto i) RETORT_LAMBDA { acc[i] = V::Set(static_cast<float>(i)); });
    const F a = V::Load(sink), b = V::Load(sink + kLanes);
    for (int64_t s = 0; s < steps; ++s) {
      Unroll<kChains>([&](auto i) RETORT_LAMBDA { acc[i] = V::Fma(acc[i], a, b); });
    }
    Unroll<kChains - 1>([&](auto i) RETORT_LAMBDA { acc[0] = V::Add(acc[0], acc[i + 1]); });
    V::Store(sink, acc[0]);
    return steps * kChains * kLanes * 2;
  }
};

}  // namespace retort::cpu
