#include "text/nfc.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace retort {
namespace {

// Expected texts are Python's unicodedata.normalize("NFC", …).
TEST(Nfc, ComposesInCanonicalOrder) {
  struct Case {
    std::string text, nfc;
  };
  const Case cases[] = {
      {"", ""},
      {"e\u0301", "\u00e9"},
      {"e\u0301\u0323", "\u1eb9\u0301"},
      {"a\u0308\u0301", "\u00e4\u0301"},
      {"\u212b \u2126", "\u00c5 \u03a9"},                           // singletons
      {"\u1112\u1161\u11ab", "\ud55c"},                             // Hangul
      {"\u0958", "\u0915\u093c"},                                   // composition exclusion
      {"\u2000", "\u2002"},                                         //
      {"\u304b\u3099", "\u304c"},                                   // kana with a sound mark
      {"\uf900", "\u8c48"},                                         // compatibility ideograph
      {std::string("a\0e\u0301", 5), std::string("a\0\u00e9", 4)},  // zero bytes are text
      {"\uff21\ufb01", "\uff21\ufb01"},                             // not NFKC
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ToNfc(c.text), c.nfc);
    EXPECT_EQ(ToNfc(c.nfc), c.nfc);
  }
}

TEST(Nfc, WhatIsSurelyNfcStaysAsItIsWhereverItStands) {
  int inert = 0;
  for (uint32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(c, &text);
    if (!IsSurelyNfc(text)) continue;
    ++inert;
    const std::string after = "e" + text, doubled = "\u304b" + text + text;
    ASSERT_EQ(ToNfc(after), after) << c;
    ASSERT_EQ(ToNfc(doubled), doubled) << c;
  }
  EXPECT_GT(inert, 20'000);
}

TEST(Nfc, IsNotSureOfBrokenText) {
  for (const char* text : {"\xC3", "\xFF", "a\xE4\xBD", "\u0301"}) EXPECT_FALSE(IsSurelyNfc(text));
}

}  // namespace
}  // namespace retort
