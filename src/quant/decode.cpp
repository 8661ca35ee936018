#include <cstring>

#include "base/error.h"
#include "quant/blocks.h"
#include "quant/codec.h"
#include "tensor/half.h"

// The order of the floating-point operations below is part of the formats' meaning; the build turns
// contraction into fused multiply-adds off for this file.
namespace retort {
namespace {

int Low(uint8_t byte) { return byte & 15; }
int High(uint8_t byte) { return byte >> 4; }

void DecodeBlock(const BlockQ8_0& block, float* out) {
  const float d = F16ToF32(block.d);
  for (size_t j = 0; j < kBlock; ++j) out[j] = d * static_cast<float>(block.qs[j]);
}

void DecodeBlock(const BlockQ4_0& block, float* out) {
  const float d = F16ToF32(block.d);
  for (size_t j = 0; j < 16; ++j) {
    out[j] = d * static_cast<float>(Low(block.qs[j]) - 8);
    out[j + 16] = d * static_cast<float>(High(block.qs[j]) - 8);
  }
}

void DecodeBlock(const BlockQ4_1& block, float* out) {
  const float d = F16ToF32(block.d);
  const float m = F16ToF32(block.m);
  for (size_t j = 0; j < 16; ++j) {
    out[j] = d * static_cast<float>(Low(block.qs[j])) + m;
    out[j + 16] = d * static_cast<float>(High(block.qs[j])) + m;
  }
}

// 16 or 0: bit j of the number whose bytes are qh, where it belongs in a 5-bit value.
int FifthBit(const uint8_t* qh, size_t j) { return ((qh[j / 8] >> (j % 8)) & 1) << 4; }

void DecodeBlock(const BlockQ5_0& block, float* out) {
  const float d = F16ToF32(block.d);
  for (size_t j = 0; j < 16; ++j) {
    out[j] = d * static_cast<float>((Low(block.qs[j]) | FifthBit(block.qh, j)) - 16);
    out[j + 16] = d * static_cast<float>((High(block.qs[j]) | FifthBit(block.qh, j + 16)) - 16);
  }
}

void DecodeBlock(const BlockQ5_1& block, float* out) {
  const float d = F16ToF32(block.d);
  const float m = F16ToF32(block.m);
  for (size_t j = 0; j < 16; ++j) {
    out[j] = d * static_cast<float>(Low(block.qs[j]) | FifthBit(block.qh, j)) + m;
    out[j + 16] = d * static_cast<float>(High(block.qs[j]) | FifthBit(block.qh, j + 16)) + m;
  }
}

// 32 of IQ4's values, in units of `scale`.
void DecodeIQ4(const uint8_t* qs, float scale, float* out) {
  for (size_t j = 0; j < 16; ++j) {
    out[j] = scale * static_cast<float>(kIQ4Values[Low(qs[j])]);
    out[j + 16] = scale * static_cast<float>(kIQ4Values[High(qs[j])]);
  }
}

void DecodeBlock(const BlockIQ4NL& block, float* out) {
  DecodeIQ4(block.qs, F16ToF32(block.d), out);
}

// Two bits of element e where a byte holds those of four elements, 32 apart, low first.
int TwoBits(const uint8_t* bytes, size_t e) {
  return (bytes[32 * (e / 128) + e % 32] >> (2 * (e % 128 / 32))) & 3;
}

void DecodeBlock(const BlockQ2K& block, float* out) {
  const float d = F16ToF32(block.d);
  const float dmin = F16ToF32(block.dmin);
  for (size_t e = 0; e < kSuperBlock; ++e) {
    const uint8_t packed = block.scales[e / 16];
    const float scale = d * static_cast<float>(Low(packed));
    const float min = dmin * static_cast<float>(High(packed));
    out[e] = scale * static_cast<float>(TwoBits(block.qs, e)) - min;
  }
}

void DecodeBlock(const BlockQ3K& block, float* out) {
  const float d = F16ToF32(block.d);
  for (size_t e = 0; e < kSuperBlock; ++e) {
    const int third_bit = ((block.hmask[e % 32] >> (e / 32)) & 1) << 2;
    const float scale = d * static_cast<float>(UnpackQ3KScale(block.scales, e / 16));
    out[e] = scale * static_cast<float>((TwoBits(block.qs, e) | third_bit) - 4);
  }
}

// Q4_K and, where `qh` is not null, Q5_K.
void DecodeScaleMin(uint16_t d_bits, uint16_t dmin_bits, const uint8_t* scales, const uint8_t* qs,
                    const uint8_t* qh, float* out) {
  const float d = F16ToF32(d_bits);
  const float dmin = F16ToF32(dmin_bits);
  for (size_t i = 0; i < 8; ++i) {
    const ScaleMin packed = UnpackScaleMin(scales, i);
    const float scale = d * static_cast<float>(packed.scale);
    const float min = dmin * static_cast<float>(packed.min);
    for (size_t j = 0; j < 32; ++j) {
      const uint8_t byte = qs[32 * (i / 2) + j];
      const int high = qh == nullptr ? 0 : ((qh[j] >> i) & 1) << 4;
      const int q = (i % 2 == 0 ? Low(byte) : High(byte)) | high;
      out[32 * i + j] = scale * static_cast<float>(q) - min;
    }
  }
}

void DecodeBlock(const BlockQ4K& block, float* out) {
  DecodeScaleMin(block.d, block.dmin, block.scales, block.qs, nullptr, out);
}

void DecodeBlock(const BlockQ5K& block, float* out) {
  DecodeScaleMin(block.d, block.dmin, block.scales, block.qs, block.qh, out);
}

void DecodeBlock(const BlockQ6K& block, float* out) {
  const float d = F16ToF32(block.d);
  for (size_t e = 0; e < kSuperBlock; ++e) {
    const size_t half = e / 128;
    const size_t quarter = e % 128 / 32;  // nibbles: 0, 1 low, 2, 3 high
    const uint8_t ql = block.ql[64 * half + e % 64];
    const int low = quarter < 2 ? Low(ql) : High(ql);
    const int high = TwoBits(block.qh, e);
    const float scale = d * static_cast<float>(block.scales[e / 16]);
    out[e] = scale * static_cast<float>((low | (high << 4)) - 32);
  }
}

void DecodeBlock(const BlockIQ4XS& block, float* out) {
  const float d = F16ToF32(block.d);
  for (size_t i = 0; i < 8; ++i) {
    const float scale = d * static_cast<float>(UnpackIQ4XSScale(block, i));
    DecodeIQ4(block.qs + 16 * i, scale, out + 32 * i);
  }
}

template <typename Block, size_t kElements>
void DecodeBlocks(const std::byte* row, size_t elements, float* out) {
  const auto* blocks = reinterpret_cast<const Block*>(row);
  for (size_t b = 0; b < elements / kElements; ++b) DecodeBlock(blocks[b], out + b * kElements);
}

template <float (*kToF32)(uint16_t)>
void DecodeHalves(const std::byte* row, size_t elements, float* out) {
  for (size_t i = 0; i < elements; ++i) {
    uint16_t bits;
    std::memcpy(&bits, row + 2 * i, sizeof(bits));
    out[i] = kToF32(bits);
  }
}

}  // namespace

void DequantizeRow(DType dtype, const std::byte* row, int64_t elements, float* out) {
  const auto n = static_cast<size_t>(elements);
  RETORT_CHECK(elements >= 0 && n % Info(dtype).block == 0);
  switch (dtype) {
    case DType::kF32:
      if (n > 0) std::memcpy(out, row, n * sizeof(float));
      return;
    case DType::kF16:
      return DecodeHalves<F16ToF32>(row, n, out);
    case DType::kBF16:
      return DecodeHalves<BF16ToF32>(row, n, out);
    case DType::kQ8_0:
      return DecodeBlocks<BlockQ8_0, kBlock>(row, n, out);
    case DType::kQ4_0:
      return DecodeBlocks<BlockQ4_0, kBlock>(row, n, out);
    case DType::kQ4_1:
      return DecodeBlocks<BlockQ4_1, kBlock>(row, n, out);
    case DType::kQ5_0:
      return DecodeBlocks<BlockQ5_0, kBlock>(row, n, out);
    case DType::kQ5_1:
      return DecodeBlocks<BlockQ5_1, kBlock>(row, n, out);
    case DType::kIQ4_NL:
      return DecodeBlocks<BlockIQ4NL, kBlock>(row, n, out);
    case DType::kQ2_K:
      return DecodeBlocks<BlockQ2K, kSuperBlock>(row, n, out);
    case DType::kQ3_K:
      return DecodeBlocks<BlockQ3K, kSuperBlock>(row, n, out);
    case DType::kQ4_K:
      return DecodeBlocks<BlockQ4K, kSuperBlock>(row, n, out);
    case DType::kQ5_K:
      return DecodeBlocks<BlockQ5K, kSuperBlock>(row, n, out);
    case DType::kQ6_K:
      return DecodeBlocks<BlockQ6K, kSuperBlock>(row, n, out);
    case DType::kIQ4_XS:
      return DecodeBlocks<BlockIQ4XS, kSuperBlock>(row, n, out);
  }
}

}  // namespace retort
