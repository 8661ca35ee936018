#include "text/vocabulary.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>

#include "base/error.h"
#include "base/quote.h"
#include "text/byte_alphabet.h"

namespace retort {

Vocabulary::Vocabulary(const TokenizerSpec& spec) : spec_(spec) {
  if (spec.tokens.empty()) {
    Fail(ErrorCode::kCorrupt, "{}: the tokenizer has no tokens; convert the model again",
         spec.source);
  }
  if (spec.tokens.size() > std::numeric_limits<int32_t>::max() / 4) {
    Fail(ErrorCode::kCorrupt, "{}: {} tokens cannot be; convert the model again", spec.source,
         spec.tokens.size());
  }
  if (spec.kinds.size() != spec.tokens.size()) {
    Fail(ErrorCode::kCorrupt, "{}: {} tokens but {} token types; convert the model again",
         spec.source, spec.tokens.size(), spec.kinds.size());
  }
  Index();
  DecodeTokens();
  IndexBytes();
}

void Vocabulary::Index() {
  slots_.assign(std::bit_ceil(spec_.tokens.size() * 2), kNoToken);
  for (size_t id = 0; id < spec_.tokens.size(); ++id) {
    if (spec_.kinds[id] == TokenKind::kUnused) continue;
    const std::string& text = spec_.tokens[id];
    if (text.empty()) {
      Fail(ErrorCode::kCorrupt, "{}: token {} is empty; convert the model again", spec_.source, id);
    }
    int32_t& slot = slots_[Slot(text)];
    if (slot != kNoToken) {
      Fail(ErrorCode::kCorrupt, "{}: tokens {} and {} are both {}; convert the model again",
           spec_.source, slot, id, Quoted(text));
    }
    slot = static_cast<int32_t>(id);
  }
}

void Vocabulary::DecodeTokens() {
  byte_ids_.fill(kNoToken);
  offsets_.reserve(spec_.tokens.size() + 1);
  offsets_.push_back(0);
  std::string bytes;
  for (size_t id = 0; id < spec_.tokens.size(); ++id) {
    const std::string& text = spec_.tokens[id];
    const TokenKind kind = spec_.kinds[id];
    if (IsAdded(kind)) {
      bytes_ += text;
    } else if (kind != TokenKind::kUnused) {
      if (!FromByteAlphabet(text, &bytes)) {
        Fail(ErrorCode::kCorrupt,
             "{}: token {} {} is not written in the byte-level alphabet; convert the model "
             "again",
             spec_.source, id, Quoted(text));
      }
      if (bytes.size() == 1) byte_ids_[static_cast<uint8_t>(bytes[0])] = static_cast<int32_t>(id);
      bytes_ += bytes;
    }
    offsets_.push_back(bytes_.size());
  }
  if (std::all_of(byte_ids_.begin(), byte_ids_.end(), [](int32_t id) { return id == kNoToken; })) {
    Fail(ErrorCode::kCorrupt,
         "{}: none of {} tokens is a single byte, so this is no byte-level vocabulary; convert the "
         "model again",
         spec_.source, spec_.tokens.size());
  }
}

void Vocabulary::IndexBytes() {
  byte_slots_.assign(slots_.size(), kNoToken);
  for (int32_t id = 0; id < size(); ++id) {
    const TokenKind kind = spec_.kinds[static_cast<size_t>(id)];
    if (!IsAdded(kind) && kind != TokenKind::kUnused) byte_slots_[ByteSlot(Bytes(id))] = id;
  }
}

std::string_view Vocabulary::Bytes(int32_t id) const {
  if (!Contains(id)) return {};
  const auto i = static_cast<size_t>(id);
  return std::string_view(bytes_).substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
}

int32_t Vocabulary::Find(std::string_view token_text) const { return slots_[Slot(token_text)]; }

// Where `text` is, or would be put.
size_t Vocabulary::Slot(std::string_view text) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = std::hash<std::string_view>{}(text)&mask;
  while (slots_[slot] != kNoToken && spec_.tokens[static_cast<size_t>(slots_[slot])] != text) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

size_t Vocabulary::ByteSlot(std::string_view bytes) const {
  const size_t mask = byte_slots_.size() - 1;
  size_t slot = std::hash<std::string_view>{}(bytes)&mask;
  while (byte_slots_[slot] != kNoToken && Bytes(byte_slots_[slot]) != bytes) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

}  // namespace retort
