// AVX2 decoders of the formats with super-blocks of 256: scales of all sub-blocks first, then parts
// of 32 or 64 elements. decode_avx2.h has the overview.
#pragma once

#include "ops/cpu/decode_avx2_blocks.h"

namespace retort::cpu::avx2 {

// Scales, and with them minima, of kCount sub-blocks as floats.
template <int kCount>
struct Scales {
  float scale[kCount];
};
template <int kCount>
struct ScalesAndOffsets {
  float scale[kCount];
  float offset[kCount];  // minus the minima
};

// Eight bytes as floats, times `factor`.
RETORT_INLINE F ScaleBytes(uint64_t eight, F factor) {
  const __m128i bytes = _mm_cvtsi64_si128(static_cast<int64_t>(eight));
  return _mm256_mul_ps(ToFloat(_mm256_cvtepu8_epi32(bytes)), factor);
}

RETORT_INLINE uint64_t Join(uint32_t low, uint32_t high) {
  return low | (static_cast<uint64_t>(high) << 32);
}

struct DecodeQ2K {
  static constexpr int kElements = 256, kBytes = 84, kParts = 8;
  using State = ScalesAndOffsets<16>;

  static RETORT_INLINE void Begin(const std::byte* block, State& state) {
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 80)));
    const F minus_dmin = _mm256_set1_ps(-LoadF16(Bytes(block, 82)));
    Unroll<2>([&](auto i) RETORT_LAMBDA {
      const uint64_t packed = Load64(Bytes(block, 8 * i));
      const uint64_t low4 = 0x0F0F0F0F0F0F0F0Fu;
      _mm256_storeu_ps(state.scale + 8 * i, ScaleBytes(packed & low4, d));
      _mm256_storeu_ps(state.offset + 8 * i, ScaleBytes((packed >> 4) & low4, minus_dmin));
    });
    ThroughMemory(state);
  }

  // Two sub-blocks: two bits of 32 bytes.
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    const __m256i packed = Load256(Bytes(block, 16 + 32 * (kPart / 4)));
    VisitBytes(MoveBits<-2 * (kPart % 4)>(packed, 3), [&](auto i, F values) RETORT_LAMBDA {
      constexpr int kSub = 2 * kPart + i.value / 2;
      body(Index<4 * kPart + i.value>{}, _mm256_fmadd_ps(values, _mm256_set1_ps(state.scale[kSub]),
                                                         _mm256_set1_ps(state.offset[kSub])));
    });
  }
};

struct DecodeQ3K {
  static constexpr int kElements = 256, kBytes = 110, kParts = 8;
  using State = Scales<16>;

  // The packed form is six bits each; the arithmetic below does four of them at a time.
  static RETORT_INLINE void Begin(const std::byte* block, State& state) {
    const uint32_t a = Load32(Bytes(block, 96));
    const uint32_t b = Load32(Bytes(block, 100));
    const uint32_t c = Load32(Bytes(block, 104));
    const uint32_t low4 = 0x0F0F0F0Fu, high2 = 0x30303030u;
    const __m128i packed = _mm_setr_epi32(static_cast<int>((a & low4) | ((c << 4) & high2)),
                                          static_cast<int>((b & low4) | ((c << 2) & high2)),
                                          static_cast<int>(((a >> 4) & low4) | (c & high2)),
                                          static_cast<int>(((b >> 4) & low4) | ((c >> 2) & high2)));
    const __m128i scales = _mm_sub_epi8(packed, _mm_set1_epi8(32));
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 108)));
    const F first = ToFloat(_mm256_cvtepi8_epi32(scales));
    const F second = ToFloat(_mm256_cvtepi8_epi32(_mm_unpackhi_epi64(scales, scales)));
    _mm256_storeu_ps(state.scale, _mm256_mul_ps(first, d));
    _mm256_storeu_ps(state.scale + 8, _mm256_mul_ps(second, d));
    ThroughMemory(state);
  }

  // Two sub-blocks: two bits of 32 bytes, and one bit, worth 4, of all 32 bytes of hmask.
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    const __m256i low = MoveBits<-2 * (kPart % 4)>(Load256(Bytes(block, 32 + 32 * (kPart / 4))), 3);
    const __m256i high = MoveBits<2 - kPart>(Load256(Bytes(block, 0)), 4);
    const __m256i q = _mm256_sub_epi8(_mm256_or_si256(low, high), _mm256_set1_epi8(4));
    VisitBytes(q, [&](auto i, F values) RETORT_LAMBDA {
      body(Index<4 * kPart + i.value>{},
           _mm256_mul_ps(values, _mm256_set1_ps(state.scale[2 * kPart + i.value / 2])));
    });
  }
};

// What Q4_K and Q5_K share: the scales in the first 16 bytes.
struct SixBitScales {
  static constexpr int kElements = 256, kParts = 4;
  using State = ScalesAndOffsets<8>;

  // The packed form is six bits each; the arithmetic below does four of them at a time.
  static RETORT_INLINE void Begin(const std::byte* block, State& state) {
    const uint32_t a = Load32(Bytes(block, 4));
    const uint32_t b = Load32(Bytes(block, 8));
    const uint32_t c = Load32(Bytes(block, 12));
    const uint32_t low6 = 0x3F3F3F3Fu, low4 = 0x0F0F0F0Fu, high2 = 0x30303030u;
    const uint64_t scales = Join(a & low6, (c & low4) | ((a >> 2) & high2));
    const uint64_t minima = Join(b & low6, ((c >> 4) & low4) | ((b >> 2) & high2));
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    const F minus_dmin = _mm256_set1_ps(-LoadF16(Bytes(block, 2)));
    _mm256_storeu_ps(state.scale, ScaleBytes(scales, d));
    _mm256_storeu_ps(state.offset, ScaleBytes(minima, minus_dmin));
    ThroughMemory(state);
  }
};

struct DecodeQ5K : SixBitScales {
  static constexpr int kBytes = 176;

  // As Q4_K with two of the eight fifth bits in each byte of qh.
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    const __m256i fifth = Load256(Bytes(block, 16));
    const __m256i packed = Load256(Bytes(block, 48 + 32 * kPart));
    VisitSubBlock<2 * kPart>(
        _mm256_or_si256(MoveBits<0>(packed, 0x0F), MoveBits<4 - 2 * kPart>(fifth, 0x10)), state,
        body);
    VisitSubBlock<2 * kPart + 1>(
        _mm256_or_si256(MoveBits<-4>(packed, 0x0F), MoveBits<3 - 2 * kPart>(fifth, 0x10)), state,
        body);
  }

 private:
  // Sub-block kSub of 32 bytes.
  template <int kSub, class Body>
  static RETORT_INLINE void VisitSubBlock(__m256i q, const State& state, const Body& body) {
    const F scale = _mm256_set1_ps(state.scale[kSub]), offset = _mm256_set1_ps(state.offset[kSub]);
    VisitBytes(q, [&](auto i, F values) RETORT_LAMBDA {
      body(Index<4 * kSub + i.value>{}, _mm256_fmadd_ps(values, scale, offset));
    });
  }
};

struct DecodeIQ4XS {
  static constexpr int kElements = 256, kBytes = 136, kParts = 8;
  using State = Scales<8>;

  // Four bits of each scale from a nibble, two from a pair of bits.
  static RETORT_INLINE void Begin(const std::byte* block, State& state) {
    const auto lows = static_cast<int>(Load32(Bytes(block, 4)));
    const auto highs = static_cast<int>(Load32(Bytes(block, 2)));  // the upper half is not used
    const __m256i nibble = _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28);
    const __m256i low = _mm256_and_si256(_mm256_srlv_epi32(_mm256_set1_epi32(lows), nibble),
                                         _mm256_set1_epi32(0x0F));
    const __m256i pair = _mm256_srli_epi32(nibble, 1);
    const __m256i high = _mm256_and_si256(_mm256_srlv_epi32(_mm256_set1_epi32(highs), pair),
                                          _mm256_set1_epi32(0x03));
    const __m256i scales =
        _mm256_sub_epi32(_mm256_or_si256(low, _mm256_slli_epi32(high, 4)), _mm256_set1_epi32(32));
    const F d = _mm256_set1_ps(LoadF16(Bytes(block, 0)));
    _mm256_storeu_ps(state.scale, _mm256_mul_ps(ToFloat(scales), d));
    ThroughMemory(state);
  }

  // One sub-block: sixteen bytes.
  template <int kPart, class Body>
  static RETORT_INLINE void Visit(const std::byte* block, const State& state, const Body& body) {
    const F scale = _mm256_set1_ps(state.scale[kPart]);
    VisitBytes(IQ4Values(NibblesOf16(Bytes(block, 8 + 16 * kPart))),
               [&](auto i, F values) RETORT_LAMBDA {
                 body(Index<4 * kPart + i.value>{}, _mm256_mul_ps(values, scale));
               });
  }
};

}  // namespace retort::cpu::avx2
