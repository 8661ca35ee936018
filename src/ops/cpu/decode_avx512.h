// Packed weights to floats in AVX-512 registers, block by block; decode_avx2.h says what a decoder
// is (vectors have sixteen elements here). Formats without a decoder of their own take that of
// AVX2, joining two vectors to one.
//
// A 4-bit format has sixteen possible values per scale: they are computed once into one register,
// and a permutation picks by nibble (it ignores the index bits above the fourth, so that only the
// high nibbles need a shift). Layouts: quant/blocks.h.
#pragma once

#include "ops/cpu/decode_avx2.h"
#include "ops/cpu/decoder_list.h"
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

// A format whose blocks are small enough to be visited at once.
struct OnePart {
  static constexpr int kParts = 1;
  struct State {};
  static RETORT_INLINE void Begin(const std::byte*, State&) {}
};

struct DecodeF32 : OnePart {
  static constexpr int kElements = 16, kBytes = 64;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    body(Index<0>{}, _mm512_loadu_ps(block));
  }
};

struct DecodeF16 : OnePart {
  static constexpr int kElements = 16, kBytes = 32;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    body(Index<0>{}, _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(block))));
  }
};

struct DecodeBF16 : OnePart {
  static constexpr int kElements = 16, kBytes = 32;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
    const __m512i wide = _mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16);
    body(Index<0>{}, _mm512_castsi512_ps(wide));
  }
};

struct DecodeQ8_0 : OnePart {
  static constexpr int kElements = 32, kBytes = 34;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = SetF16(Bytes(block, 0));
    Unroll<2>([&](auto i) RETORT_LAMBDA {
      const __m512i q = _mm512_cvtepi8_epi32(Load16(Bytes(block, 2 + 16 * i)));
      body(i, _mm512_mul_ps(_mm512_cvtepi32_ps(q), d));
    });
  }
};

struct DecodeQ4_0 : OnePart {
  static constexpr int kElements = 32, kBytes = 18;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F levels = _mm512_sub_ps(Ramp(), _mm512_set1_ps(8));
    VisitNibbles(Bytes(block, 2), _mm512_mul_ps(levels, SetF16(Bytes(block, 0))), body);
  }
};

struct DecodeQ4_1 : OnePart {
  static constexpr int kElements = 32, kBytes = 20;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = SetF16(Bytes(block, 0));
    const F m = SetF16(Bytes(block, 2));
    VisitNibbles(Bytes(block, 4), _mm512_fmadd_ps(Ramp(), d, m), body);
  }
};

// As Q4_0 with values (q - 16) * d; where the fifth bit is set 16 * d is added, which is exact.
struct DecodeQ5_0 : OnePart {
  static constexpr int kElements = 32, kBytes = 22;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
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
  static constexpr int kElements = 256, kBytes = 144, kParts = 4;

  struct State {
    float scale[8];   // d * sc of the sub-blocks
    float offset[8];  // -dmin * m
  };

  // The packed form is six bits each; the arithmetic below does four of them at a time.
  static RETORT_INLINE void Begin(const std::byte* block, State& state) {
    const uint32_t a = Load32(Bytes(block, 4));
    const uint32_t b = Load32(Bytes(block, 8));
    const uint32_t c = Load32(Bytes(block, 12));
    const uint32_t low6 = 0x3F3F3F3Fu, low4 = 0x0F0F0F0Fu, high2 = 0x30303030u;
    const uint64_t scales = (a & low6) | static_cast<uint64_t>((c & low4) | ((a >> 2) & high2))
                                             << 32;
    const uint64_t minima =
        (b & low6) | static_cast<uint64_t>(((c >> 4) & low4) | ((b >> 2) & high2)) << 32;
    const __m128i packed =
        _mm_set_epi64x(static_cast<int64_t>(minima), static_cast<int64_t>(scales));
    float d[4];
    _mm_storeu_ps(d, _mm_cvtph_ps(_mm_cvtsi32_si128(static_cast<int>(Load32(Bytes(block, 0))))));
    ThroughMemory(d);
    const F factor =
        _mm512_mask_sub_ps(_mm512_set1_ps(d[0]), 0xFF00, _mm512_setzero_ps(), _mm512_set1_ps(d[1]));
    const F values = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(packed)), factor);
    _mm512_storeu_ps(state.scale, values);
    ThroughMemory(state);
  }

  // Two sub-blocks: the nibbles of 32 bytes.
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    const uint8_t* qs = Bytes(block, 16 + 32 * kPart);
    const __m512i index0 = _mm512_cvtepu8_epi32(Load16(qs));
    const __m512i index1 = _mm512_cvtepu8_epi32(Load16(qs + 16));
    const F low = _mm512_fmadd_ps(Ramp(), _mm512_set1_ps(state.scale[2 * kPart]),
                                  _mm512_set1_ps(state.offset[2 * kPart]));
    body(Index<4 * kPart>{}, Pick(low, index0));
    body(Index<4 * kPart + 1>{}, Pick(low, index1));
    const F high = _mm512_fmadd_ps(Ramp(), _mm512_set1_ps(state.scale[2 * kPart + 1]),
                                   _mm512_set1_ps(state.offset[2 * kPart + 1]));
    body(Index<4 * kPart + 2>{}, Pick(high, _mm512_srli_epi32(index0, 4)));
    body(Index<4 * kPart + 3>{}, Pick(high, _mm512_srli_epi32(index1, 4)));
  }
};

struct DecodeQ6K {
  static constexpr int kElements = 256, kBytes = 210, kParts = 2;

  struct State {
    float scale[16];  // d * sc of the sub-blocks
  };

  static RETORT_INLINE void Begin(const std::byte* block, State& state) {
    const F scales = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(Load16(Bytes(block, 192))));
    _mm512_storeu_ps(state.scale, _mm512_mul_ps(scales, SetF16(Bytes(block, 208))));
    ThroughMemory(state);
  }

  // One half of 128 values -32 .. 31: nibbles from ql[64], the upper two bits from qh[32].
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    const __m512i low = _mm512_loadu_si512(Bytes(block, 64 * kPart));
    const __m512i high = _mm512_broadcast_i64x4(
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(Bytes(block, 128 + 32 * kPart))));
    const __m512i left = _mm512_inserti64x4(_mm512_set1_epi16(4), _mm256_set1_epi16(2), 1);
    const __m512i right = _mm512_inserti64x4(_mm512_setzero_si512(), _mm256_set1_epi16(2), 1);
    const __m512i nibble = _mm512_set1_epi8(0x0F), bits = _mm512_set1_epi8(0x30);
    const __m512i q0 = _mm512_or_si512(_mm512_and_si512(low, nibble),
                                       _mm512_and_si512(_mm512_sllv_epi16(high, left), bits));
    const __m512i q1 = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi16(low, 4), nibble),
                                       _mm512_and_si512(_mm512_srlv_epi16(high, right), bits));
    int8_t q[128];
    _mm512_storeu_si512(q, _mm512_sub_epi8(q0, _mm512_set1_epi8(32)));
    _mm512_storeu_si512(q + 64, _mm512_sub_epi8(q1, _mm512_set1_epi8(32)));
    ThroughMemory(q);
    Unroll<8>([&](auto i) RETORT_LAMBDA {
      const __m512i wide =
          _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(q + 16 * i)));
      constexpr int kAt = 8 * kPart + i.value;
      body(Index<kAt>{}, _mm512_mul_ps(_mm512_cvtepi32_ps(wide), _mm512_set1_ps(state.scale[kAt])));
    });
  }
};

// A decoder of decode_avx2.h, its vectors joined by two.
template <class D>
struct Joined {
  static constexpr int kElements = D::kElements, kBytes = D::kBytes, kParts = D::kParts;
  using State = typename D::State;

  static RETORT_INLINE void Begin(const std::byte* block, State& state) { D::Begin(block, state); }

  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    __m256 first = _mm256_setzero_ps();
    D::template Visit<kPart>(block, state, [&](auto i, __m256 w) RETORT_LAMBDA {
      if constexpr (i.value % 2 == 0) {
        first = w;
      } else {
        body(Index<i.value / 2>{}, _mm512_insertf32x8(_mm512_castps256_ps512(first), w, 1));
      }
    });
  }
};

using Decoders = DecoderList<DecodeF32, DecodeF16, DecodeBF16, DecodeQ8_0, DecodeQ4_0, DecodeQ4_1,
                             DecodeQ5_0, Joined<avx2::DecodeQ5_1>, Joined<avx2::DecodeIQ4NL>,
                             Joined<avx2::DecodeQ2K>, Joined<avx2::DecodeQ3K>, DecodeQ4K,
                             Joined<avx2::DecodeQ5K>, DecodeQ6K, Joined<avx2::DecodeIQ4XS>>;

}  // namespace retort::cpu::avx512
