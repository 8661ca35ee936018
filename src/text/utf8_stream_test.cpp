#include "text/utf8_stream.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace retort {
namespace {

// Expected texts are what Python's bytes.decode("utf-8", "replace") gives.
TEST(Utf8Repair, ReplacesEachMaximalInvalidSequenceOnce) {
  struct Case {
    std::string bytes, repaired;
  };
  const Case cases[] = {
      {"", ""},
      {"plain é 中 😀", "plain é 中 😀"},
      {"\x80", "\uFFFD"},
      {"\xC0\x80", "\uFFFD\uFFFD"},
      {"a\xE4\xBD", "a\uFFFD"},
      {"\xE4\xBDz", "\uFFFDz"},
      {"\xF0\x9F\x98", "\uFFFD"},
      {"\xF0\x9F\x98\xF0\x9F\x98\x80", "\uFFFD\U0001F600"},
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xFF\xFE", "\uFFFD\uFFFD"},
      {std::string("a\0b", 3), std::string("a\0b", 3)},
  };
  for (const Case& c : cases) EXPECT_EQ(Utf8Repair(c.bytes), c.repaired);
}

TEST(Utf8Stream, HoldsBackAnUnfinishedCharacter) {
  Utf8Stream stream;
  EXPECT_EQ(stream.Push("a\xF0"), "a");
  EXPECT_EQ(stream.Push("\x9F\x98"), "");
  EXPECT_EQ(stream.Push("\x80!"), "😀!");
  EXPECT_EQ(stream.Push("\xE4"), "");
  EXPECT_EQ(stream.Finish(), "\uFFFD");
  EXPECT_EQ(stream.Finish(), "") << "nothing is held twice";
}

TEST(Utf8Stream, GivesTheSameTextHoweverTheBytesAreCut) {
  const std::string units[] = {"a",    "é",        "中",           "😀",   "\x80", "\xC3",
                               "\xE4", "\xE4\xBD", "\xF0\x9F\x98", "\xFF"};
  Rng rng(7);
  for (int round = 0; round < 500; ++round) {
    std::string bytes;
    for (int64_t n = rng.Int(0, 12); n > 0; --n) bytes += units[rng.Int(0, 9)];
    Utf8Stream stream;
    std::string text;
    for (size_t at = 0; at < bytes.size();) {
      const auto n = static_cast<size_t>(rng.Int(1, 3));
      text += stream.Push(std::string_view(bytes).substr(at, n));
      ASSERT_EQ(Utf8Repair(text), text) << "every piece shown is valid";
      at += n;
    }
    EXPECT_EQ(text + stream.Finish(), Utf8Repair(bytes));
  }
}

}  // namespace
}  // namespace retort
