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

inline constexpr size_t kBlock = 32;        // elements of a Q4_0, Q4_1, Q5_0, Q8_0 block
inline constexpr size_t kSuperBlock = 256;  // elements of a Q4_K, Q6_K block

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

// Eight sub-blocks of 32, each with a 6-bit scale and a 6-bit minimum packed into `scales`.
// qs[32 * i + j]: low nibble is element j of sub-block 2i, high nibble that of 2i + 1.
struct BlockQ4K {
  uint16_t d, dmin;
  uint8_t scales[12];
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

static_assert(sizeof(BlockQ8_0) == 34 && alignof(BlockQ8_0) == 2);
static_assert(sizeof(BlockQ4_0) == 18 && alignof(BlockQ4_0) == 2);
static_assert(sizeof(BlockQ4_1) == 20 && alignof(BlockQ4_1) == 2);
static_assert(sizeof(BlockQ5_0) == 22 && alignof(BlockQ5_0) == 2);
static_assert(sizeof(BlockQ4K) == 144 && alignof(BlockQ4K) == 2);
static_assert(sizeof(BlockQ6K) == 210 && alignof(BlockQ6K) == 2);

// Scale and minimum of one sub-block of a Q4_K block, both 0..63.
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

}  // namespace retort
