// How a tokenizer family cuts text into the pieces that byte-pair merging works on: the one table
// to extend for a new family. Names are those of GGUF's `tokenizer.ggml.pre`; the patterns stand as
// Hugging Face's tokenizer.json has them, so that such a file's family is found by its patterns.
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
  // Applied in turn, each to the pieces of the one before. Matches and the text between them are
  // pieces alike. Look-ahead ends with the piece.
  std::span<const std::string_view> patterns;
  // What a GGUF file leaves unsaid; a tokenizer.json says it itself. See TokenizerSpec.
  bool nfc = false;
  bool ignore_merges = false;
};

// GPT-2's own pattern, which tokenizer.json calls ByteLevel with use_regex.
inline constexpr std::string_view kByteLevelPattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

const PretokenizerFamily* FindPretokenizerFamily(std::string_view name);
const PretokenizerFamily* FindPretokenizerFamily(std::span<const std::string> patterns);

// "qwen2, llama-bpe, …", for error messages.
std::string PretokenizerFamilyNames();

}  // namespace retort
