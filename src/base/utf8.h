// Steps through UTF-8 one character at a time, telling valid, invalid and cut-off bytes apart.
//
//   while (!text.empty()) {
//     Utf8Char c = DecodeUtf8(text);
//     text.remove_prefix(c.length);
//   }
//
// An invalid sequence is reported as its maximal subpart (Unicode 15, table 3-8), which is what
// Python's errors="replace" and the WHATWG decoder replace by one U+FFFD. Stateless, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retort {

enum class Utf8Status : uint8_t {
  kValid,
  kInvalid,    // these bytes can never become a character
  kTruncated,  // the text ends inside a character that is valid so far
};

struct Utf8Char {
  uint32_t code_point = 0xFFFD;  // U+FFFD unless valid
  uint8_t length = 1;            // bytes to step over, 1 to 4
  Utf8Status status = Utf8Status::kInvalid;
};

// The first character of `text`, which must not be empty.
Utf8Char DecodeUtf8(std::string_view text);

// Appends the UTF-8 bytes of a Unicode scalar value; anything else becomes U+FFFD.
void AppendUtf8(uint32_t code_point, std::string* out);

// Length of the longest prefix of `text` that is valid UTF-8.
size_t ValidUtf8Prefix(std::string_view text);

}  // namespace retort
