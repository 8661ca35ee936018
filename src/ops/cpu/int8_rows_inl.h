// Rows of floats to rows of 8 bits, for one level: IV is its class of integers. Included by
// level_*.cpp only. The same bits at all levels: every step is exact or rounds once.
#pragma once

#include "ops/cpu/int8_rows.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

template <class IV>
class Int8Rows {
  using V = typename IV::Floats;
  using F = typename IV::F;
  static constexpr int kLanes = IV::kLanes;
  static constexpr int kVectors = kGroup / kLanes;

 public:
  static bool Quantize(const float* x, int64_t cols, bool precise, RowGroup* out, RowGroup* rest) {
    const int64_t groups = cols / kGroup;
    for (int64_t g = 0; g < groups; ++g) {
      F v[kVectors];
      Unroll<kVectors>([&](auto i) RETORT_LAMBDA { v[i] = V::Load(x + g * kGroup + kLanes * i); });
      QuantizeGroup(v, out[g]);
    }
    if (!precise && !HasOutliers(out, groups)) return false;
    for (int64_t g = 0; g < groups; ++g) {
      F v[kVectors];
      float q[kGroup];
      for (int64_t k = 0; k < kGroup; ++k) q[k] = static_cast<float>(out[g].q[k]);
      const F minus_scale = V::Set(-out[g].scale);
      Unroll<kVectors>([&](auto i) RETORT_LAMBDA {
        v[i] = V::Fma(V::Load(q + kLanes * i), minus_scale, V::Load(x + g * kGroup + kLanes * i));
      });
      QuantizeGroup(v, rest[g]);
    }
    return true;
  }

  // `steps` groups of sixteen outputs and four rows, all in registers: what the multiplier can do.
  static int64_t MultiplyAdd(int64_t steps, int32_t* sink) {
    typename IV::template Dot<15> dot[4];
    // No two products alike, or the compiler would compute one for both.
    alignas(64) uint8_t codes[kGroupVectors][kVectorBytes];
    for (int64_t i = 0; i < kGroupVectors * kVectorBytes; ++i) {
      codes[i / kVectorBytes][i % kVectorBytes] = static_cast<uint8_t>((i * 7 + sink[0]) & 15);
    }
    for (int64_t s = 0; s < steps; ++s) {
      const int64_t rows[4] = {s, s + 1, s + 2, s + 3};
      Unroll<8>([&](auto j) RETORT_LAMBDA {
        const auto w = IV::Load(codes[j]);
        Unroll<4>([&](auto r) RETORT_LAMBDA {
          dot[r].template Add<j.value, 8>(w, IV::Broadcast(&rows[r]));
        });
      });
      Unroll<4>([&](auto r) RETORT_LAMBDA { IV::Store(sink, dot[r].Sum()); });
      // Somebody may look at each sum, so that none is left out.
      __asm__ volatile("" : : : "memory");
    }
    return steps * 4 * kGroup * kLanes * 2;
  }

 private:
  static RETORT_INLINE void QuantizeGroup(const F (&v)[kVectors], RowGroup& out) {
    F greatest = V::Set(0);
    F zeros = V::Set(0);  // not so where a number is infinite or none
    Unroll<kVectors>([&](auto i) RETORT_LAMBDA {
      greatest = V::Max(greatest, V::Max(v[i], V::Sub(V::Set(0), v[i])));
      zeros = V::Fma(v[i], V::Set(0), zeros);
    });
    const float max = V::MaxLane(greatest);
    // Below, the inverse would overflow: such a group is zero for all that follows.
    const bool some = max > 1e-35f;
    const F inverse = V::Set(some ? 127.0f / max : 0.0f);
    F q[kVectors];
    Unroll<kVectors>([&](auto i) RETORT_LAMBDA { q[i] = V::Round(V::Mul(v[i], inverse)); });
    IV::StoreBytes(q, out.q);
    IV::SumHalves(out.q, out.halves);
    out.sum = out.halves[0] + out.halves[1];
    // A number that is none must not be rounded to one: it makes the whole row NaN.
    out.scale = (some ? max / 127.0f : 0.0f) + V::Sum(zeros);
    out.scaled_sum = out.scale * static_cast<float>(out.sum);
    out.scaled_halves[0] = out.scale * static_cast<float>(out.halves[0]);
    out.scaled_halves[1] = out.scale * static_cast<float>(out.halves[1]);
    out.unused = 0;
  }

  static RETORT_INLINE int32_t Exponent(float x) {
    int32_t bits;
    __builtin_memcpy(&bits, &x, sizeof(bits));
    return (bits >> 23) & 255;
  }

  // Compares the greatest scale with the geometric mean of all, by their exponents alone.
  static bool HasOutliers(const RowGroup* row, int64_t groups) {
    int32_t greatest = 0;
    for (int64_t g = 0; g < groups; ++g) {
      const int32_t e = Exponent(row[g].scale);
      greatest = e > greatest ? e : greatest;
    }
    int64_t below = 0;
    for (int64_t g = 0; g < groups; ++g) {
      const int32_t bits = greatest - Exponent(row[g].scale);
      below += bits < 24 ? bits : 24;  // groups of zeros, of which there may be many, say little
    }
    return static_cast<float>(below) > kOutlierBits * static_cast<float>(groups);
  }
};

}  // namespace retort::cpu
