#include "base/figures.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

TEST(Figures, BytesAreDecimal) {
  EXPECT_EQ(FormatBytes(999), "999 bytes");
  EXPECT_EQ(FormatBytes(12288), "12.3 kB");
  EXPECT_EQ(FormatBytes(98362432), "98.4 MB");
  EXPECT_EQ(FormatBytes(1117320768), "1.12 GB");
}

TEST(Figures, CountsHaveCommas) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(-123456789), "-123,456,789");
}

}  // namespace
}  // namespace retort
