// Integers of AVX-512 VNNI for the kernels with 8-bit rows; ivec_portable.h says what the functions
// mean.
#pragma once

#include "ops/cpu/vec_avx512.h"

namespace retort::cpu {

struct IntVnni {
  using Floats = VecAvx512;
  using F = VecAvx512::F;
  using I = __m512i;
  static constexpr int kLanes = 16;
  static constexpr int kFewRows = 8;
  static constexpr int kTileRows = 8;

  static RETORT_INLINE I Load(const void* p) { return _mm512_loadu_si512(p); }
  static RETORT_INLINE void Store(void* p, I a) { _mm512_storeu_si512(p, a); }
  static RETORT_INLINE I Broadcast(const void* four_bytes) {
    int bits;
    __builtin_memcpy(&bits, four_bytes, sizeof(bits));
    return _mm512_set1_epi32(bits);
  }
  static RETORT_INLINE I Or(I a, I b) { return _mm512_or_si512(a, b); }
  template <int kBy>
  static RETORT_INLINE I MoveBits(I bytes, int mask) {
    I moved = bytes;
    if constexpr (kBy > 0) moved = _mm512_slli_epi16(bytes, kBy);
    if constexpr (kBy < 0) moved = _mm512_srli_epi16(bytes, -kBy);
    return _mm512_and_si512(moved, _mm512_set1_epi8(static_cast<char>(mask)));
  }
  static RETORT_INLINE I LookUp(const int8_t* table, I nibbles) {
    const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(sixteen), nibbles);
  }
  static RETORT_INLINE I FlipSigns(I bytes) {
    return _mm512_xor_si512(bytes, _mm512_set1_epi8(static_cast<char>(0x80)));
  }
  template <int kLog2>
  static RETORT_INLINE I SubtractTimes2To(I a, const int32_t* sum) {
    return _mm512_sub_epi32(a, _mm512_slli_epi32(_mm512_set1_epi32(*sum), kLog2));
  }
  static RETORT_INLINE F ToFloat(I a) { return _mm512_cvtepi32_ps(a); }
  static RETORT_INLINE void StoreBytes(const F (&q)[2], int8_t* out) {
    for (int i = 0; i < 2; ++i) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16 * i),
                       _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(q[i])));
    }
  }
  static RETORT_INLINE void SumHalves(const int8_t* q, int32_t* sums) {
    for (int i = 0; i < 2; ++i) {
      const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(q + 16 * i));
      sums[i] = _mm512_reduce_add_epi32(_mm512_cvtepi8_epi32(half));
    }
  }
  static RETORT_INLINE F LoadUnsigned(const uint8_t* p) {
    return ToFloat(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
  }
  static RETORT_INLINE F LoadSigned(const uint8_t* p) {
    return ToFloat(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
  }
  static RETORT_INLINE F LoadNibbles(const uint8_t* p, int shift) {
    const I wide = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    return ToFloat(_mm512_and_si512(_mm512_srli_epi32(wide, static_cast<unsigned>(shift)),
                                    _mm512_set1_epi32(15)));
  }

  // One instruction multiplies, adds up four neighbours and accumulates in 32 bits.
  template <int kMax>
  struct Dot {
    using Weight = I;
    I sum;

    static RETORT_INLINE Weight Prepare(I codes) { return codes; }
    template <int kStep, int kSteps>
    RETORT_INLINE void Add(Weight w, I x) {
      sum = _mm512_dpbusd_epi32(kStep == 0 ? _mm512_setzero_si512() : sum, w, x);
    }
    RETORT_INLINE I Sum() const { return sum; }
  };
  using WideDot = Dot<255>;
};

}  // namespace retort::cpu
