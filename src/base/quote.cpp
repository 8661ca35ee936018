#include "base/quote.h"

#include <fmt/core.h>

#include <cstdint>

#include "base/utf8.h"

namespace retort {
namespace {

// Controls, and marks that end a line or reorder the text around them.
bool SteersTerminal(uint32_t code_point) {
  const auto within = [&](uint32_t first, uint32_t last) {
    return code_point >= first && code_point <= last;
  };
  return within(0x00, 0x1F) || within(0x7F, 0x9F) || within(0x200E, 0x200F) ||
         within(0x2028, 0x202E) || within(0x2066, 0x2069);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Char c = DecodeUtf8(text);
    const std::string_view bytes = text.substr(0, c.length);
    if (c.status == Utf8Status::kValid && !SteersTerminal(c.code_point)) {
      out += bytes;
    } else if (bytes == "\n") {
      out += "\\n";
    } else {
      for (char byte : bytes) out += fmt::format("\\x{:02x}", static_cast<uint8_t>(byte));
    }
    text.remove_prefix(c.length);
  }
  return out;
}

std::string Quoted(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return fmt::format("'{}'", Printable(text));
  // Cut before a character, not within: bytes 10xxxxxx continue one.
  size_t cut = max_bytes;
  while (cut > 0 && (static_cast<uint8_t>(text[cut]) & 0xC0) == 0x80) --cut;
  return fmt::format("'{}...' ({} bytes)", Printable(text.substr(0, cut)), text.size());
}

}  // namespace retort
