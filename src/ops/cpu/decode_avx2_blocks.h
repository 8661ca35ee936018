// AVX2 decoders of the formats with blocks of 32; decode_avx2.h has the overview.
#pragma once

#include "ops/cpu/decode_avx2_plain.h"
#include "quant/blocks.h"

namespace retort::cpu::avx2 {

// The low nibbles of sixteen bytes, then the high ones.
RETORT_INLINE __m256i NibblesOf16(const uint8_t* p) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return MoveBits<0>(_mm256_set_m128i(_mm_srli_epi16(bytes, 4), bytes), 0x0F);
}

// All ones in the bytes whose bit of `bits` is set.
RETORT_INLINE __m256i BytesOfBits(uint32_t bits) {
  const __m256i all = _mm256_set1_epi32(static_cast<int>(bits));
  const __m256i byte_of_bit =
      _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
  const __m256i mask = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201));
  const __m256i bit = _mm256_and_si256(_mm256_shuffle_epi8(all, byte_of_bit), mask);
  return _mm256_cmpeq_epi8(bit, mask);
}

// IQ4's values by their nibbles.
RETORT_INLINE __m256i IQ4Values(__m256i nibbles) {
  const __m128i table = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kIQ4Values));
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), nibbles);
}

struct DecodeQ5_1 : OnePart {
  static constexpr int kElements = 32, kBytes = 24;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    const F m = _mm256_set1_ps(LoadF16(Bytes(block, 2)));
    const __m256i fifth = BytesOfBits(Load32(Bytes(block, 4)));
    const __m256i q = _mm256_or_si256(NibblesOf16(Bytes(block, 8)),
                                      _mm256_and_si256(fifth, _mm256_set1_epi8(16)));
    VisitBytes(q, [&](auto i, F values) RETORT_LAMBDA { body(i, _mm256_fmadd_ps(values, d, m)); });
  }
};

struct DecodeIQ4NL : OnePart {
  static constexpr int kElements = 32, kBytes = 18;
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State&, const Body& body) {
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    VisitBytes(IQ4Values(NibblesOf16(Bytes(block, 2))),
               [&](auto i, F values) RETORT_LAMBDA { body(i, _mm256_mul_ps(values, d)); });
  }
};

}  // namespace retort::cpu::avx2
