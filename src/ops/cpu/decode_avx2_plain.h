// What the AVX2 decoders share, and the decoders of plain types; decode_avx2.h has the overview.
#pragma once

#include "ops/cpu/vec_avx2.h"

namespace retort::cpu::avx2 {

using F = __m256;

RETORT_INLINE const uint8_t* Bytes(const std::byte* p, size_t offset) {
  return reinterpret_cast<const uint8_t*>(p) + offset;
}

RETORT_INLINE __m256i Load256(const uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

RETORT_INLINE uint32_t Load32(const uint8_t* p) {
  uint32_t v;
  __builtin_memcpy(&v, p, sizeof(v));
  return v;
}

RETORT_INLINE uint64_t Load64(const uint8_t* p) {
  uint64_t v;
  __builtin_memcpy(&v, p, sizeof(v));
  return v;
}

RETORT_INLINE float LoadF16(const uint8_t* p) {
  uint16_t bits;
  __builtin_memcpy(&bits, p, sizeof(bits));
  return _cvtsh_ss(bits);
}

RETORT_INLINE F ToFloat(__m256i q) { return _mm256_cvtepi32_ps(q); }

// Bits of each byte of `bytes`, moved left by kBy (right if negative) and masked.
template <int kBy>
RETORT_INLINE __m256i MoveBits(__m256i bytes, int mask) {
  __m256i moved = bytes;
  if constexpr (kBy > 0) moved = _mm256_slli_epi16(bytes, kBy);
  if constexpr (kBy < 0) moved = _mm256_srli_epi16(bytes, -kBy);
  return _mm256_and_si256(moved, _mm256_set1_epi8(static_cast<char>(mask)));
}

// body(Index<i>, floats) for each eight of 32 integers of a byte.
template <class Body>
RETORT_INLINE void VisitBytes(__m256i bytes, const Body& body) {
  const __m128i low = _mm256_castsi256_si128(bytes);
  const __m128i high = _mm256_extracti128_si256(bytes, 1);
  body(Index<0>{}, ToFloat(_mm256_cvtepi8_epi32(low)));
  body(Index<1>{}, ToFloat(_mm256_cvtepi8_epi32(_mm_unpackhi_epi64(low, low))));
  body(Index<2>{}, ToFloat(_mm256_cvtepi8_epi32(high)));
  body(Index<3>{}, ToFloat(_mm256_cvtepi8_epi32(_mm_unpackhi_epi64(high, high))));
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

}  // namespace retort::cpu::avx2
