#include "text/byte_alphabet.h"

#include <cstdint>

#include "base/utf8.h"

namespace retort {
namespace {

constexpr uint32_t kFirstStandIn = 0x100;

constexpr bool StandsForItself(uint32_t byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// The bytes that do not stand for themselves, in order: 0x00–0x20, 0x7F–0xA0, 0xAD.
constexpr uint32_t CharacterOf(uint32_t byte) {
  if (StandsForItself(byte)) return byte;
  if (byte <= 0x20) return kFirstStandIn + byte;
  if (byte <= 0xA0) return kFirstStandIn + 0x21 + (byte - 0x7F);
  return kFirstStandIn + 0x43;
}

// 256 if the character is outside the alphabet.
constexpr uint32_t ByteOf(uint32_t character) {
  if (character < 0x100) return StandsForItself(character) ? character : 256;
  const uint32_t index = character - kFirstStandIn;
  if (index <= 0x20) return index;
  if (index <= 0x42) return index - 0x21 + 0x7F;
  return index == 0x43 ? 0xAD : 256;
}

}  // namespace

std::string ToByteAlphabet(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) AppendUtf8(CharacterOf(static_cast<uint8_t>(c)), &text);
  return text;
}

bool FromByteAlphabet(std::string_view text, std::string* bytes) {
  bytes->clear();
  while (!text.empty()) {
    const Utf8Char c = DecodeUtf8(text);
    const uint32_t byte = c.status == Utf8Status::kValid ? ByteOf(c.code_point) : 256;
    if (byte > 255) return false;
    bytes->push_back(static_cast<char>(byte));
    text.remove_prefix(c.length);
  }
  return true;
}

}  // namespace retort
