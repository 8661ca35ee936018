// How a tokenizer family cuts text into the pieces that byte-pair merging works on: the one table
// to extend for a new family. Names are those of GGUF's `tokenizer.ggml.pre`.
//
//   const PretokenizerFamily* family = FindPretokenizerFamily("qwen2");  // nullptr if unknown
//
// Stateless, thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace retort {

struct PretokenizerFamily {
  std::string_view name;
  bool nfc;  // normalise to NFC before cutting
  // Applied in turn, each to the pieces of the one before. Matches and the text between them are
  // pieces alike. Look-ahead ends with the piece.
  std::span<const std::string_view> patterns;
};

const PretokenizerFamily* FindPretokenizerFamily(std::string_view name);

// "qwen2, smollm", for error messages.
std::string PretokenizerFamilyNames();

}  // namespace retort
