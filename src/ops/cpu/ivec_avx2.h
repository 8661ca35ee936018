// Integers of AVX2 for the kernels with 8-bit rows; ivec_portable.h says what the functions mean.
#pragma once

#include "ops/cpu/vec_avx2.h"

namespace retort::cpu {

struct IntAvx2 {
  using Floats = VecAvx2;
  using F = VecAvx2::F;
  using I = __m256i;
  static constexpr int kLanes = 8;
  static constexpr int kFewRows = 4;
  static constexpr int kTileRows = 4;

  static RETORT_INLINE I Load(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
  static RETORT_INLINE void Store(void* p, I a) {
    _mm256_storeu_si256(static_cast<__m256i*>(p), a);
  }
  static RETORT_INLINE I Broadcast(const void* four_bytes) {
    int bits;
    __builtin_memcpy(&bits, four_bytes, sizeof(bits));
    return _mm256_set1_epi32(bits);
  }
  static RETORT_INLINE I Or(I a, I b) { return _mm256_or_si256(a, b); }
  template <int kBy>
  static RETORT_INLINE I MoveBits(I bytes, int mask) {
    I moved = bytes;
    if constexpr (kBy > 0) moved = _mm256_slli_epi16(bytes, kBy);
    if constexpr (kBy < 0) moved = _mm256_srli_epi16(bytes, -kBy);
    return _mm256_and_si256(moved, _mm256_set1_epi8(static_cast<char>(mask)));
  }
  static RETORT_INLINE I LookUp(const int8_t* table, I nibbles) {
    const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(sixteen), nibbles);
  }
  static RETORT_INLINE I FlipSigns(I bytes) {
    return _mm256_xor_si256(bytes, _mm256_set1_epi8(static_cast<char>(0x80)));
  }
  template <int kLog2>
  static RETORT_INLINE I SubtractTimes2To(I a, const int32_t* sum) {
    return _mm256_sub_epi32(a, _mm256_slli_epi32(_mm256_set1_epi32(*sum), kLog2));
  }
  static RETORT_INLINE F ToFloat(I a) { return _mm256_cvtepi32_ps(a); }
  static RETORT_INLINE void StoreBytes(const F (&q)[4], int8_t* out) {
    // Packing keeps to the halves of a register; the permutation puts their quarters in order.
    const I ab = _mm256_packs_epi32(_mm256_cvtps_epi32(q[0]), _mm256_cvtps_epi32(q[1]));
    const I cd = _mm256_packs_epi32(_mm256_cvtps_epi32(q[2]), _mm256_cvtps_epi32(q[3]));
    const I order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    Store(out, _mm256_permutevar8x32_epi32(_mm256_packs_epi16(ab, cd), order));
  }
  static RETORT_INLINE void SumHalves(const int8_t* q, int32_t* sums) {
    const I pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), Load(q));
    const I fours = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
    const I eights = _mm256_hadd_epi32(fours, fours);
    const I halves = _mm256_hadd_epi32(eights, eights);
    sums[0] = _mm256_extract_epi32(halves, 0);
    sums[1] = _mm256_extract_epi32(halves, 4);
  }
  static RETORT_INLINE F LoadUnsigned(const uint8_t* p) {
    return ToFloat(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
  }
  static RETORT_INLINE F LoadSigned(const uint8_t* p) {
    return ToFloat(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
  }
  static RETORT_INLINE F LoadNibbles(const uint8_t* p, int shift) {
    const I wide = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
    return ToFloat(_mm256_and_si256(_mm256_srli_epi32(wide, shift), _mm256_set1_epi32(15)));
  }

  // Left to itself, GCC does a group's multiplications first and its additions last, with all the
  // products on the stack in between.
  static RETORT_INLINE void KeepOrder(I& a) { __asm__ volatile("" : "+x"(a)); }

  // Pairs of products are added up in 16 bits, as many as fit: 2 * 127 * kMax each.
  template <int kMax>
  struct Dot {
    static constexpr int kChain = 32767 / (254 * kMax);
    static_assert(kChain >= 1);
    using Weight = I;
    I narrow, wide;

    static RETORT_INLINE Weight Prepare(I codes) { return codes; }
    template <int kStep, int kSteps>
    RETORT_INLINE void Add(Weight w, I x) {
      const I products = _mm256_maddubs_epi16(w, x);
      narrow = kStep % kChain == 0 ? products : _mm256_add_epi16(narrow, products);
      KeepOrder(narrow);
      if constexpr (kStep % kChain == kChain - 1 || kStep == kSteps - 1) {
        const I sums = _mm256_madd_epi16(narrow, _mm256_set1_epi16(1));
        wide = kStep < kChain ? sums : _mm256_add_epi32(wide, sums);
      }
    }
    RETORT_INLINE I Sum() const { return wide; }
  };

  // Codes of 8 bits by their nibbles.
  struct WideDot {
    struct Weight {
      I low, high;
    };
    Dot<15> low, high;

    static RETORT_INLINE Weight Prepare(I codes) {
      return {MoveBits<0>(codes, 15), MoveBits<-4>(codes, 15)};
    }
    template <int kStep, int kSteps>
    RETORT_INLINE void Add(const Weight& w, I x) {
      low.template Add<kStep, kSteps>(w.low, x);
      high.template Add<kStep, kSteps>(w.high, x);
    }
    RETORT_INLINE I Sum() const {
      return _mm256_add_epi32(low.Sum(), _mm256_slli_epi32(high.Sum(), 4));
    }
  };
};

}  // namespace retort::cpu
