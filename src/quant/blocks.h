// The packed block formats of GGUF, byte for byte (little endian, as in ggml-common.h). `d` and `m`
// are F16 bits. Nothing here needs padding: every struct has the alignment of its uint16_t.
//
//   auto* blocks = reinterpret_cast<const BlockQ4K*>(row);  // columns / 256 of them
//
// What a block means is decode.cpp's to say. Plain data, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensor/dtype.h"

namespace retort {

inline constexpr size_t kBlock = 32;        // elements of a block of the formats without a K or XS
inline constexpr size_t kSuperBlock = 256;  // elements of a K-quant's or IQ4_XS's block

struct BlockQ8_0 {
  uint16_t d;
  int8_t qs[32];
};

// Element j is the low nibble of qs[j], element j + 16 the high one.
struct BlockQ4_0 {
  uint16_t d;
  uint8_t qs[16];
};

struct BlockQ4_1 {
  uint16_t d, m;
  uint8_t qs[16];
};

// Bit j of the little-endian number qh is the fifth bit of element j.
struct BlockQ5_0 {
  uint16_t d;
  uint8_t qh[4];
  uint8_t qs[16];
};

struct BlockQ5_1 {
  uint16_t d, m;
  uint8_t qh[4];
  uint8_t qs[16];
};

// As Q4_0, but a nibble chooses one of sixteen values that lie closer together around zero.
struct BlockIQ4NL {
  uint16_t d;
  uint8_t qs[16];
};

inline constexpr int8_t kIQ4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                          1,    13,   25,  38,  53,  69,  89,  113};

// Sixteen sub-blocks of 16, each with a 4-bit scale (low) and a 4-bit minimum (high) in `scales`.
// Each half of 128 elements has 32 bytes with two bits of four elements each: 32 apart, low first.
struct BlockQ2K {
  uint8_t scales[16];
  uint8_t qs[64];
  uint16_t d, dmin;
};

// Sixteen sub-blocks of 16 with 6-bit scales. Two bits of an element lie in qs as Q2_K's do; bit i
// of hmask[j] is the third one of element 32 * i + j.
struct BlockQ3K {
  uint8_t hmask[32];
  uint8_t qs[64];
  uint8_t scales[12];
  uint16_t d;
};

// Eight sub-blocks of 32, each with a 6-bit scale and a 6-bit minimum packed into `scales`.
// qs[32 * i + j]: low nibble is element j of sub-block 2i, high nibble that of 2i + 1.
struct BlockQ4K {
  uint16_t d, dmin;
  uint8_t scales[12];
  uint8_t qs[128];
};

// As Q4_K; bit i of qh[j] is the fifth bit of element j of sub-block i.
struct BlockQ5K {
  uint16_t d, dmin;
  uint8_t scales[12];
  uint8_t qh[32];
  uint8_t qs[128];
};

// Sixteen sub-blocks of 16. Each half of 128 elements has 64 bytes of low nibbles and 32 bytes with
// the upper two bits of four elements each.
struct BlockQ6K {
  uint8_t ql[128];
  uint8_t qh[64];
  int8_t scales[16];
  uint16_t d;
};

// Eight sub-blocks of 32 of IQ4_NL's values, their nibbles as in Q4_0. The 6-bit scale of sub-block
// i has its lower four bits in nibble i of scales_l and its upper two at bit 2i of scales_h.
struct BlockIQ4XS {
  uint16_t d;
  uint16_t scales_h;
  uint8_t scales_l[4];
  uint8_t qs[128];
};

template <typename Block>
constexpr bool Fits(DType dtype) {
  return sizeof(Block) == Info(dtype).bytes && alignof(Block) <= 2;
}
static_assert(Fits<BlockQ8_0>(DType::kQ8_0) && Fits<BlockQ4_0>(DType::kQ4_0));
static_assert(Fits<BlockQ4_1>(DType::kQ4_1) && Fits<BlockQ5_0>(DType::kQ5_0));
static_assert(Fits<BlockQ5_1>(DType::kQ5_1) && Fits<BlockIQ4NL>(DType::kIQ4_NL));
static_assert(Fits<BlockQ2K>(DType::kQ2_K) && Fits<BlockQ3K>(DType::kQ3_K));
static_assert(Fits<BlockQ4K>(DType::kQ4_K) && Fits<BlockQ5K>(DType::kQ5_K));
static_assert(Fits<BlockQ6K>(DType::kQ6_K) && Fits<BlockIQ4XS>(DType::kIQ4_XS));

// Scale and minimum of one sub-block of a Q4_K or Q5_K block, both 0..63.
struct ScaleMin {
  uint8_t scale, min;
};

// Sub-blocks 0..3 keep their six bits in bytes 0..3 (scales) and 4..7 (minima); sub-blocks 4..7
// have their lower four bits in bytes 8..11 and their upper two on top of bytes 0..7.
inline ScaleMin UnpackScaleMin(const uint8_t* scales, size_t sub_block) {
  const size_t j = sub_block;
  if (j < 4) {
    return {static_cast<uint8_t>(scales[j] & 63), static_cast<uint8_t>(scales[j + 4] & 63)};
  }
  const uint8_t low = scales[j + 4];
  return {static_cast<uint8_t>((low & 15) | ((scales[j - 4] >> 6) << 4)),
          static_cast<uint8_t>((low >> 4) | ((scales[j] >> 6) << 4))};
}

// The scale of one sub-block of a Q3_K block, -32..31. Nibbles 0..15 (the low ones of bytes 0..7
// first) are the lower four bits; bytes 8..11 hold the upper two of every fourth sub-block.
inline int UnpackQ3KScale(const uint8_t* scales, size_t sub_block) {
  const size_t j = sub_block;
  const int low = (scales[j % 8] >> (j < 8 ? 0 : 4)) & 15;
  const int high = (scales[8 + j % 4] >> (2 * (j / 4))) & 3;
  return (low | (high << 4)) - 32;
}

// The scale of one sub-block of an IQ4_XS block, -32..31.
inline int UnpackIQ4XSScale(const BlockIQ4XS& block, size_t sub_block) {
  const int low = (block.scales_l[sub_block / 2] >> (4 * (sub_block % 2))) & 15;
  const int high = (block.scales_h >> (2 * sub_block)) & 3;
  return (low | (high << 4)) - 32;
}

}  // namespace retort
