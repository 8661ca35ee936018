#include "base/utc_time.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

TEST(UtcTimeTest, WritesTextThatSortsByTime) {
  EXPECT_EQ(UtcText(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(UtcText(951'827'696), "2000-02-29T12:34:56Z");
  EXPECT_LT(UtcText(999'999'999), UtcText(1'000'000'000));
}

TEST(UtcTimeTest, KnowsWhatTimeItIs) {
  const std::string before = UtcText(std::time(nullptr));
  EXPECT_LE(before, UtcNow());
}

}  // namespace
}  // namespace retort
