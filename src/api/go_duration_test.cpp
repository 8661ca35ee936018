#include "api/go_duration.h"

#include <gtest/gtest.h>

namespace retort::api {
namespace {

TEST(GoDuration, ReadsGosNotation) {
  EXPECT_EQ(ParseGoDuration("5m"), 300);
  EXPECT_EQ(ParseGoDuration("1h30m"), 5400);
  EXPECT_EQ(ParseGoDuration("1.5s"), 1.5);
  EXPECT_EQ(ParseGoDuration("250ms"), 0.25);
  EXPECT_DOUBLE_EQ(*ParseGoDuration("3\xC2\xB5s"), 3e-6);
  EXPECT_EQ(ParseGoDuration("-1s"), -1);
  EXPECT_EQ(ParseGoDuration("+2h"), 7200);
  EXPECT_EQ(ParseGoDuration("0"), 0);
}

TEST(GoDuration, RefusesTheRest) {
  for (const char* text :
       {"", "5", "m", "5x", "-", "1h30", "s5", "1e5s", " 5m", "5 m", ".", "--1s"})
    EXPECT_EQ(ParseGoDuration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace retort::api
