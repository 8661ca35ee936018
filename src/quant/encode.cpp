#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "quant/blocks.h"
#include "quant/codec.h"
#include "tensor/half.h"

// As in decode.cpp, the order of operations is fixed and contraction is off.
namespace retort {
namespace {

// The whole part of `value`, held within 0..max; NaN gives 0.
uint8_t Level(float value, int max) {
  if (!(value > 0)) return 0;
  return static_cast<uint8_t>(std::min(value, static_cast<float>(max)));
}

uint8_t Nibbles(int low, int high) { return static_cast<uint8_t>(low | (high << 4)); }

// 1 / d; 0 for steps so small that the inverse would overflow: as an F16 they are 0 too.
float Inverse(float d) { return std::abs(d) < 0x1p-126f ? 0.0f : 1.0f / d; }

// The value of largest magnitude, with its sign; the first of equals.
float Extreme(const float* values, size_t count) {
  return *std::max_element(values, values + count,
                           [](float a, float b) { return std::abs(a) < std::abs(b); });
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

void EncodeBlock(const float* values, BlockQ5_0& block) {
  const float d = Extreme(values, kBlock) / -16.0f;
  const float inverse = Inverse(d);
  block.d = F32ToF16(d);
  uint32_t fifth_bits = 0;
  uint8_t levels[kBlock];
  for (size_t j = 0; j < kBlock; ++j) {
    levels[j] = Level(values[j] * inverse + 16.5f, 31);
    fifth_bits |= static_cast<uint32_t>(levels[j] >> 4) << j;
  }
  for (size_t j = 0; j < 16; ++j) block.qs[j] = Nibbles(levels[j] & 15, levels[j + 16] & 15);
  for (size_t i = 0; i < 4; ++i) block.qh[i] = static_cast<uint8_t>(fifth_bits >> (8 * i));
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

// A sub-block spans min(0, smallest) .. largest in 15 steps; the steps and minima of a super-block
// share one scale each.
void EncodeBlock(const float* values, BlockQ4K& block) {
  float steps[8], minima[8];  // minima as positive amounts to subtract
  for (size_t i = 0; i < 8; ++i) {
    const auto [min, max] = std::minmax_element(values + 32 * i, values + 32 * (i + 1));
    minima[i] = std::max(0.0f, -*min);
    steps[i] = std::max(0.0f, *max + minima[i]) / 15.0f;
  }
  block = {};
  block.d = F32ToF16(*std::max_element(steps, steps + 8) / 63.0f);
  block.dmin = F32ToF16(*std::max_element(minima, minima + 8) / 63.0f);
  const float d = F16ToF32(block.d);
  const float dmin = F16ToF32(block.dmin);
  for (size_t i = 0; i < 8; ++i) {
    const uint8_t scale = Level(steps[i] * Inverse(d) + 0.5f, 63);
    const uint8_t min = Level(minima[i] * Inverse(dmin) + 0.5f, 63);
    PackScaleMin(i, scale, min, block.scales);
    const float inverse = Inverse(d * static_cast<float>(scale));
    const float offset = dmin * static_cast<float>(min);
    for (size_t j = 0; j < 32; ++j) {
      const int q = Level((values[32 * i + j] + offset) * inverse + 0.5f, 15);
      uint8_t& byte = block.qs[32 * (i / 2) + j];
      byte = i % 2 == 0 ? Nibbles(q, 0) : Nibbles(byte, q);
    }
  }
}

// The extreme value of a sub-block takes level -32, the extreme scale of a super-block -128.
void EncodeBlock(const float* values, BlockQ6K& block) {
  float steps[16];
  for (size_t i = 0; i < 16; ++i) steps[i] = Extreme(values + 16 * i, 16) / -32.0f;
  block = {};
  block.d = F32ToF16(Extreme(steps, 16) / -128.0f);
  const float d = F16ToF32(block.d);
  for (size_t i = 0; i < 16; ++i) {
    const float scale = std::round(steps[i] * Inverse(d));
    block.scales[i] = static_cast<int8_t>(std::clamp(scale, -128.0f, 127.0f));
  }
  for (size_t e = 0; e < kSuperBlock; ++e) {
    const float inverse = Inverse(d * static_cast<float>(block.scales[e / 16]));
    const int q = Level(values[e] * inverse + 32.5f, 63);
    const size_t half = e / 128, quarter = e % 128 / 32;
    uint8_t& ql = block.ql[64 * half + e % 64];
    uint8_t& qh = block.qh[32 * half + e % 32];
    ql = quarter < 2 ? Nibbles(q & 15, 0) : Nibbles(ql, q & 15);
    qh = static_cast<uint8_t>(qh | ((q >> 4) << (2 * quarter)));
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
    case DType::kQ4_K:
      return EncodeBlocks<BlockQ4K, kSuperBlock>(values, n, row);
    case DType::kQ6_K:
      return EncodeBlocks<BlockQ6K, kSuperBlock>(values, n, row);
  }
}

}  // namespace retort
