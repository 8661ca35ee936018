// Rows of 8 bits at every level: the same bits at all of them, as near to x as 8 bits can be, and
// nearer for rows with has_rest.
#include <gtest/gtest.h>

#include <limits>

#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/int8_rounding.h"
#include "ops/cpu/levels.h"

namespace retort {
namespace {

constexpr size_t kCols = 1536;
constexpr size_t kGroups = kCols / cpu::kGroup;

struct Quantized {
  bool has_rest = false;
  std::vector<cpu::RowGroup> row{kGroups}, rest{kGroups};

  float At(const std::vector<cpu::RowGroup>& groups, size_t k) const {
    const cpu::RowGroup& group = groups[k / cpu::kGroup];
    return static_cast<float>(group.q[k % cpu::kGroup]) * group.scale;
  }
};

std::vector<float> RandomRow(uint64_t seed) {
  return ToFloats(RandomRows(seed, 1, static_cast<int64_t>(kCols)).view());
}

class Int8RowsTest : public ::testing::TestWithParam<std::string> {
 protected:
  static Quantized Quantize(const std::vector<float>& x, bool precise = false) {
    Quantized result;
    result.has_rest = cpu::LevelByName(GetParam())
                          .int8->quantize_row(x.data(), static_cast<int64_t>(x.size()), precise,
                                              result.row.data(), result.rest.data());
    return result;
  }
};

TEST_P(Int8RowsTest, IsTheNearestOf8Bits) {
  std::vector<float> x = RandomRow(1);
  for (size_t k = 0; k < 32; ++k) x[k] = 0;        // a group of zeros
  for (size_t k = 32; k < 64; ++k) x[k] = 1e-38f;  // and one that counts as such
  for (size_t k = 64; k < 96; ++k) x[k] *= 8;
  const Quantized result = Quantize(x);
  const std::vector<float> expected = NearestOf8Bits(x);
  EXPECT_FALSE(result.has_rest);
  for (size_t k = 0; k < kCols; ++k) ASSERT_EQ(result.At(result.row, k), expected[k]) << k;
  for (const cpu::RowGroup& group : result.row) {
    int32_t halves[2] = {};
    for (size_t k = 0; k < cpu::kGroup; ++k) halves[k / 16] += group.q[k];
    EXPECT_EQ(group.halves[0], halves[0]);
    EXPECT_EQ(group.halves[1], halves[1]);
    EXPECT_EQ(group.sum, halves[0] + halves[1]);
    EXPECT_EQ(group.scaled_sum, group.scale * static_cast<float>(group.sum));
    EXPECT_EQ(group.scaled_halves[1], group.scale * static_cast<float>(halves[1]));
  }
}

// What is small beside an outlier keeps its own eight bits, also in the outlier's group.
TEST_P(Int8RowsTest, KeepsWhatStandsBesideAnOutlier) {
  std::vector<float> x = RandomRow(2);
  x[100] = 3000;
  const Quantized result = Quantize(x);
  ASSERT_TRUE(result.has_rest);
  for (size_t k = 0; k < kCols; ++k) {
    const float error = x[k] - (result.At(result.row, k) + result.At(result.rest, k));
    const bool beside = k / cpu::kGroup == 100 / cpu::kGroup;
    ASSERT_LE(std::abs(error), beside ? 3000.0f / (254 * 254) : 1.0f / (254 * 200)) << k;
  }
}

TEST_P(Int8RowsTest, Keeps16BitsWherePrecise) {
  const std::vector<float> x = RandomRow(5);
  const Quantized result = Quantize(x, true);
  ASSERT_TRUE(result.has_rest);
  for (size_t k = 0; k < kCols; ++k) {
    const float both = result.At(result.row, k) + result.At(result.rest, k);
    ASSERT_NEAR(x[k], both, 1.0f / (254 * 200));
  }
}

TEST_P(Int8RowsTest, FewZerosAreNoReasonForMore) {
  std::vector<float> x(kCols, 0.0f);
  EXPECT_FALSE(Quantize(x).has_rest);
  x = RandomRow(3);
  std::fill_n(x.begin(), kCols / 8, 0.0f);
  EXPECT_FALSE(Quantize(x).has_rest);
}

TEST_P(Int8RowsTest, NoNumberMakesNoNumber) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> x = RandomRow(4);
    x[7] = bad;
    EXPECT_TRUE(std::isnan(Quantize(x).row[0].scale));
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, Int8RowsTest, ::testing::ValuesIn(CpuLevels()));

}  // namespace
}  // namespace retort
