#include "cli/paste_decoder.h"

#include <gtest/gtest.h>

#include <string>

#include "base/utf8.h"

namespace retort {
namespace {

std::string Drain(PasteDecoder& decoder, bool all = false) {
  std::string out;
  while (const auto c = decoder.Next(all)) AppendUtf8(*c, &out);
  return out;
}

std::string Decode(std::string_view bytes) {
  PasteDecoder decoder;
  decoder.Push(bytes);
  return Drain(decoder, true);
}

TEST(PasteDecoder, GivesTypedCharactersAsTheyAre) {
  EXPECT_EQ(Decode("a\x01\t中\r\n"), "a\x01\t中\r\n");
  EXPECT_EQ(Decode("\x1b[A"), "\x1b[A");  // an arrow key
}

TEST(PasteDecoder, KeepsAPasteInOneLine) {
  EXPECT_EQ(Decode("x\x1b[200~1\n2\r\n3\r4\x1b[201~\n"), "x1⏎2⏎3⏎4\n");
}

TEST(PasteDecoder, LetsNothingPastedEditTheLine) {
  EXPECT_EQ(Decode("\x1b[200~a\x03\x15\x1b[A\tb\x1b[201~\x15"), "a[A b\x15");
}

TEST(PasteDecoder, WaitsForTheRestOfAMarkOrCharacter) {
  const std::string bytes = "é\x1b[200~中\n文\x1b[201~!";
  PasteDecoder decoder;
  std::string out;
  for (const char byte : bytes) {
    decoder.Push({&byte, 1});
    out += Drain(decoder);
  }
  EXPECT_EQ(out, "é中⏎文!");
  EXPECT_TRUE(decoder.empty());
}

TEST(PasteDecoder, ALoneEscapeComesWhenNothingFollows) {
  PasteDecoder decoder;
  decoder.Push("\x1b");
  EXPECT_EQ(decoder.Next(false), std::nullopt);
  EXPECT_EQ(decoder.Next(true), U'\x1b');
}

TEST(PasteDecoder, LinesAreSplitAndJoinedAgain) {
  EXPECT_EQ(SplitLines("a\nb\n"), "a⏎b⏎");
  EXPECT_EQ(JoinLines(SplitLines("a\n\nb")), "a\n\nb");
}

}  // namespace
}  // namespace retort
