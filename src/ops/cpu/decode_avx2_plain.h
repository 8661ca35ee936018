// Weights of plain types to floats in AVX2 registers: a decoder says how many bytes a vector of
// them has, and loads one. (All other types are packed and multiplied by 8-bit rows,
// int8_matmul_inl.h.)
#pragma once

#include "ops/cpu/vec_avx2.h"

namespace retort::cpu::avx2 {

struct DecodeF32 {
  static constexpr int kBytes = 32;
  static RETORT_INLINE __m256 Load(const std::byte* vector) {
    return _mm256_loadu_ps(reinterpret_cast<const float*>(vector));
  }
};

struct DecodeF16 {
  static constexpr int kBytes = 16;
  static RETORT_INLINE __m256 Load(const std::byte* vector) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(vector)));
  }
};

struct DecodeBF16 {
  static constexpr int kBytes = 16;
  static RETORT_INLINE __m256 Load(const std::byte* vector) {
    const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(vector));
    const __m256i wide = _mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16);
    return _mm256_castsi256_ps(wide);
  }
};

}  // namespace retort::cpu::avx2
