#include "quant/codec.h"

#include <gtest/gtest.h>

#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "base/rng.h"
#include "quant/blocks.h"

namespace retort {
namespace {

std::vector<DType> AllTypes() {
  std::vector<DType> types;
  for (const DTypeInfo& row : kDTypeTable) types.push_back(row.dtype);
  return types;
}

// All but F32, which is a copy.
std::vector<DType> PackedTypes() {
  std::vector<DType> types = AllTypes();
  std::erase(types, DType::kF32);
  return types;
}

std::string FileName(DType dtype) {
  std::string name;
  for (char c : Info(dtype).name) name += static_cast<char>(std::tolower(c));
  return name;
}

MappedFile Vectors(const std::string& name) {
  return MappedFile(std::string(RETORT_SOURCE_DIR) + "/tests/data/quant/" + name);
}

std::vector<float> Floats(const MappedFile& file) {
  std::vector<float> floats(file.bytes().size() / sizeof(float));
  std::memcpy(floats.data(), file.bytes().data(), file.bytes().size());
  return floats;
}

// A row with the spread of real weights: normal (sum of uniforms), with a few outliers.
std::vector<float> RandomRow(size_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<float> row(count);
  for (float& value : row) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += rng.Uniform();
    value = static_cast<float>(0.02 * sum * (rng.Int(0, 99) == 0 ? 6 : 1));
  }
  return row;
}

class CodecTest : public testing::TestWithParam<DType> {};
class DecoderTest : public testing::TestWithParam<DType> {};
class EncoderTest : public testing::TestWithParam<DType> {};

TEST_P(DecoderTest, DecodesAsGgufDoesBitForBit) {
  const MappedFile blocks = Vectors(FileName(GetParam()) + ".blocks");
  const std::vector<float> expected = Floats(Vectors(FileName(GetParam()) + ".floats"));
  ASSERT_EQ(RowBytes(GetParam(), expected.size()), blocks.bytes().size());
  std::vector<float> actual(expected.size());
  DequantizeRow(GetParam(), blocks.bytes().data(), static_cast<int64_t>(expected.size()),
                actual.data());
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(std::bit_cast<uint32_t>(expected[i]), std::bit_cast<uint32_t>(actual[i]))
        << "element " << i << ": expected " << expected[i] << ", got " << actual[i];
  }
}

TEST_P(EncoderTest, EncodesAsGgufDoesByteForByte) {
  const DType dtype = GetParam();
  const std::vector<float> row = Floats(Vectors("row.floats"));
  const MappedFile expected = Vectors("row." + FileName(dtype));
  std::vector<std::byte> actual(RowBytes(dtype, row.size()));
  QuantizeRow(dtype, row.data(), static_cast<int64_t>(row.size()), actual.data());
  ASSERT_EQ(expected.bytes().size(), actual.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_EQ(expected.bytes()[i], actual[i])
        << "byte " << i << " of block " << i / Info(dtype).bytes;
  }
}

// Root mean square error of a round trip relative to that of the values. The bounds follow from
// the number of levels; an encoder that packs a field wrongly is off by far more.
TEST_P(CodecTest, RoundTripErrorStaysWithinTheFormatsStep) {
  const auto bound = [&] {
    switch (GetParam()) {
      case DType::kF32:
        return 0.0;
      case DType::kF16:
        return 3e-4;
      case DType::kBF16:
        return 2.5e-3;
      case DType::kQ8_0:
        return 0.008;
      case DType::kQ6_K:
        return 0.025;
      case DType::kQ5_0:
        return 0.07;
      case DType::kQ5_1:
      case DType::kQ5_K:
        return 0.05;
      case DType::kQ4_0:
        return 0.13;
      case DType::kQ3_K:
        return 0.25;
      case DType::kQ2_K:
        return 0.40;
      default:
        return 0.10;
    }
  }();
  const std::vector<float> row = RandomRow(4096, 7);
  std::vector<std::byte> packed(RowBytes(GetParam(), row.size()));
  std::vector<float> back(row.size());
  QuantizeRow(GetParam(), row.data(), 4096, packed.data());
  DequantizeRow(GetParam(), packed.data(), 4096, back.data());
  double error = 0, norm = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    error += std::pow(static_cast<double>(row[i]) - static_cast<double>(back[i]), 2);
    norm += std::pow(static_cast<double>(row[i]), 2);
  }
  EXPECT_LE(std::sqrt(error / norm), bound);
}

TEST_P(CodecTest, ZerosStayZero) {
  const std::vector<float> zeros(512, 0.0f);
  std::vector<std::byte> packed(RowBytes(GetParam(), 512), std::byte{0xFF});
  std::vector<float> back(512, 1.0f);
  QuantizeRow(GetParam(), zeros.data(), 512, packed.data());
  DequantizeRow(GetParam(), packed.data(), 512, back.data());
  for (float value : back) EXPECT_EQ(value, 0.0f);
}

// Magnitudes whose scales vanish in F16 must not divide by zero or turn into NaN.
TEST_P(CodecTest, TinyValuesBecomeSmallNumbers) {
  std::vector<float> tiny(256);
  for (size_t i = 0; i < tiny.size(); ++i) tiny[i] = (i % 3 == 0 ? -1e-42f : 1e-40f);
  std::vector<std::byte> packed(RowBytes(GetParam(), 256));
  std::vector<float> back(256);
  QuantizeRow(GetParam(), tiny.data(), 256, packed.data());
  DequantizeRow(GetParam(), packed.data(), 256, back.data());
  for (float value : back) EXPECT_LE(std::abs(value), 1e-6f);
}

TEST_P(CodecTest, AnEmptyRowIsFine) {
  DequantizeRow(GetParam(), nullptr, 0, nullptr);
  QuantizeRow(GetParam(), nullptr, 0, nullptr);
}

std::string TypeName(const testing::TestParamInfo<DType>& param) {
  return std::string(Info(param.param).name);
}

INSTANTIATE_TEST_SUITE_P(AllTypes, CodecTest, testing::ValuesIn(AllTypes()), TypeName);
INSTANTIATE_TEST_SUITE_P(PackedTypes, DecoderTest, testing::ValuesIn(PackedTypes()), TypeName);
// The types that gguf can encode.
INSTANTIATE_TEST_SUITE_P(PackedTypes, EncoderTest,
                         testing::Values(DType::kF16, DType::kBF16, DType::kQ8_0, DType::kQ4_0,
                                         DType::kQ4_1, DType::kQ5_0, DType::kQ5_1),
                         TypeName);

TEST(Blocks, ScaleAndMinUseAllTwelveBytes) {
  // Sub-block j: scale j + 1, minimum 63 - j.
  uint8_t scales[12] = {};
  for (uint8_t j = 0; j < 8; ++j) {
    const auto scale = static_cast<uint8_t>(j + 1 + (j >= 4 ? 32 : 0));
    const auto min = static_cast<uint8_t>(63 - j);
    if (j < 4) {
      scales[j] |= scale;
      scales[j + 4] |= min;
    } else {
      scales[j + 4] = static_cast<uint8_t>((scale & 15) | ((min & 15) << 4));
      scales[j - 4] = static_cast<uint8_t>(scales[j - 4] | ((scale >> 4) << 6));
      scales[j] = static_cast<uint8_t>(scales[j] | ((min >> 4) << 6));
    }
  }
  for (uint8_t j = 0; j < 8; ++j) {
    EXPECT_EQ(UnpackScaleMin(scales, j).scale, j + 1 + (j >= 4 ? 32 : 0));
    EXPECT_EQ(UnpackScaleMin(scales, j).min, 63 - j);
  }
}

TEST(CodecDeathTest, APartialBlockIsABug) {
  float out[32];
  std::byte row[34] = {};
  EXPECT_DEATH(DequantizeRow(DType::kQ8_0, row, 31, out), "broken promise");
}

}  // namespace
}  // namespace retort
