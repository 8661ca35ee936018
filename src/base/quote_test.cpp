#include "base/quote.h"

#include <gtest/gtest.h>

#include <string>

namespace retort {
namespace {

TEST(Quote, PlainTextInAnyScriptStaysAsItIs) {
  EXPECT_EQ(Quoted("general.name"), "'general.name'");
  EXPECT_EQ(Quoted(""), "''");
  EXPECT_EQ(Printable("größe 模型 🙂"), "größe 模型 🙂");
}

TEST(Quote, NothingSteersTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(Printable("two\nlines"), "two\\nlines");
  EXPECT_EQ(Printable(std::string_view("\0\x7f\r", 3)), "\\x00\\x7f\\x0d");
  EXPECT_EQ(Printable("\xc2\x9b"), "\\xc2\\x9b");           // C1's escape
  EXPECT_EQ(Printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");  // right-to-left override
}

TEST(Quote, BrokenUtf8IsSpeltOut) {
  EXPECT_EQ(Printable("a\xff"), "a\\xff");
  EXPECT_EQ(Printable("\xe6\xa8"), "\\xe6\\xa8");  // cut off
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf");  // overlong
}

TEST(Quote, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(Quoted("123456", 6), "'123456'");
  EXPECT_EQ(Quoted("1234567", 6), "'123456...' (7 bytes)");
  EXPECT_EQ(Quoted("ab模型", 4), "'ab...' (8 bytes)");
}

}  // namespace
}  // namespace retort
