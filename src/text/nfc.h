// Unicode normalisation form C (UAX #15).
//
//   ToNfc("e\u0301")  // "é"
//
// Errors: kResourceExhausted if ToNfc's text, which must be valid UTF-8, cannot be mapped.
// Stateless, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace retort {

// Whether `text` is made only of characters that NFC leaves alone wherever they stand: a cheap test
// that holds for most text. False means: not sure, or not valid UTF-8.
bool IsSurelyNfc(std::string_view text);

std::string ToNfc(std::string_view text);

}  // namespace retort
