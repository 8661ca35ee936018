#include "text/stop_matcher.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/rng.h"

namespace retort {
namespace {

TEST(StopMatcher, HoldsBackWhatMightBecomeAStopString) {
  StopMatcher matcher({"STOP"});
  EXPECT_EQ(matcher.Push("go S"), "go ");
  EXPECT_EQ(matcher.Push("T"), "");
  EXPECT_EQ(matcher.Push("AR"), "STAR");
  EXPECT_EQ(matcher.Push("STO"), "");
  EXPECT_EQ(matcher.Finish(), "STO");
  EXPECT_FALSE(matcher.stopped());
}

TEST(StopMatcher, NeverShowsTheStopStringNorWhatFollows) {
  StopMatcher matcher({"\nUser:", "<end>"});
  EXPECT_EQ(matcher.Push("Yes.\nUs"), "Yes.");
  EXPECT_EQ(matcher.Push("er: and"), "");
  EXPECT_TRUE(matcher.stopped());
  EXPECT_EQ(matcher.matched(), "\nUser:");
  EXPECT_EQ(matcher.Push("more"), "");
  EXPECT_EQ(matcher.Finish(), "");
}

TEST(StopMatcher, TheFirstToBeCompleteWinsAndOfTiesTheLongest) {
  StopMatcher first({"abcd", "bc"});
  EXPECT_EQ(first.Push("xabcd"), "xa");
  EXPECT_EQ(first.matched(), "bc");
  StopMatcher longest({"c", "abc"});
  EXPECT_EQ(longest.Push("xabcd"), "x");
  EXPECT_EQ(longest.matched(), "abc");
}

TEST(StopMatcher, FindsAStopThatBeginsInsideAFailedOne) {
  StopMatcher matcher({"aab"});
  EXPECT_EQ(matcher.Push("aa"), "");
  EXPECT_EQ(matcher.Push("a"), "a");
  EXPECT_EQ(matcher.Push("b"), "");
  EXPECT_TRUE(matcher.stopped());
}

TEST(StopMatcher, WithoutStopStringsEverythingPasses) {
  StopMatcher matcher({});
  EXPECT_EQ(matcher.Push("anything"), "anything");
  EXPECT_EQ(matcher.Finish(), "");
}

TEST(StopMatcher, EmptyStopStringsAreRefused) { EXPECT_THROW(StopMatcher({"a", ""}), Error); }

TEST(StopMatcher, HowTheTextIsCutChangesNothing) {
  Rng rng(3);
  for (int round = 0; round < 2000; ++round) {
    const auto word = [&rng](int64_t low, int64_t high) {
      std::string s;
      for (int64_t n = rng.Int(low, high); n > 0; --n) s += static_cast<char>('a' + rng.Int(0, 1));
      return s;
    };
    const std::vector<std::string> stops = {word(1, 4), word(1, 6), word(3, 8)};
    const std::string text = word(0, 24);
    StopMatcher whole(stops), cut(stops);
    std::string expected = whole.Push(text);
    expected += whole.Finish();
    std::string shown;
    for (size_t at = 0; at < text.size();) {
      const auto n = static_cast<size_t>(rng.Int(1, 4));
      shown += cut.Push(std::string_view(text).substr(at, n));
      at += n;
    }
    shown += cut.Finish();
    ASSERT_EQ(shown, expected) << text;
    ASSERT_EQ(cut.matched(), whole.matched());
    if (whole.stopped()) {
      ASSERT_TRUE(text.starts_with(expected + whole.matched()));
    } else {
      ASSERT_EQ(expected, text);
    }
  }
}

}  // namespace
}  // namespace retort
