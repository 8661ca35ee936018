// Reads the panels of one format at one level: IV is its class of integers. panels.h draws them.
// Included by int8_matmul_inl.h only.
#pragma once

#include "ops/cpu/panels.h"
#include "ops/cpu/vec.h"
#include "quant/blocks.h"

namespace retort::cpu {

template <class IV, DType kType>
struct PanelReader {
  using V = typename IV::Floats;
  using F = typename IV::F;
  using I = typename IV::I;
  static constexpr PanelFormat kFormat = PanelFormatOf(kType);
  static constexpr bool kTable = kType == DType::kIQ4_NL || kType == DType::kIQ4_XS;
  static constexpr bool kWide = kTable || kFormat.low_bits == 8;  // codes above 63
  static constexpr int kBits = kFormat.low_bits + kFormat.high_bits;
  // Two scales in a group, one for each half.
  static constexpr bool kHalves =
      kType == DType::kQ2_K || kType == DType::kQ3_K || kType == DType::kQ6_K;
  static constexpr int kScales = kHalves ? 2 : 1;
  static constexpr int kSteps = kHalves ? 4 : 8;  // vectors that share a scale

  // log2 of what is subtracted from a code; 0 for formats with minima instead.
  // Q4_0: 8, Q5_0: 16, Q6_K: 32, Q3_K: 4.
  static constexpr int kCenterLog2 = kWide ? 7 : kFormat.offsets ? 0 : kBits - 1;

  template <bool kIsWide, class Wide, int kMax>
  struct DotOf {
    using Type = typename IV::template Dot<kMax>;
  };
  template <class Wide, int kMax>
  struct DotOf<true, Wide, kMax> {
    using Type = Wide;
  };
  using Dot = typename DotOf<kWide, typename IV::WideDot, kWide ? 1 : (1 << kBits) - 1>::Type;

  struct Scales {
    F scale[kScales];
    F offset[kScales];  // set where the format has minima
  };

  // Of kLanes outputs from `lane` on.
  static RETORT_INLINE Scales ReadScales(const uint8_t* head, const uint8_t* group, int lane) {
    Scales s;
    const F d = V::LoadF16(reinterpret_cast<const uint16_t*>(head) + lane);
    F m = d;
    if constexpr (kFormat.offsets) {
      m = V::LoadF16(reinterpret_cast<const uint16_t*>(head + 32) + lane);
    }
    const uint8_t* first = group + lane;
    const uint8_t* second = first + kPanelRows;
    if constexpr (kType == DType::kQ2_K) {
      s.scale[0] = V::Mul(d, IV::LoadNibbles(first, 0));
      s.offset[0] = V::Mul(m, IV::LoadNibbles(first, 4));
      s.scale[kScales - 1] = V::Mul(d, IV::LoadNibbles(second, 0));
      s.offset[kScales - 1] = V::Mul(m, IV::LoadNibbles(second, 4));
    } else if constexpr (kHalves) {
      s.scale[0] = V::Mul(d, IV::LoadSigned(first));
      s.scale[kScales - 1] = V::Mul(d, IV::LoadSigned(second));
    } else if constexpr (kFormat.scale_bytes == 32) {
      s.scale[0] = V::Mul(d, IV::LoadUnsigned(first));
      s.offset[0] = V::Mul(m, IV::LoadUnsigned(second));
    } else if constexpr (kFormat.scale_bytes == 16) {
      s.scale[0] = V::Mul(d, IV::LoadSigned(first));
    } else {
      s.scale[0] = d;
      s.offset[0] = m;
    }
    return s;
  }

  // body(Index<j>, Index<step>, codes) for the vectors of a group, kLanes outputs from `lane` on;
  // `step` counts those that share a scale.
  template <class Body>
  static RETORT_INLINE void Visit(const uint8_t* group, int lane, const Body& body) {
    const uint8_t* low = group + kFormat.scale_bytes + 4 * lane;
    const uint8_t* high = low + kVectorBytes * kFormat.low_bits;
    if constexpr (kFormat.low_bits == 8) {
      Unroll<8>([&](auto j) RETORT_LAMBDA { body(j, j, IV::Load(low + kVectorBytes * j)); });
    } else if constexpr (kFormat.low_bits == 4) {
      Unroll<4>([&](auto i) RETORT_LAMBDA {
        const I both = IV::Load(low + kVectorBytes * i);
        constexpr int kStep = kHalves ? i.value : 2 * i.value;
        constexpr int kNext = kHalves ? i.value : 2 * i.value + 1;
        body(Index<i.value>{}, Index<kStep>{},
             Complete<i.value>(IV::template MoveBits<0>(both, 15), high));
        body(Index<i.value + 4>{}, Index<kNext>{},
             Complete<i.value + 4>(IV::template MoveBits<-4>(both, 15), high));
      });
    } else {
      Unroll<8>([&](auto j) RETORT_LAMBDA {
        const I four = IV::Load(low + kVectorBytes * (j / 4));
        body(j, Index<j.value % kSteps>{},
             Complete<j.value>(IV::template MoveBits<-2 * (j.value % 4)>(four, 3), high));
      });
    }
  }

 private:
  // The low bits of vector j with its upper ones, or the value that they choose.
  template <int j>
  static RETORT_INLINE I Complete(I bits, const uint8_t* high) {
    if constexpr (kTable) return IV::FlipSigns(IV::LookUp(kIQ4Values, bits));
    if constexpr (kFormat.high_bits == 0) return bits;
    constexpr int kPerByte = kFormat.high_bits == 0 ? 1 : 8 / kFormat.high_bits;
    constexpr int kFrom = kFormat.high_bits * (j % kPerByte);
    constexpr int kMask = ((1 << kFormat.high_bits) - 1) << kFormat.low_bits;
    const I plane = IV::Load(high + kVectorBytes * (j / kPerByte));
    return IV::Or(bits, IV::template MoveBits<kFormat.low_bits - kFrom>(plane, kMask));
  }
};

}  // namespace retort::cpu
