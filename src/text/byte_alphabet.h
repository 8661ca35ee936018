// The byte-level alphabet: every byte has one printable character, so that a vocabulary of byte
// strings can be written as text. Printable Latin-1 stands for itself, the other 68 bytes for
// U+0100 upwards. Source: GPT-2's encoder (Radford et al. 2019).
//
//   ToByteAlphabet(" a")          // "Ġa"
//   FromByteAlphabet("Ġa", &out)  // true, out == " a"
//
// Stateless, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string ToByteAlphabet(std::string_view bytes);

// False, and `bytes` unspecified, if `text` has a character outside the alphabet.
bool FromByteAlphabet(std::string_view text, std::string* bytes);

}  // namespace retort
