#include "model/random_weights.h"

#include <cstring>
#include <numbers>

#include "base/rng.h"
#include "quant/codec.h"

namespace retort {
namespace {

constexpr uint64_t kDrawn = 512;

}  // namespace

float RandomNormal(uint64_t seed, uint64_t counter) {
  const uint64_t bits = RandomBits(seed, counter);
  double sum = -2;
  for (int i = 0; i < 64; i += 16) sum += static_cast<double>((bits >> i) & 0xFFFF) / 65535;
  return static_cast<float>(sum * std::numbers::sqrt3);
}

RandomWeights::RandomWeights(DType dtype, int64_t stretch, float deviation, uint64_t seed)
    : seed_(seed),
      stretch_bytes_(RowBytes(dtype, static_cast<size_t>(stretch))),
      drawn_(kDrawn * stretch_bytes_) {
  std::vector<float> values(static_cast<size_t>(stretch));
  for (uint64_t i = 0; i < kDrawn; ++i) {
    for (size_t j = 0; j < values.size(); ++j) {
      values[j] = deviation * RandomNormal(seed, i * values.size() + j);
    }
    QuantizeRow(dtype, values.data(), stretch, drawn_.data() + i * stretch_bytes_);
  }
}

void RandomWeights::Fill(uint64_t tensor, uint64_t first, std::span<std::byte> out) const {
  const uint64_t stream = Mix64(seed_ + tensor);
  for (size_t at = 0; at < out.size(); at += stretch_bytes_, ++first) {
    const uint64_t choice = RandomBits(stream, first) % kDrawn;
    std::memcpy(out.data() + at, drawn_.data() + choice * stretch_bytes_, stretch_bytes_);
  }
}

}  // namespace retort
