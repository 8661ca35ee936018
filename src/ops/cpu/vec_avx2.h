// Eight floats: AVX2 with FMA and F16C. vec_portable.h says what the functions mean.
#pragma once

#include <immintrin.h>

#include "ops/cpu/vec.h"

namespace retort::cpu {

struct VecAvx2 {
  static constexpr int kLanes = 8;
  static constexpr int kFewRows = 2;   // 4 x 2 accumulators leave room to decode
  static constexpr int kTileRows = 3;  // 4 x 3 accumulators of the 16 registers
  static constexpr int kAttentionRows = 3;
  static constexpr int kRegisters = 16;
  using F = __m256;

  static RETORT_INLINE F Set(float a) { return _mm256_set1_ps(a); }
  static RETORT_INLINE F Load(const float* p) { return _mm256_loadu_ps(p); }
  static RETORT_INLINE void Store(float* p, F a) { _mm256_storeu_ps(p, a); }
  static RETORT_INLINE F Add(F a, F b) { return _mm256_add_ps(a, b); }
  static RETORT_INLINE F Sub(F a, F b) { return _mm256_sub_ps(a, b); }
  static RETORT_INLINE F Mul(F a, F b) { return _mm256_mul_ps(a, b); }
  static RETORT_INLINE F Div(F a, F b) { return _mm256_div_ps(a, b); }
  static RETORT_INLINE F Fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
  static RETORT_INLINE F Max(F a, F b) { return _mm256_max_ps(a, b); }
  static RETORT_INLINE F Min(F a, F b) { return _mm256_min_ps(a, b); }
  static RETORT_INLINE F Round(F a) {
    return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  }
  static RETORT_INLINE F ScaleByPowerOf2(F a, F n) {
    const __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_mul_ps(a, _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23)));
  }
  static RETORT_INLINE F ZeroBelow(F x, F limit, F value) {
    return _mm256_and_ps(_mm256_cmp_ps(x, limit, _CMP_GE_OQ), value);
  }
  static RETORT_INLINE F LoadF16(const uint16_t* p) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static RETORT_INLINE F LoadS8(const int8_t* p) {
    return _mm256_cvtepi32_ps(
        _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
  }
  static RETORT_INLINE void StoreF16(uint16_t* p, F a) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
  }
  static RETORT_INLINE float Sum(F a) {
    const __m128 x = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 y = _mm_add_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_add_ss(y, _mm_movehdup_ps(y)));
  }
  static RETORT_INLINE float MaxLane(F a) {
    const __m128 x = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 y = _mm_max_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_max_ss(y, _mm_movehdup_ps(y)));
  }
  // Lanes are added at distance 2 and 1 within each half, then the halves.
  static RETORT_INLINE void Sum4(F a, F b, F c, F d, float* out) {
    const F ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    const F cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
    const F abcd = _mm256_add_ps(_mm256_shuffle_ps(ab, cd, 0x44), _mm256_shuffle_ps(ab, cd, 0xEE));
    _mm_storeu_ps(out, _mm_add_ps(_mm256_castps256_ps128(abcd), _mm256_extractf128_ps(abcd, 1)));
  }
  static RETORT_INLINE void PrefetchL1(const void* p) { _mm_prefetch(p, _MM_HINT_T0); }
  static RETORT_INLINE void PrefetchL2(const void* p) { _mm_prefetch(p, _MM_HINT_T1); }
};

}  // namespace retort::cpu
