// Packed weights to floats in AVX-512 registers, block by block, without a trip through memory.
//
// A decoder has kElements and kBytes of what it decodes at once, and
//   Visit(block, body): body(Index<i>, w) for i = 0 .. kElements/16-1, w = elements 16i .. 16i+15.
//
// A 4-bit format has sixteen possible values per scale: they are computed once into one register,
// and a permutation picks by nibble (it ignores the index bits above the fourth, so that only the
// high nibbles need a shift). Layouts: quant/blocks.h.
#pragma once

#include "ops/cpu/vec_avx512.h"

namespace retort::cpu::avx512 {

using F = __m512;

RETORT_INLINE const uint8_t* Bytes(const std::byte* p, size_t offset) {
  return reinterpret_cast<const uint8_t*>(p) + offset;
}

RETORT_INLINE __m128i Load16(const uint8_t* p) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

RETORT_INLINE uint32_t Load32(const uint8_t* p) {
  uint32_t v;
  __builtin_memcpy(&v, p, sizeof(v));
  return v;
}

// The half-precision number at p in all lanes.
RETORT_INLINE F SetF16(const uint8_t* p) {
  uint16_t bits;
  __builtin_memcpy(&bits, p, sizeof(bits));
  return _mm512_cvtph_ps(_mm256_set1_epi16(static_cast<short>(bits)));
}

// 0, 1, ..., 15
RETORT_INLINE F Ramp() {
  return _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

RETORT_INLINE F Pick(F table, __m512i index) { return _mm512_permutexvar_ps(index, table); }

// 32 elements of which element j is the low nibble of qs[j], element j + 16 the high one.
template <class Body>
RETORT_INLINE void VisitNibbles(const uint8_t* qs, F table, const Body& body) {
  const __m512i index = _mm512_cvtepu8_epi32(Load16(qs));
  body(Index<0>{}, Pick(table, index));
  body(Index<1>{}, Pick(table, _mm512_srli_epi32(index, 4)));
}

struct DecodeF32 {
  static constexpr int kElements = 16, kBytes = 64;
  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    body(Index<0>{}, _mm512_loadu_ps(block));
  }
};

struct DecodeF16 {
  static constexpr int kElements = 16, kBytes = 32;
  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    body(Index<0>{}, _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(block))));
  }
};

struct DecodeBF16 {
  static constexpr int kElements = 16, kBytes = 32;
  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
    const __m512i wide = _mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16);
    body(Index<0>{}, _mm512_castsi512_ps(wide));
  }
};

struct DecodeQ8_0 {
  static constexpr int kElements = 32, kBytes = 34;
  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    const F d = SetF16(Bytes(block, 0));
    Unroll<2>([&](auto i) RETORT_LAMBDA {
      const __m512i q = _mm512_cvtepi8_epi32(Load16(Bytes(block, 2 + 16 * i)));
      body(i, _mm512_mul_ps(_mm512_cvtepi32_ps(q), d));
    });
  }
};

struct DecodeQ4_0 {
  static constexpr int kElements = 32, kBytes = 18;
  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    const F levels = _mm512_sub_ps(Ramp(), _mm512_set1_ps(8));
    VisitNibbles(Bytes(block, 2), _mm512_mul_ps(levels, SetF16(Bytes(block, 0))), body);
  }
};

struct DecodeQ4_1 {
  static constexpr int kElements = 32, kBytes = 20;
  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    const F d = SetF16(Bytes(block, 0));
    const F m = SetF16(Bytes(block, 2));
    VisitNibbles(Bytes(block, 4), _mm512_fmadd_ps(Ramp(), d, m), body);
  }
};

// As Q4_0 with values (q - 16) * d; where the fifth bit is set 16 * d is added, which is exact.
struct DecodeQ5_0 {
  static constexpr int kElements = 32, kBytes = 22;
  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    const F d = SetF16(Bytes(block, 0));
    const F table = _mm512_mul_ps(_mm512_sub_ps(Ramp(), _mm512_set1_ps(16)), d);
    const F step = _mm512_mul_ps(d, _mm512_set1_ps(16));
    const uint32_t fifth = Load32(Bytes(block, 2));
    VisitNibbles(Bytes(block, 6), table, [&](auto i, F w) RETORT_LAMBDA {
      const auto mask = static_cast<__mmask16>(fifth >> (16 * i));
      body(i, _mm512_mask_add_ps(w, mask, w, step));
    });
  }
};

struct DecodeQ4K {
  static constexpr int kElements = 256, kBytes = 144;

  // Eight scales d * sc, then eight offsets -dmin * m. The packed form is six bits each; the
  // arithmetic below does four of them at a time.
  static RETORT_INLINE void UnpackScales(const std::byte* block, float* out) {
    const uint32_t a = Load32(Bytes(block, 4));
    const uint32_t b = Load32(Bytes(block, 8));
    const uint32_t c = Load32(Bytes(block, 12));
    const uint32_t low6 = 0x3F3F3F3Fu, low4 = 0x0F0F0F0Fu, high2 = 0x30303030u;
    const __m128i packed = _mm_setr_epi32(
        static_cast<int>(a & low6), static_cast<int>((c & low4) | ((a >> 2) & high2)),
        static_cast<int>(b & low6), static_cast<int>(((c >> 4) & low4) | ((b >> 2) & high2)));
    const F d = SetF16(Bytes(block, 0));
    const F factor = _mm512_mask_sub_ps(d, 0xFF00, _mm512_setzero_ps(), SetF16(Bytes(block, 2)));
    _mm512_storeu_ps(out, _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(packed)), factor));
  }

  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    float scales[16];
    UnpackScales(block, scales);
    Unroll<4>([&](auto pair) RETORT_LAMBDA {  // two sub-blocks: the nibbles of 32 bytes
      const uint8_t* qs = Bytes(block, 16 + 32 * pair);
      const __m512i index0 = _mm512_cvtepu8_epi32(Load16(qs));
      const __m512i index1 = _mm512_cvtepu8_epi32(Load16(qs + 16));
      const F low = _mm512_fmadd_ps(Ramp(), _mm512_set1_ps(scales[2 * pair]),
                                    _mm512_set1_ps(scales[8 + 2 * pair]));
      body(Index<4 * pair.value>{}, Pick(low, index0));
      body(Index<4 * pair.value + 1>{}, Pick(low, index1));
      const F high = _mm512_fmadd_ps(Ramp(), _mm512_set1_ps(scales[2 * pair + 1]),
                                     _mm512_set1_ps(scales[8 + 2 * pair + 1]));
      body(Index<4 * pair.value + 2>{}, Pick(high, _mm512_srli_epi32(index0, 4)));
      body(Index<4 * pair.value + 3>{}, Pick(high, _mm512_srli_epi32(index1, 4)));
    });
  }
};

struct DecodeQ6K {
  static constexpr int kElements = 256, kBytes = 210;

  // The 128 values -32 .. 31 of one half: nibbles from ql[64], the upper two bits from qh[32].
  static RETORT_INLINE void UnpackHalf(const uint8_t* ql, const uint8_t* qh, int8_t* out) {
    const __m512i low = _mm512_loadu_si512(ql);
    const __m512i high =
        _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(qh)));
    const __m512i left = _mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1);
    const __m512i right = _mm512_inserti64x4(_mm512_setzero_si512(), _mm256_set1_epi16(2), 1);
    const __m512i nibble = _mm512_set1_epi8(0x0F), bits = _mm512_set1_epi8(0x30);
    const __m512i offset = _mm512_set1_epi8(32);
    const __m512i q0 = _mm512_or_si512(_mm512_and_si512(low, nibble),
                                       _mm512_and_si512(_mm512_sllv_epi16(high, left), bits));
    const __m512i q1 = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi16(low, 4), nibble),
                                       _mm512_and_si512(_mm512_srlv_epi16(high, right), bits));
    _mm512_storeu_si512(out, _mm512_sub_epi8(q0, offset));
    _mm512_storeu_si512(out + 64, _mm512_sub_epi8(q1, offset));
  }

  template <class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const Body& body) {
    int8_t q[256];
    float scales[16];
    UnpackHalf(Bytes(block, 0), Bytes(block, 128), q);
    UnpackHalf(Bytes(block, 64), Bytes(block, 160), q + 128);
    const F sc = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(Load16(Bytes(block, 192))));
    _mm512_storeu_ps(scales, _mm512_mul_ps(sc, SetF16(Bytes(block, 208))));
    Unroll<16>([&](auto i) RETORT_LAMBDA {
      const __m512i wide =
          _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(q + 16 * i)));
      body(i, _mm512_mul_ps(_mm512_cvtepi32_ps(wide), _mm512_set1_ps(scales[i])));
    });
  }
};

}  // namespace retort::cpu::avx512
