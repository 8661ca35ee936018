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

void DecodeBlock(const BlockQ5_0& block, float* out) {
  const float d = F16ToF32(block.d);
  const auto fifth_bit = [&](size_t j) { return ((block.qh[j / 8] >> (j % 8)) & 1) << 4; };
  for (size_t j = 0; j < 16; ++j) {
    out[j] = d * static_cast<float>((Low(block.qs[j]) | fifth_bit(j)) - 16);
    out[j + 16] = d * static_cast<float>((High(block.qs[j]) | fifth_bit(j + 16)) - 16);
  }
}

void DecodeBlock(const BlockQ4K& block, float* out) {
  const float d = F16ToF32(block.d);
  const float dmin = F16ToF32(block.dmin);
  for (size_t i = 0; i < 8; ++i) {
    const ScaleMin packed = UnpackScaleMin(block.scales, i);
    const float scale = d * static_cast<float>(packed.scale);
    const float min = dmin * static_cast<float>(packed.min);
    const uint8_t* qs = block.qs + 32 * (i / 2);
    for (size_t j = 0; j < 32; ++j) {
      const int q = i % 2 == 0 ? Low(qs[j]) : High(qs[j]);
      out[32 * i + j] = scale * static_cast<float>(q) - min;
    }
  }
}

void DecodeBlock(const BlockQ6K& block, float* out) {
  const float d = F16ToF32(block.d);
  for (size_t e = 0; e < kSuperBlock; ++e) {
    const size_t half = e / 128;
    const size_t quarter = e % 128 / 32;  // which two bits of qh; nibbles: 0, 1 low, 2, 3 high
    const uint8_t ql = block.ql[64 * half + e % 64];
    const int low = quarter < 2 ? Low(ql) : High(ql);
    const int high = (block.qh[32 * half + e % 32] >> (2 * quarter)) & 3;
    const float scale = d * static_cast<float>(block.scales[e / 16]);
    out[e] = scale * static_cast<float>((low | (high << 4)) - 32);
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
    case DType::kQ4_K:
      return DecodeBlocks<BlockQ4K, kSuperBlock>(row, n, out);
    case DType::kQ6_K:
      return DecodeBlocks<BlockQ6K, kSuperBlock>(row, n, out);
  }
}

}  // namespace retort
