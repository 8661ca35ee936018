// Byte-level BPE tokenizer as Hugging Face's `tokenizers` computes it; built from a plain
// TokenizerSpec so that it knows no file format. Immutable and thread-safe once built.
//
//   Tokenizer tokenizer(spec);
//   std::vector<int32_t> ids = tokenizer.Encode("x² + 1<|im_end|>");
//   std::string text = tokenizer.Decode(ids);
//
// Encode adds no special tokens; those written in the text are recognised unless told otherwise.
// Invalid UTF-8 in the input is encoded byte by byte, never rejected. Bytes for which a vocabulary
// has no token (SmolLM2 lacks 21 of the 256) yield no id, as in Hugging Face and llama.cpp.
// Source: Hugging Face tokenizers 0.23.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

enum class TokenKind : uint8_t { kNormal, kControl, kUserDefined, kUnused, kByte };

struct TokenizerSpec {
  std::string source;               // file, for error messages
  std::string pre;                  // pre-tokenizer family: "qwen2", "llama-bpe", ...
  std::vector<std::string> tokens;  // [id] in the byte-level alphabet (GPT-2's bytes_to_unicode)
  std::vector<TokenKind> kinds;     // [id]; control and user-defined are added tokens
  std::vector<std::string> merges;  // "left right", by rank
  bool nfc = false;                 // text is normalised to NFC before it is cut
  bool ignore_merges = false;       // a piece that is a token becomes it without merging
  // Added tokens that are looked for after normalisation, where none of the others stands.
  std::vector<int32_t> normalized_ids;
  std::optional<int32_t> bos, eos, pad;
  std::vector<int32_t> stop_ids;  // every id that ends a turn (eos, eot, ...)
  bool add_bos = false;  // whether plain text starts with bos (templates write it themselves)
};

struct EncodeOptions {
  bool parse_added = true;  // recognise added tokens written in the text
};

class Tokenizer {
 public:
  // Throws kCorrupt / kUnsupported naming source and field.
  explicit Tokenizer(TokenizerSpec spec);
  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;

  std::vector<int32_t> Encode(std::string_view text, const EncodeOptions& options = {}) const;
  // Raw bytes of the tokens, joined; ids outside the vocabulary decode to nothing.
  std::string DecodeBytes(std::span<const int32_t> ids, bool skip_control = false) const;
  // DecodeBytes with invalid UTF-8 turned into U+FFFD, as Hugging Face prints it.
  std::string Decode(std::span<const int32_t> ids, bool skip_control = false) const;
  // Bytes of one token; empty for ids outside the vocabulary.
  std::string_view TokenBytes(int32_t id) const;
  bool IsControl(int32_t id) const;
  // The token that stands for exactly this text; added tokens come before others.
  std::optional<int32_t> Find(std::string_view token_text) const;
  int32_t size() const;
  const TokenizerSpec& spec() const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace retort
