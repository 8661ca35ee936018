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

// vectors [8][64] of a group from the codes of sixteen outputs.
void Interleave(const Fields* outputs, int64_t group, uint8_t* vectors) {
  for (int64_t n = 0; n < kPanelRows; ++n) {
    const uint8_t* codes = outputs[n].codes + group * kGroup;
    for (int64_t j = 0; j < kGroupVectors; ++j) {
      std::memcpy(vectors + j * kVectorBytes + 4 * n, codes + 4 * j, 4);
    }
  }
}

// The planes of `bits` bits of eight vectors, of which `shift` bits lie in planes before.
void WritePlane(const uint8_t* vectors, int bits, int shift, uint8_t* out) {
  const int per_byte = 8 / bits;  // vectors that share one of the plane
  for (int64_t i = 0; i < kGroupVectors / per_byte; ++i) {
    uint8_t* plane = out + i * kVectorBytes;
    std::memset(plane, 0, kVectorBytes);
    for (int64_t v = 0; v < per_byte; ++v) {
      // Nibbles pair a vector with the one four further, so that a plane is used in two passes.
      const int64_t j = bits == 4 ? i + 4 * v : i * per_byte + v;
      const uint8_t* from = vectors + j * kVectorBytes;
      const auto mask = static_cast<uint8_t>((1u << bits) - 1);
      const int to = bits * static_cast<int>(v);
      for (int64_t b = 0; b < kVectorBytes; ++b) {
        plane[b] = static_cast<uint8_t>(plane[b] | (((from[b] >> shift) & mask) << to));
      }
    }
  }
}

void WriteGroup(const PanelFormat& format, const Fields* outputs, int64_t group, uint8_t* out) {
  for (int64_t byte = 0; byte < format.scale_bytes / kPanelRows; ++byte) {
    for (int64_t n = 0; n < kPanelRows; ++n) *out++ = outputs[n].scales[group][byte];
  }
  alignas(64) uint8_t vectors[kGroupVectors * kVectorBytes];
  Interleave(outputs, group, vectors);
  if (format.low_bits == 8) {
    std::memcpy(out, vectors, sizeof(vectors));
    return;
  }
  WritePlane(vectors, format.low_bits, 0, out);
  if (format.high_bits == 0) return;
  WritePlane(vectors, format.high_bits, format.low_bits, out + kVectorBytes * format.low_bits);
}

template <class Block>
void Pack(DType dtype, const std::byte* source, int64_t rows, int64_t cols, int64_t p,
          std::byte* panel) {
  const PanelFormat format = PanelFormatOf(dtype);
  const int64_t blocks = cols / (format.groups * kGroup);
  // Filling rows have a scale of zero; so their codes do not matter.
  Fields outputs[kPanelRows] = {};
  auto* out = reinterpret_cast<uint8_t*>(panel);
  for (int64_t b = 0; b < blocks; ++b) {
    for (int64_t n = 0; n < std::min(kPanelRows, rows - p * kPanelRows); ++n) {
      const int64_t at = (p * kPanelRows + n) * blocks + b;
      Block block;
      std::memcpy(&block, source + at * static_cast<int64_t>(sizeof(Block)), sizeof(Block));
      Take(block, outputs[n]);
    }
    auto* head = out;
    for (int64_t n = 0; n < kPanelRows; ++n) {
      std::memcpy(head + 2 * n, &outputs[n].scale, 2);
      if (format.offsets) std::memcpy(head + 32 + 2 * n, &outputs[n].offset, 2);
    }
    out += format.head_bytes();
    for (int64_t group = 0; group < format.groups; ++group, out += format.group_bytes()) {
      WriteGroup(format, outputs, group, out);
    }
  }
}

}  // namespace

void PackPanel(DType dtype, const std::byte* source, int64_t rows, int64_t cols, int64_t p,
               std::byte* panel) {
  const auto pack = [&](auto block) { Pack<decltype(block)>(dtype, source, rows, cols, p, panel); };
  switch (dtype) {
    case DType::kQ8_0:
      return pack(BlockQ8_0{});
    case DType::kQ4_0:
      return pack(BlockQ4_0{});
    case DType::kQ4_1:
      return pack(BlockQ4_1{});
    case DType::kQ5_0:
      return pack(BlockQ5_0{});
    case DType::kQ5_1:
      return pack(BlockQ5_1{});
    case DType::kIQ4_NL:
      return pack(BlockIQ4NL{});
    case DType::kQ2_K:
      return pack(BlockQ2K{});
    case DType::kQ3_K:
      return pack(BlockQ3K{});
    case DType::kQ4_K:
      return pack(BlockQ4K{});
    case DType::kQ5_K:
      return pack(BlockQ5K{});
    case DType::kQ6_K:
      return pack(BlockQ6K{});
    case DType::kIQ4_XS:
      return pack(BlockIQ4XS{});
    default:
      RETORT_CHECK(false);
  }
}

}  // namespace retort::cpu
