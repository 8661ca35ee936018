// Weights of plain types to floats in AVX-512 registers, as decode_avx2_plain.h.
#pragma once

#include "ops/cpu/vec_avx512.h"

namespace retort::cpu::avx512 {

struct DecodeF32 {
  static constexpr int kBytes = 64;
  static RETORT_INLINE __m512 Load(const std::byte* vector) { return _mm512_loadu_ps(vector); }
};

struct DecodeF16 {
  static constexpr int kBytes = 32;
  static RETORT_INLINE __m512 Load(const std::byte* vector) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(vector)));
  }
};

struct DecodeBF16 {
  static constexpr int kBytes = 32;
  static RETORT_INLINE __m512 Load(const std::byte* vector) {
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(vector));
    const __m512i wide = _mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16);
    return _mm512_castsi512_ps(wide);
  }
};

}  // namespace retort::cpu::avx512
