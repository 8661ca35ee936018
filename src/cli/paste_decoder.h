// Turns what a terminal sends into characters, and tells pasted text from typed text: a terminal
// that is asked to (kEnable) puts marks around what is pasted. In pasted text a line end is no
// Enter but becomes the character kLineEnd, so that a paste of many lines stays one input.
//
//   PasteDecoder decoder;
//   decoder.Push(bytes);
//   while (auto c = decoder.Next()) edit(*c);
//   JoinLines(line)     // kLineEnd back to "\n"
//
// Any bytes are accepted; invalid UTF-8 becomes U+FFFD. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort {

class PasteDecoder {
 public:
  static constexpr char32_t kLineEnd = U'\u23CE';  // ⏎
  static constexpr std::string_view kEnable = "\x1b[?2004h", kDisable = "\x1b[?2004l";

  void Push(std::string_view bytes) { bytes_ += bytes; }
  // The next character; nullopt if more bytes are needed. With `all`, bytes that might still become
  // a mark or a character are given as they are.
  std::optional<char32_t> Next(bool all);
  bool empty() const { return bytes_.empty(); }

 private:
  std::optional<char32_t> Pasted(char32_t c);

  std::string bytes_;
  bool pasting_ = false;
  bool after_return_ = false;  // a line feed behind it is the same line end
};

std::string SplitLines(std::string_view text);  // "\n" to kLineEnd
std::string JoinLines(std::string_view text);   // kLineEnd to "\n"

}  // namespace retort
