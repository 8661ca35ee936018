#include "base/utf8.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

TEST(Utf8, EveryScalarValueRoundTrips) {
  for (uint32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(c, &text);
    const Utf8Char decoded = DecodeUtf8(text);
    ASSERT_EQ(decoded.status, Utf8Status::kValid) << c;
    ASSERT_EQ(decoded.code_point, c);
    ASSERT_EQ(decoded.length, text.size());
  }
}

TEST(Utf8, ValuesThatAreNoCharactersBecomeTheReplacement) {
  for (const uint32_t c : {0xD800u, 0xDFFFu, 0x110000u, 0xFFFFFFFFu}) {
    std::string text;
    AppendUtf8(c, &text);
    EXPECT_EQ(text, "\xEF\xBF\xBD") << c;
  }
}

TEST(Utf8, InvalidSequencesEndAtTheirMaximalSubpart) {
  struct Case {
    const char* bytes;
    int length;
  };
  const Case cases[] = {
      {"\x80", 1},              // continuation alone
      {"\xC0\x80", 1},          // overlong
      {"\xC1\xBF", 1},          //
      {"\xE0\x80\x80", 1},      //
      {"\xF0\x80\x80\x80", 1},  //
      {"\xED\xA0\x80", 1},      // surrogate
      {"\xF4\x90\x80\x80", 1},  // above U+10FFFF
      {"\xF5\x80\x80\x80", 1},  //
      {"\xFF", 1},              //
      {"\xE4\xBDx", 2},         // cut short by another character
      {"\xF0\x9F\x98x", 3},     //
  };
  for (const Case& c : cases) {
    const Utf8Char decoded = DecodeUtf8(c.bytes);
    EXPECT_EQ(decoded.status, Utf8Status::kInvalid) << c.bytes;
    EXPECT_EQ(decoded.length, c.length) << c.bytes;
  }
}

TEST(Utf8, TextThatEndsInsideACharacterIsTruncated) {
  const std::string text = "\xF0\x9F\x98\x80";
  for (size_t n = 1; n < text.size(); ++n) {
    const Utf8Char decoded = DecodeUtf8(std::string_view(text).substr(0, n));
    EXPECT_EQ(decoded.status, Utf8Status::kTruncated);
    EXPECT_EQ(decoded.length, n);
  }
}

TEST(Utf8, ValidPrefixStopsAtTheFirstBadByte) {
  EXPECT_EQ(ValidUtf8Prefix(""), 0u);
  EXPECT_EQ(ValidUtf8Prefix("héllo"), 6u);
  EXPECT_EQ(ValidUtf8Prefix("h\xC3\xA9\xFFllo"), 3u);
  EXPECT_EQ(ValidUtf8Prefix("ab\xE4\xBD"), 2u);
}

}  // namespace
}  // namespace retort
