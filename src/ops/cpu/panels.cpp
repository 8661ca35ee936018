#include "ops/cpu/panels.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "quant/blocks.h"

namespace retort::cpu {
namespace {

// One block of a format taken apart; `scales` as PanelFormat has them, by group.
struct Fields {
  uint16_t scale = 0;         // F16
  uint16_t offset = 0;        // F16
  uint8_t scales[8][2] = {};  // [group][byte]
  alignas(64) uint8_t codes[kSuperBlock];
};

constexpr uint16_t kSignOfHalf = 0x8000;

void TakeNibbles(const uint8_t* qs, uint8_t* codes) {
  for (size_t j = 0; j < 16; ++j) {
    codes[j] = qs[j] & 15;
    codes[j + 16] = qs[j] >> 4;
  }
}

void TakeFifthBits(const uint8_t* qh, uint8_t* codes) {
  uint32_t bits;
  std::memcpy(&bits, qh, sizeof(bits));
  for (size_t j = 0; j < kBlock; ++j) {
    codes[j] = static_cast<uint8_t>(codes[j] | (((bits >> j) & 1u) << 4));
  }
}

void Take(const BlockQ8_0& block, Fields& fields) {
  fields.scale = block.d;
  for (size_t j = 0; j < kBlock; ++j) {
    fields.codes[j] = static_cast<uint8_t>(static_cast<uint8_t>(block.qs[j]) ^ 0x80u);
  }
}

void Take(const BlockQ4_0& block, Fields& fields) {
  fields.scale = block.d;
  TakeNibbles(block.qs, fields.codes);
}

void Take(const BlockIQ4NL& block, Fields& fields) {
  fields.scale = block.d;
  TakeNibbles(block.qs, fields.codes);
}

void Take(const BlockQ4_1& block, Fields& fields) {
  fields.scale = block.d;
  fields.offset = block.m;
  TakeNibbles(block.qs, fields.codes);
}

void Take(const BlockQ5_0& block, Fields& fields) {
  fields.scale = block.d;
  TakeNibbles(block.qs, fields.codes);
  TakeFifthBits(block.qh, fields.codes);
}

void Take(const BlockQ5_1& block, Fields& fields) {
  fields.scale = block.d;
  fields.offset = block.m;
  TakeNibbles(block.qs, fields.codes);
  TakeFifthBits(block.qh, fields.codes);
}

// Two bits of 256 elements: 32 bytes hold those of four times 32.
void TakeTwoBits(const uint8_t* qs, uint8_t* codes) {
  for (size_t quarter = 0; quarter < 8; ++quarter) {
    for (size_t j = 0; j < 32; ++j) {
      codes[32 * quarter + j] = (qs[32 * (quarter / 4) + j] >> (2 * (quarter % 4))) & 3;
    }
  }
}

void Take(const BlockQ2K& block, Fields& fields) {
  fields.scale = block.d;
  fields.offset = block.dmin ^ kSignOfHalf;
  for (size_t i = 0; i < 16; ++i) fields.scales[i / 2][i % 2] = block.scales[i];
  TakeTwoBits(block.qs, fields.codes);
}

void Take(const BlockQ3K& block, Fields& fields) {
  fields.scale = block.d;
  for (size_t i = 0; i < 16; ++i) {
    fields.scales[i / 2][i % 2] = static_cast<uint8_t>(UnpackQ3KScale(block.scales, i));
  }
  TakeTwoBits(block.qs, fields.codes);
  for (size_t i = 0; i < 8; ++i) {
    for (size_t j = 0; j < 32; ++j) {
      fields.codes[32 * i + j] =
          static_cast<uint8_t>(fields.codes[32 * i + j] | (((block.hmask[j] >> i) & 1) << 2));
    }
  }
}

void TakeSixBitScales(const uint8_t* scales, Fields& fields) {
  for (size_t i = 0; i < 8; ++i) {
    const ScaleMin both = UnpackScaleMin(scales, i);
    fields.scales[i][0] = both.scale;
    fields.scales[i][1] = both.min;
  }
}

// Nibbles of 256 elements: 32 bytes hold those of two times 32.
void TakeWideNibbles(const uint8_t* qs, uint8_t* codes) {
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 32; ++j) {
      codes[64 * i + j] = qs[32 * i + j] & 15;
      codes[64 * i + 32 + j] = qs[32 * i + j] >> 4;
    }
  }
}

void Take(const BlockQ4K& block, Fields& fields) {
  fields.scale = block.d;
  fields.offset = block.dmin ^ kSignOfHalf;
  TakeSixBitScales(block.scales, fields);
  TakeWideNibbles(block.qs, fields.codes);
}

void Take(const BlockQ5K& block, Fields& fields) {
  fields.scale = block.d;
  fields.offset = block.dmin ^ kSignOfHalf;
  TakeSixBitScales(block.scales, fields);
  TakeWideNibbles(block.qs, fields.codes);
  for (size_t i = 0; i < 8; ++i) {
    for (size_t j = 0; j < 32; ++j) {
      fields.codes[32 * i + j] =
          static_cast<uint8_t>(fields.codes[32 * i + j] | (((block.qh[j] >> i) & 1) << 4));
    }
  }
}

void Take(const BlockQ6K& block, Fields& fields) {
  fields.scale = block.d;
  for (size_t i = 0; i < 16; ++i) {
    fields.scales[i / 2][i % 2] = static_cast<uint8_t>(block.scales[i]);
  }
  for (size_t half = 0; half < 2; ++half) {
    uint8_t* codes = fields.codes + 128 * half;
    const uint8_t* ql = block.ql + 64 * half;
    const uint8_t* qh = block.qh + 32 * half;
    for (size_t j = 0; j < 32; ++j) {
      codes[j] = static_cast<uint8_t>((ql[j] & 15) | ((qh[j] & 3) << 4));
      codes[j + 32] = static_cast<uint8_t>((ql[j + 32] & 15) | (((qh[j] >> 2) & 3) << 4));
      codes[j + 64] = static_cast<uint8_t>((ql[j] >> 4) | (((qh[j] >> 4) & 3) << 4));
      codes[j + 96] = static_cast<uint8_t>((ql[j + 32] >> 4) | ((qh[j] >> 6) << 4));
    }
  }
}

void Take(const BlockIQ4XS& block, Fields& fields) {
  fields.scale = block.d;
  for (size_t i = 0; i < 8; ++i) {
    fields.scales[i][0] = static_cast<uint8_t>(UnpackIQ4XSScale(block, i));
    TakeNibbles(block.qs + 16 * i, fields.codes + 32 * i);
  }
}

// Words of a plane of kBits bits of one output's group: `codes` are its 32 codes, of which kShift
// bits lie in planes before, and `out` is the output's place in the plane's first vector. Four
// codes are handled as one word; their bits do not meet.
template <int kBits, int kShift>
void WritePlane(const uint8_t* codes, uint8_t* out) {
  constexpr int kPerByte = 8 / kBits;  // vectors that share one of the plane
  constexpr uint32_t kMask = 0x01010101u * ((1u << kBits) - 1);
  uint32_t words[kGroupVectors];
  std::memcpy(words, codes, sizeof(words));
  for (int i = 0; i < kGroupVectors / kPerByte; ++i) {
    uint32_t word = 0;
    for (int v = 0; v < kPerByte; ++v) {
      // Nibbles pair a vector with the one four further, so that a plane is used in two passes.
      const int j = kBits == 4 ? i + 4 * v : i * kPerByte + v;
      word |= ((words[j] >> kShift) & kMask) << (kBits * v);
    }
    std::memcpy(out + i * kVectorBytes, &word, sizeof(word));
  }
}

// What a panel holds of output n of a group whose scales lie at `group`.
template <DType kType>
void WriteGroup(const uint8_t* codes, const uint8_t* scales, int64_t n, uint8_t* group) {
  constexpr PanelFormat kFormat = PanelFormatOf(kType);
  for (int byte = 0; byte < kFormat.scale_bytes / kPanelRows; ++byte) {
    group[byte * kPanelRows + n] = scales[byte];
  }
  uint8_t* plane = group + kFormat.scale_bytes + 4 * n;
  WritePlane<kFormat.low_bits, 0>(codes, plane);
  if constexpr (kFormat.high_bits > 0) {
    WritePlane<kFormat.high_bits, kFormat.low_bits>(codes, plane + kVectorBytes * kFormat.low_bits);
  }
}

template <DType kType, class Block>
void Pack(const std::byte* source, int64_t rows, int64_t cols, int64_t p, std::byte* panel) {
  constexpr PanelFormat kFormat = PanelFormatOf(kType);
  const int64_t blocks = cols / (kFormat.groups * kGroup);
  auto* out = reinterpret_cast<uint8_t*>(panel);
  for (int64_t b = 0; b < blocks; ++b, out += kFormat.super_block_bytes()) {
    for (int64_t n = 0; n < kPanelRows; ++n) {
      Fields fields;  // of zeros where the matrix has no such row
      if (p * kPanelRows + n < rows) {
        const int64_t at = (p * kPanelRows + n) * blocks + b;
        Block block;
        std::memcpy(&block, source + at * static_cast<int64_t>(sizeof(Block)), sizeof(Block));
        Take(block, fields);
      } else {
        std::memset(fields.codes, 0, sizeof(fields.codes));
      }
      std::memcpy(out + 2 * n, &fields.scale, 2);
      if (kFormat.offsets) std::memcpy(out + 32 + 2 * n, &fields.offset, 2);
      uint8_t* group = out + kFormat.head_bytes();
      for (int64_t g = 0; g < kFormat.groups; ++g, group += kFormat.group_bytes()) {
        WriteGroup<kType>(fields.codes + g * kGroup, fields.scales[g], n, group);
      }
    }
  }
}

}  // namespace

void PackPanel(DType dtype, const std::byte* source, int64_t rows, int64_t cols, int64_t p,
               std::byte* panel) {
  switch (dtype) {
    case DType::kQ8_0:
      return Pack<DType::kQ8_0, BlockQ8_0>(source, rows, cols, p, panel);
    case DType::kQ4_0:
      return Pack<DType::kQ4_0, BlockQ4_0>(source, rows, cols, p, panel);
    case DType::kQ4_1:
      return Pack<DType::kQ4_1, BlockQ4_1>(source, rows, cols, p, panel);
    case DType::kQ5_0:
      return Pack<DType::kQ5_0, BlockQ5_0>(source, rows, cols, p, panel);
    case DType::kQ5_1:
      return Pack<DType::kQ5_1, BlockQ5_1>(source, rows, cols, p, panel);
    case DType::kIQ4_NL:
      return Pack<DType::kIQ4_NL, BlockIQ4NL>(source, rows, cols, p, panel);
    case DType::kQ2_K:
      return Pack<DType::kQ2_K, BlockQ2K>(source, rows, cols, p, panel);
    case DType::kQ3_K:
      return Pack<DType::kQ3_K, BlockQ3K>(source, rows, cols, p, panel);
    case DType::kQ4_K:
      return Pack<DType::kQ4_K, BlockQ4K>(source, rows, cols, p, panel);
    case DType::kQ5_K:
      return Pack<DType::kQ5_K, BlockQ5K>(source, rows, cols, p, panel);
    case DType::kQ6_K:
      return Pack<DType::kQ6_K, BlockQ6K>(source, rows, cols, p, panel);
    case DType::kIQ4_XS:
      return Pack<DType::kIQ4_XS, BlockIQ4XS>(source, rows, cols, p, panel);
    default:
      RETORT_CHECK(false);
  }
}

}  // namespace retort::cpu
