// Sixteen floats: AVX-512 F, BW, DQ and VL. vec_portable.h says what the functions mean.
#pragma once

#include <immintrin.h>

#include "ops/cpu/vec.h"

namespace retort::cpu {

struct VecAvx512 {
  static constexpr int kLanes = 16;
  static constexpr int kFewRows = 4;   // 4 x 4 accumulators leave room to decode
  static constexpr int kTileRows = 6;  // 4 x 6 accumulators of the 32 registers
  static constexpr int kAttentionRows = 8;
  static constexpr int kRegisters = 32;
  using F = __m512;

  static RETORT_INLINE F Set(float a) { return _mm512_set1_ps(a); }
  static RETORT_INLINE F Load(const float* p) { return _mm512_loadu_ps(p); }
  static RETORT_INLINE void Store(float* p, F a) { _mm512_storeu_ps(p, a); }
  static RETORT_INLINE F Add(F a, F b) { return _mm512_add_ps(a, b); }
  static RETORT_INLINE F Sub(F a, F b) { return _mm512_sub_ps(a, b); }
  static RETORT_INLINE F Mul(F a, F b) { return _mm512_mul_ps(a, b); }
  static RETORT_INLINE F Div(F a, F b) { return _mm512_div_ps(a, b); }
  static RETORT_INLINE F Fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
  static RETORT_INLINE F Max(F a, F b) { return _mm512_max_ps(a, b); }
  static RETORT_INLINE F Min(F a, F b) { return _mm512_min_ps(a, b); }
  static RETORT_INLINE F Round(F a) {
    return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  }
  static RETORT_INLINE F ScaleByPowerOf2(F a, F n) { return _mm512_scalef_ps(a, n); }
  static RETORT_INLINE F ZeroBelow(F x, F limit, F value) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, limit, _CMP_GE_OQ), value);
  }
  static RETORT_INLINE F LoadF16(const uint16_t* p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  static RETORT_INLINE F LoadS8(const int8_t* p) {
    return _mm512_cvtepi32_ps(
        _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
  }
  static RETORT_INLINE void StoreF16(uint16_t* p, F a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                        _mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
  }
  static RETORT_INLINE float Sum(F a) {
    const __m256 h = _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
    const __m128 x = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
    const __m128 y = _mm_add_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_add_ss(y, _mm_movehdup_ps(y)));
  }
  static RETORT_INLINE float MaxLane(F a) {
    const __m256 h = _mm256_max_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
    const __m128 x = _mm_max_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
    const __m128 y = _mm_max_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_max_ss(y, _mm_movehdup_ps(y)));
  }
  // Lanes are added within each quarter, then the quarters at distance 2, then at distance 1.
  static RETORT_INLINE void Sum4(F a, F b, F c, F d, float* out) {
    const F ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    const F cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    const F abcd = _mm512_add_ps(_mm512_shuffle_ps(ab, cd, 0x44), _mm512_shuffle_ps(ab, cd, 0xEE));
    const __m256 h = _mm256_add_ps(_mm512_castps512_ps256(abcd), _mm512_extractf32x8_ps(abcd, 1));
    _mm_storeu_ps(out, _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1)));
  }
  // rows[i] lane j <-> rows[j] lane i
  static RETORT_INLINE void Transpose(F* rows) {
    F s[kLanes];
    for (int i = 0; i < kLanes; i += 4) {  // 4 x 4 blocks
      const F ab_lo = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
      const F ab_hi = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
      const F cd_lo = _mm512_unpacklo_ps(rows[i + 2], rows[i + 3]);
      const F cd_hi = _mm512_unpackhi_ps(rows[i + 2], rows[i + 3]);
      s[i] = _mm512_shuffle_ps(ab_lo, cd_lo, 0x44);
      s[i + 1] = _mm512_shuffle_ps(ab_lo, cd_lo, 0xEE);
      s[i + 2] = _mm512_shuffle_ps(ab_hi, cd_hi, 0x44);
      s[i + 3] = _mm512_shuffle_ps(ab_hi, cd_hi, 0xEE);
    }
    for (int i = 0; i < 4; ++i) {  // the blocks among themselves
      const F lo_even = _mm512_shuffle_f32x4(s[i], s[i + 4], 0x88);
      const F lo_odd = _mm512_shuffle_f32x4(s[i], s[i + 4], 0xDD);
      const F hi_even = _mm512_shuffle_f32x4(s[i + 8], s[i + 12], 0x88);
      const F hi_odd = _mm512_shuffle_f32x4(s[i + 8], s[i + 12], 0xDD);
      rows[i] = _mm512_shuffle_f32x4(lo_even, hi_even, 0x88);
      rows[i + 4] = _mm512_shuffle_f32x4(lo_odd, hi_odd, 0x88);
      rows[i + 8] = _mm512_shuffle_f32x4(lo_even, hi_even, 0xDD);
      rows[i + 12] = _mm512_shuffle_f32x4(lo_odd, hi_odd, 0xDD);
    }
  }
  static RETORT_INLINE void PrefetchL1(const void* p) { _mm_prefetch(p, _MM_HINT_T0); }
  static RETORT_INLINE void PrefetchL2(const void* p) { _mm_prefetch(p, _MM_HINT_T1); }
};

}  // namespace retort::cpu
