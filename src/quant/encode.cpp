#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "quant/blocks.h"
#include "quant/codec.h"
#include "quant/levels.h"
#include "tensor/half.h"

// As in decode.cpp, the order of operations is fixed and contraction is off.
namespace retort {
namespace {

uint8_t Nibbles(int low, int high) { return static_cast<uint8_t>(low | (high << 4)); }

// Element e's place in bytes that hold two bits of four elements each, 32 apart, low first.
void AddTwoBits(size_t e, int bits, uint8_t* bytes) {
  uint8_t& byte = bytes[32 * (e / 128) + e % 32];
  byte = static_cast<uint8_t>(byte | (bits << (2 * (e % 128 / 32))));
}

void EncodeBlock(const float* values, BlockQ8_0& block) {
  const float d = std::abs(Extreme(values, kBlock)) / 127.0f;
  const float inverse = Inverse(d);
  block.d = F32ToF16(d);
  for (size_t j = 0; j < kBlock; ++j) {
    const float q = std::round(values[j] * inverse);
    block.qs[j] = static_cast<int8_t>(std::clamp(q, -127.0f, 127.0f));
  }
}

// The extreme value takes level 0, so that the asymmetric range -8..7 is used to its end.
void EncodeBlock(const float* values, BlockQ4_0& block) {
  const float d = Extreme(values, kBlock) / -8.0f;
  const float inverse = Inverse(d);
  block.d = F32ToF16(d);
  const auto level = [&](size_t j) { return Level(values[j] * inverse + 8.5f, 15); };
  for (size_t j = 0; j < 16; ++j) block.qs[j] = Nibbles(level(j), level(j + 16));
}

void EncodeBlock(const float* values, BlockQ4_1& block) {
  const float min = *std::min_element(values, values + kBlock);
  const float d = (*std::max_element(values, values + kBlock) - min) / 15.0f;
  const float inverse = Inverse(d);
  block.d = F32ToF16(d);
  block.m = F32ToF16(min);
  const auto level = [&](size_t j) { return Level((values[j] - min) * inverse + 0.5f, 15); };
  for (size_t j = 0; j < 16; ++j) block.qs[j] = Nibbles(level(j), level(j + 16));
}

// 32 levels of 0..31: nibbles and fifth bits.
template <typename Block>
void PackFiveBits(const uint8_t* levels, Block& block) {
  uint32_t fifth_bits = 0;
  for (size_t j = 0; j < kBlock; ++j) fifth_bits |= static_cast<uint32_t>(levels[j] >> 4) << j;
  for (size_t j = 0; j < 16; ++j) block.qs[j] = Nibbles(levels[j] & 15, levels[j + 16] & 15);
  for (size_t i = 0; i < 4; ++i) block.qh[i] = static_cast<uint8_t>(fifth_bits >> (8 * i));
}

void EncodeBlock(const float* values, BlockQ5_0& block) {
  const float d = Extreme(values, kBlock) / -16.0f;
  const float inverse = Inverse(d);
  block.d = F32ToF16(d);
  uint8_t levels[kBlock];
  for (size_t j = 0; j < kBlock; ++j) levels[j] = Level(values[j] * inverse + 16.5f, 31);
  PackFiveBits(levels, block);
}

void EncodeBlock(const float* values, BlockQ5_1& block) {
  const float min = *std::min_element(values, values + kBlock);
  const float d = (*std::max_element(values, values + kBlock) - min) / 31.0f;
  const float inverse = Inverse(d);
  block.d = F32ToF16(d);
  block.m = F32ToF16(min);
  uint8_t levels[kBlock];
  for (size_t j = 0; j < kBlock; ++j) levels[j] = Level((values[j] - min) * inverse + 0.5f, 31);
  PackFiveBits(levels, block);
}

// 32 values in units of 1 / inverse.
void EncodeIQ4(const float* values, float inverse, uint8_t* qs) {
  const auto nearest = [&](size_t j) { return NearestIQ4(values[j] * inverse); };
  for (size_t j = 0; j < 16; ++j) qs[j] = Nibbles(nearest(j), nearest(j + 16));
}

// The extreme value takes the outermost one, -127.
void EncodeBlock(const float* values, BlockIQ4NL& block) {
  const float d = Extreme(values, kBlock) / -127.0f;
  block.d = F32ToF16(d);
  EncodeIQ4(values, Inverse(d), block.qs);
}

void EncodeBlock(const float* values, BlockQ3K& block) {
  int8_t scales[16];
  block = {};
  block.d = SignedScales(values, 16, -4, -32, scales);
  for (size_t j = 0; j < 16; ++j) {
    const int packed = scales[j] + 32;
    uint8_t& low = block.scales[j % 8];
    uint8_t& high = block.scales[8 + j % 4];
    low = j < 8 ? Nibbles(packed & 15, 0) : Nibbles(low, packed & 15);
    high = static_cast<uint8_t>(high | ((packed >> 4) << (2 * (j / 4))));
  }
  const float d = F16ToF32(block.d);
  for (size_t e = 0; e < kSuperBlock; ++e) {
    const float inverse = Inverse(d * static_cast<float>(scales[e / 16]));
    const int q = Level(values[e] * inverse + 4.5f, 7);
    AddTwoBits(e, q & 3, block.qs);
    block.hmask[e % 32] = static_cast<uint8_t>(block.hmask[e % 32] | ((q >> 2) << (e / 32)));
  }
}

void EncodeBlock(const float* values, BlockQ6K& block) {
  block = {};
  block.d = SignedScales(values, 16, -32, -128, block.scales);
  const float d = F16ToF32(block.d);
  for (size_t e = 0; e < kSuperBlock; ++e) {
    const float inverse = Inverse(d * static_cast<float>(block.scales[e / 16]));
    const int q = Level(values[e] * inverse + 32.5f, 63);
    uint8_t& ql = block.ql[64 * (e / 128) + e % 64];
    ql = e % 128 < 64 ? Nibbles(q & 15, 0) : Nibbles(ql, q & 15);
    AddTwoBits(e, q >> 4, block.qh);
  }
}

void EncodeBlock(const float* values, BlockIQ4XS& block) {
  int8_t scales[8];
  block = {};
  block.d = SignedScales(values, 8, -127, -32, scales);
  const float d = F16ToF32(block.d);
  for (size_t i = 0; i < 8; ++i) {
    const int packed = scales[i] + 32;
    uint8_t& low = block.scales_l[i / 2];
    low = i % 2 == 0 ? Nibbles(packed & 15, 0) : Nibbles(low, packed & 15);
    block.scales_h = static_cast<uint16_t>(block.scales_h | ((packed >> 4) << (2 * i)));
    EncodeIQ4(values + 32 * i, Inverse(d * static_cast<float>(scales[i])), block.qs + 16 * i);
  }
}

void EncodeBlock(const float* values, BlockQ2K& block) {
  const Spans<16> spans(values, 3, 15);
  block = {};
  block.d = spans.d;
  block.dmin = spans.dmin;
  for (size_t i = 0; i < 16; ++i) block.scales[i] = Nibbles(spans.scales[i], spans.minima[i]);
  for (size_t e = 0; e < kSuperBlock; ++e) AddTwoBits(e, spans.levels[e], block.qs);
}

void PackScaleMin(size_t j, uint8_t scale, uint8_t min, uint8_t* scales) {
  if (j < 4) {
    scales[j] = static_cast<uint8_t>(scales[j] | scale);
    scales[j + 4] = static_cast<uint8_t>(scales[j + 4] | min);
    return;
  }
  scales[j + 4] = Nibbles(scale & 15, min & 15);
  scales[j - 4] = static_cast<uint8_t>(scales[j - 4] | ((scale >> 4) << 6));
  scales[j] = static_cast<uint8_t>(scales[j] | ((min >> 4) << 6));
}

// All of a Q4_K or Q5_K block but the fifth bits.
template <typename Block>
void PackSpans(const Spans<8>& spans, Block& block) {
  block = {};
  block.d = spans.d;
  block.dmin = spans.dmin;
  for (size_t i = 0; i < 8; ++i) {
    PackScaleMin(i, spans.scales[i], spans.minima[i], block.scales);
    for (size_t j = 0; j < 32; ++j) {
      const int q = spans.levels[32 * i + j] & 15;
      uint8_t& byte = block.qs[32 * (i / 2) + j];
      byte = i % 2 == 0 ? Nibbles(q, 0) : Nibbles(byte, q);
    }
  }
}

void EncodeBlock(const float* values, BlockQ4K& block) {
  PackSpans(Spans<8>(values, 15, 63), block);
}

void EncodeBlock(const float* values, BlockQ5K& block) {
  const Spans<8> spans(values, 31, 63);
  PackSpans(spans, block);
  for (size_t e = 0; e < kSuperBlock; ++e) {
    block.qh[e % 32] =
        static_cast<uint8_t>(block.qh[e % 32] | ((spans.levels[e] >> 4) << (e / 32)));
  }
}

template <typename Block, size_t kElements>
void EncodeBlocks(const float* values, size_t elements, std::byte* row) {
  auto* blocks = reinterpret_cast<Block*>(row);
  for (size_t b = 0; b < elements / kElements; ++b) EncodeBlock(values + b * kElements, blocks[b]);
}

template <uint16_t (*kFromF32)(float)>
void EncodeHalves(const float* values, size_t elements, std::byte* row) {
  for (size_t i = 0; i < elements; ++i) {
    const uint16_t bits = kFromF32(values[i]);
    std::memcpy(row + 2 * i, &bits, sizeof(bits));
  }
}

}  // namespace

void QuantizeRow(DType dtype, const float* values, int64_t elements, std::byte* row) {
  const auto n = static_cast<size_t>(elements);
  RETORT_CHECK(elements >= 0 && n % Info(dtype).block == 0);
  switch (dtype) {
    case DType::kF32:
      if (n > 0) std::memcpy(row, values, n * sizeof(float));
      return;
    case DType::kF16:
      return EncodeHalves<F32ToF16>(values, n, row);
    case DType::kBF16:
      return EncodeHalves<F32ToBF16>(values, n, row);
    case DType::kQ8_0:
      return EncodeBlocks<BlockQ8_0, kBlock>(values, n, row);
    case DType::kQ4_0:
      return EncodeBlocks<BlockQ4_0, kBlock>(values, n, row);
    case DType::kQ4_1:
      return EncodeBlocks<BlockQ4_1, kBlock>(values, n, row);
    case DType::kQ5_0:
      return EncodeBlocks<BlockQ5_0, kBlock>(values, n, row);
    case DType::kQ5_1:
      return EncodeBlocks<BlockQ5_1, kBlock>(values, n, row);
    case DType::kIQ4_NL:
      return EncodeBlocks<BlockIQ4NL, kBlock>(values, n, row);
    case DType::kQ2_K:
      return EncodeBlocks<BlockQ2K, kSuperBlock>(values, n, row);
    case DType::kQ3_K:
      return EncodeBlocks<BlockQ3K, kSuperBlock>(values, n, row);
    case DType::kQ4_K:
      return EncodeBlocks<BlockQ4K, kSuperBlock>(values, n, row);
    case DType::kQ5_K:
      return EncodeBlocks<BlockQ5K, kSuperBlock>(values, n, row);
    case DType::kQ6_K:
      return EncodeBlocks<BlockQ6K, kSuperBlock>(values, n, row);
    case DType::kIQ4_XS:
      return EncodeBlocks<BlockIQ4XS, kSuperBlock>(values, n, row);
  }
}

}  // namespace retort
