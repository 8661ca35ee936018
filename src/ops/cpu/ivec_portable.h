// Integers in plain C++ for the kernels with 8-bit rows, and what their vector classes must bring.
#pragma once

#include "ops/cpu/vec_portable.h"

namespace retort::cpu {

struct IntPortable {
  // The float class of the same lanes, but with multiply-adds that round once on every processor,
  // because products with 8-bit rows have the same bits at all levels.
  struct Floats : VecPortable {
    static F Fma(F a, F b, F c) {
      return Map([&](int i) { return __builtin_fmaf(a.lane[i], b.lane[i], c.lane[i]); });
    }
  };
  using F = VecPortable::F;
  static constexpr int kLanes = VecPortable::kLanes;
  // So many rows meet with weights as they are unpacked, ...
  static constexpr int kFewRows = 1;
  // ... and so many with weights unpacked before.
  static constexpr int kTileRows = 2;

  // kLanes numbers of 32 bits, or four times as many bytes.
  struct I {
    int32_t lane[kLanes];
  };

  template <class Op>
  static RETORT_INLINE I Map(const Op& op) {
    I r;
    for (int i = 0; i < kLanes; ++i) r.lane[i] = op(i);
    return r;
  }
  template <class Op>
  static RETORT_INLINE I MapBytes(I a, const Op& op) {
    uint8_t bytes[4 * kLanes];
    __builtin_memcpy(bytes, &a, sizeof(bytes));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(op(static_cast<unsigned>(byte)));
    __builtin_memcpy(&a, bytes, sizeof(bytes));
    return a;
  }

  static I Load(const void* p) {
    I a;
    __builtin_memcpy(&a, p, sizeof(a));
    return a;
  }
  static void Store(void* p, I a) { __builtin_memcpy(p, &a, sizeof(a)); }
  static I Broadcast(const void* four_bytes) {
    int32_t bits;
    __builtin_memcpy(&bits, four_bytes, sizeof(bits));
    return Map([&](int) { return bits; });
  }
  static I Or(I a, I b) {
    return Map([&](int i) { return a.lane[i] | b.lane[i]; });
  }
  // Bits of each byte moved left by kBy (right if negative) and masked.
  template <int kBy>
  static I MoveBits(I bytes, int mask) {
    return MapBytes(bytes, [&](unsigned byte) {
      return (kBy > 0 ? byte << (kBy > 0 ? kBy : 0) : byte >> (kBy < 0 ? -kBy : 0)) &
             static_cast<unsigned>(mask);
    });
  }
  // table[nibble] for each byte.
  static I LookUp(const int8_t* table, I nibbles) {
    return MapBytes(nibbles, [&](unsigned byte) { return static_cast<uint8_t>(table[byte]); });
  }
  // Each byte from signed to 128 more, unsigned, or back.
  static I FlipSigns(I bytes) {
    return MapBytes(bytes, [](unsigned byte) { return byte ^ 0x80u; });
  }
  // a - 2^kLog2 * sum
  template <int kLog2>
  static I SubtractTimes2To(I a, const int32_t* sum) {
    return Map([&](int i) { return a.lane[i] - *sum * (1 << kLog2); });
  }
  static F ToFloat(I a) {
    return VecPortable::Map([&](int i) { return static_cast<float>(a.lane[i]); });
  }
  // Integers -127 .. 127 as 32 bytes, and the sums of their first and second half.
  static void StoreBytes(const F (&q)[8], int8_t* out) {
    for (int k = 0; k < 32; ++k) {
      const float x = q[k / kLanes].lane[k % kLanes];
      out[k] = x >= -127 && x <= 127 ? static_cast<int8_t>(x) : int8_t{0};
    }
  }
  static void SumHalves(const int8_t* q, int32_t* sums) {
    for (int i = 0; i < 2; ++i) {
      sums[i] = 0;
      for (int k = 0; k < 16; ++k) sums[i] += q[16 * i + k];
    }
  }
  // kLanes bytes as floats: unsigned, signed, or four of their bits from `shift` on.
  static F LoadUnsigned(const uint8_t* p) {
    return VecPortable::Map([&](int i) { return static_cast<float>(p[i]); });
  }
  static F LoadSigned(const uint8_t* p) {
    return VecPortable::Map([&](int i) { return static_cast<float>(static_cast<int8_t>(p[i])); });
  }
  static F LoadNibbles(const uint8_t* p, int shift) {
    return VecPortable::Map([&](int i) { return static_cast<float>((p[i] >> shift) & 15); });
  }

  // Sums over four neighbouring bytes of unsigned codes, at most kMax, times signed numbers.
  //   Dot dot; dot.Add<0, 2>(Dot::Prepare(codes), x); dot.Add<1, 2>(...); I sum = dot.Sum();
  template <int kMax>
  struct Dot {
    using Weight = I;
    I sum;

    static Weight Prepare(I codes) { return codes; }
    template <int kStep, int kSteps>
    void Add(Weight w, I x) {
      sum = Map([&](int i) {
        int32_t total = kStep == 0 ? 0 : sum.lane[i];
        for (int shift = 0; shift < 32; shift += 8) {
          const auto code =
              static_cast<int32_t>((static_cast<uint32_t>(w.lane[i]) >> shift) & 255u);
          total += code * static_cast<int8_t>(static_cast<uint32_t>(x.lane[i]) >> shift);
        }
        return total;
      });
    }
    I Sum() const { return sum; }
  };
  using WideDot = Dot<255>;  // for codes of 8 bits
};

}  // namespace retort::cpu
