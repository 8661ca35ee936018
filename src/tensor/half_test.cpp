#include "tensor/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace retort {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

uint16_t Bits(int value) { return static_cast<uint16_t>(value); }

// The value of binary16 bits by the definition of IEEE 754, in double arithmetic.
double DefinedF16(int bits) {
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return mantissa == 0 ? sign * HUGE_VAL : std::nan("");
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

TEST(Half, EveryF16IsItsDefinedValueAndComesBack) {
  for (int bits = 0; bits < 65536; ++bits) {
    const float value = F16ToF32(Bits(bits));
    const double defined = DefinedF16(bits);
    if (std::isnan(defined)) {
      ASSERT_TRUE(std::isnan(value)) << bits;
      ASSERT_TRUE(std::isnan(F16ToF32(F32ToF16(value)))) << bits;
      continue;
    }
    ASSERT_EQ(static_cast<double>(value), defined) << bits;
    ASSERT_EQ(std::signbit(value), (bits & 0x8000) != 0) << bits;
    ASSERT_EQ(F32ToF16(value), bits);
  }
}

TEST(Half, EveryBF16ComesBack) {
  for (int bits = 0; bits < 65536; ++bits) {
    const float value = BF16ToF32(Bits(bits));
    ASSERT_EQ(std::bit_cast<uint32_t>(value), static_cast<uint32_t>(bits) << 16);
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(BF16ToF32(F32ToBF16(value)))) << bits;
    } else {
      ASSERT_EQ(F32ToBF16(value), bits);
    }
  }
}

// Between each pair of neighbours: the middle goes to the even one, anything nearer to the nearer.
// The value after the last finite one is taken as the next power of two would be, then infinity.
template <typename ToF32, typename FromF32>
void CheckRounding(int infinity_bits, double beyond_last, ToF32 to_f32, FromF32 from_f32) {
  for (int bits = 0; bits < infinity_bits; ++bits) {
    const auto low = static_cast<double>(to_f32(Bits(bits)));
    const double high =
        bits + 1 == infinity_bits ? beyond_last : static_cast<double>(to_f32(Bits(bits + 1)));
    const auto middle = static_cast<float>(0.5 * (low + high));
    const int even = bits % 2 == 0 ? bits : bits + 1;
    for (int sign : {0, 0x8000}) {
      const auto expect = [&](float value, int expected) {
        ASSERT_EQ(from_f32(sign == 0 ? value : -value), expected | sign) << "after " << bits;
      };
      expect(middle, even);
      expect(std::nextafter(middle, 0.0f), bits);
      expect(std::nextafter(middle, kInf), bits + 1);
    }
  }
}

TEST(Half, F16RoundsToNearestEven) { CheckRounding(0x7C00, 65536.0, F16ToF32, F32ToF16); }

TEST(Half, BF16RoundsToNearestEven) { CheckRounding(0x7F80, 0x1p128, BF16ToF32, F32ToBF16); }

TEST(Half, BeyondTheRangeIsInfinityAndNanStaysNan) {
  EXPECT_EQ(F32ToF16(1e30f), 0x7C00);
  EXPECT_EQ(F32ToF16(-kInf), 0xFC00);
  EXPECT_EQ(F32ToF16(1e-30f), 0);
  EXPECT_EQ(F32ToBF16(std::numeric_limits<float>::max()), 0x7F80);
  // A NaN whose payload stands only in the bits that are cut off.
  const float nan = std::bit_cast<float>(0x7F800001u);
  EXPECT_TRUE(std::isnan(F16ToF32(F32ToF16(nan))));
  EXPECT_TRUE(std::isnan(BF16ToF32(F32ToBF16(nan))));
}

}  // namespace
}  // namespace retort
