// Weights of plain types to floats in AVX2 registers. (The others are packed and multiplied by
// 8-bit rows, int8_matmul_inl.h.)
//
// A decoder has kElements and kBytes of a block, which it visits in kParts parts:
//   Begin(block, state): what all parts need
//   Visit<part>(block, state, body): body(Index<i>, w) with w = the i-th vector of the block, i
//     ascending from part to part.
// Of plain types a block is one vector.
#pragma once

#include "ops/cpu/vec_avx2.h"

namespace retort::cpu::avx2 {

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
