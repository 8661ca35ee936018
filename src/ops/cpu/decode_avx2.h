// Packed weights to floats in AVX2 registers, block by block; decode_avx512.h says what a decoder
// is. Eight elements at a time: widen the bytes, convert, scale. Layouts: quant/blocks.h.
#pragma once

#include "ops/cpu/vec_avx2.h"

namespace retort::cpu::avx2 {

using F = __m256;

RETORT_INLINE const uint8_t* Bytes(const std::byte* p, size_t offset) {
  return reinterpret_cast<const uint8_t*>(p) + offset;
}

RETORT_INLINE __m128i Load8(const void* p) {
  return _mm_loadl_epi64(static_cast<const __m128i*>(p));
}

RETORT_INLINE uint32_t Load32(const uint8_t* p) {
  uint32_t v;
  __builtin_memcpy(&v, p, sizeof(v));
  return v;
}

RETORT_INLINE float LoadF16(const uint8_t* p) {
  uint16_t bits;
  __builtin_memcpy(&bits, p, sizeof(bits));
  return _cvtsh_ss(bits);
}

RETORT_INLINE F ToFloat(__m256i q) { return _mm256_cvtepi32_ps(q); }

// The low (shift 0) or high (shift 4) nibbles of eight bytes.
RETORT_INLINE __m256i Nibbles(const uint8_t* p, int shift) {
  const __m256i wide = _mm256_srli_epi32(_mm256_cvtepu8_epi32(Load8(p)), shift);
  return _mm256_and_si256(wide, _mm256_set1_epi32(15));
}

// A format whose blocks are small enough to be visited at once.
struct OnePart {
  static constexpr int kParts = 1;
  struct State {};
  static RETORT_INLINE void Begin(const std::byte*, State&) {}
};

struct DecodeF32 : OnePart {
  static constexpr int kElements = 8, kBytes = 32;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    body(Index<0>{}, _mm256_loadu_ps(reinterpret_cast<const float*>(block)));
  }
};

struct DecodeF16 : OnePart {
  static constexpr int kElements = 8, kBytes = 16;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    body(Index<0>{}, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block))));
  }
};

struct DecodeBF16 : OnePart {
  static constexpr int kElements = 8, kBytes = 16;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
    const __m256i wide = _mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16);
    body(Index<0>{}, _mm256_castsi256_ps(wide));
  }
};

struct DecodeQ8_0 : OnePart {
  static constexpr int kElements = 32, kBytes = 34;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    Unroll<4>([&](auto i) RETORT_LAMBDA {
      const __m256i q = _mm256_cvtepi8_epi32(Load8(Bytes(block, 2 + 8 * i)));
      body(i, _mm256_mul_ps(ToFloat(q), d));
    });
  }
};

struct DecodeQ4_0 : OnePart {
  static constexpr int kElements = 32, kBytes = 18;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    Unroll<4>([&](auto i) RETORT_LAMBDA {
      const __m256i q = Nibbles(Bytes(block, 2 + 8 * (i % 2)), i < 2 ? 0 : 4);
      body(i, _mm256_mul_ps(ToFloat(_mm256_sub_epi32(q, _mm256_set1_epi32(8))), d));
    });
  }
};

struct DecodeQ4_1 : OnePart {
  static constexpr int kElements = 32, kBytes = 20;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    const F m = _mm256_set1_ps(LoadF16(Bytes(block, 2)));
    Unroll<4>([&](auto i) RETORT_LAMBDA {
      const __m256i q = Nibbles(Bytes(block, 4 + 8 * (i % 2)), i < 2 ? 0 : 4);
      body(i, _mm256_fmadd_ps(ToFloat(q), d, m));
    });
  }
};

struct DecodeQ5_0 : OnePart {
  static constexpr int kElements = 32, kBytes = 22;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    const uint32_t fifth = Load32(Bytes(block, 2));
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    Unroll<4>([&](auto i) RETORT_LAMBDA {
      const __m256i q = Nibbles(Bytes(block, 6 + 8 * (i % 2)), i < 2 ? 0 : 4);
      const __m256i word = _mm256_set1_epi32(static_cast<int>(fifth >> (8 * i)));
      const __m256i bit = _mm256_and_si256(_mm256_srlv_epi32(word, lane), _mm256_set1_epi32(1));
      const __m256i value = _mm256_or_si256(q, _mm256_slli_epi32(bit, 4));
      body(i, _mm256_mul_ps(ToFloat(_mm256_sub_epi32(value, _mm256_set1_epi32(16))), d));
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
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    const F minus_dmin = _mm256_set1_ps(-LoadF16(Bytes(block, 2)));
    _mm256_storeu_ps(state.scale, _mm256_mul_ps(FromBytes(scales), d));
    _mm256_storeu_ps(state.offset, _mm256_mul_ps(FromBytes(minima), minus_dmin));
    ThroughMemory(state);
  }

  static RETORT_INLINE F FromBytes(uint64_t eight) {
    return ToFloat(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<int64_t>(eight))));
  }

  // Two sub-blocks: the nibbles of 32 bytes.
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    Unroll<8>([&](auto i) RETORT_LAMBDA {
      constexpr int kSub = 2 * kPart + i.value / 4;
      const __m256i q = Nibbles(Bytes(block, 16 + 32 * kPart + 8 * (i % 4)), i < 4 ? 0 : 4);
      body(Index<8 * kPart + i.value>{},
           _mm256_fmadd_ps(ToFloat(q), _mm256_set1_ps(state.scale[kSub]),
                           _mm256_set1_ps(state.offset[kSub])));
    });
  }
};

struct DecodeQ6K {
  static constexpr int kElements = 256, kBytes = 210, kParts = 8;

  struct State {
    float d;
  };
  static RETORT_INLINE void Begin(const std::byte* block, State& state) {
    state.d = LoadF16(Bytes(block, 208));
  }

  // 32 values -32 .. 31: the low or high nibbles of 32 bytes of ql, two bits each from 32 of qh.
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    constexpr int kHalf = kPart / 4, kQuarter = kPart % 4;
    const auto load = [](const uint8_t* p) RETORT_LAMBDA {
      return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    };
    const __m256i low = load(Bytes(block, 64 * kHalf + 32 * (kQuarter % 2)));
    const __m256i high = load(Bytes(block, 128 + 32 * kHalf));
    const __m256i nibble =
        _mm256_and_si256(_mm256_srli_epi16(low, kQuarter < 2 ? 0 : 4), _mm256_set1_epi8(0x0F));
    const __m256i bits =
        _mm256_and_si256(_mm256_srli_epi16(high, 2 * kQuarter), _mm256_set1_epi8(0x03));
    int8_t q[32];
    _mm256_storeu_si256(
        reinterpret_cast<__m256i*>(q),
        _mm256_sub_epi8(_mm256_or_si256(nibble, _mm256_slli_epi16(bits, 4)), _mm256_set1_epi8(32)));
    ThroughMemory(q);
    Unroll<4>([&](auto i) RETORT_LAMBDA {
      const auto sc = static_cast<int8_t>(*Bytes(block, 192 + 2 * kPart + i / 2));
      const F scale = _mm256_set1_ps(state.d * static_cast<float>(sc));
      const F values = ToFloat(_mm256_cvtepi8_epi32(Load8(q + 8 * i)));
      body(Index<4 * kPart + i.value>{}, _mm256_mul_ps(values, scale));
    });
  }
};

}  // namespace retort::cpu::avx2
