// Weights of plain types to floats in AVX-512 registers; decode_avx2_plain.h says what a decoder
// is.
#pragma once

#include "ops/cpu/vec_avx512.h"

namespace retort::cpu::avx512 {

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

}  // namespace retort::cpu::avx512
