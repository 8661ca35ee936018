// The tokens of a TokenizerSpec, checked and indexed: id → bytes, text → id, bytes → id.
//
//   Vocabulary vocabulary(spec);   // views into `spec`, which must outlive it
//   vocabulary.Bytes(id);  vocabulary.Find("Ġthe");  vocabulary.FindBytes(" the");
//
// Errors: kCorrupt naming source, field and value. Immutable and thread-safe once built.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace retort {

constexpr int32_t kNoToken = -1;

// Whether a token is recognised in text as it stands, outside of byte-pair merging.
inline bool IsAdded(TokenKind kind) {
  return kind == TokenKind::kControl || kind == TokenKind::kUserDefined;
}

class Vocabulary {
 public:
  explicit Vocabulary(const TokenizerSpec& spec);

  int32_t size() const { return static_cast<int32_t>(spec_.tokens.size()); }
  bool Contains(int32_t id) const { return id >= 0 && id < size(); }
  // What the token stands for; nothing for unused ids and those outside the vocabulary.
  std::string_view Bytes(int32_t id) const;
  // By the text in the file, that is in the byte-level alphabet; kNoToken if there is none.
  int32_t Find(std::string_view token_text) const;
  // The token that stands for exactly these bytes, added tokens aside.
  int32_t FindBytes(std::string_view bytes) const { return byte_slots_[ByteSlot(bytes)]; }
  // The token of a single byte; kNoToken if the vocabulary has none (some lack rare bytes).
  int32_t ByteId(uint8_t byte) const { return byte_ids_[byte]; }

 private:
  void Index();
  void DecodeTokens();
  void IndexBytes();
  size_t Slot(std::string_view text) const;
  size_t ByteSlot(std::string_view bytes) const;

  const TokenizerSpec& spec_;
  std::vector<int32_t> slots_,
      byte_slots_;               // open addressing by the hash of text and bytes
  std::string bytes_;            // all tokens' bytes, end to end
  std::vector<size_t> offsets_;  // [size + 1] into bytes_
  std::array<int32_t, 256> byte_ids_;
};

}  // namespace retort
