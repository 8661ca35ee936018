#include "text/tokenizer.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "text/added_tokens.h"
#include "text/bpe.h"
#include "text/byte_alphabet.h"
#include "text/nfc.h"
#include "text/pretokenizer_families.h"
#include "text/regex.h"
#include "text/utf8_stream.h"
#include "text/vocabulary.h"

namespace retort {
namespace {

const PretokenizerFamily& FamilyOf(const TokenizerSpec& spec) {
  const PretokenizerFamily* family = FindPretokenizerFamily(spec.pre);
  if (!family) {
    Fail(ErrorCode::kUnsupported,
         "{}: tokenizer family {} is not supported; use a model of one of these: {}", spec.source,
         Quoted(spec.pre), PretokenizerFamilyNames());
  }
  return *family;
}

std::vector<Regex> Compile(const PretokenizerFamily& family) {
  std::vector<Regex> regexes;
  for (const std::string_view pattern : family.patterns) regexes.emplace_back(pattern);
  return regexes;
}

// The added tokens that are looked for in text as it stands, or those looked for after its
// normalisation.
AddedTokens CollectAdded(const TokenizerSpec& spec, bool normalized) {
  const std::unordered_set<int32_t> normalized_ids(spec.normalized_ids.begin(),
                                                   spec.normalized_ids.end());
  std::vector<std::pair<std::string_view, int32_t>> added;
  for (int32_t id = 0; id < static_cast<int32_t>(spec.tokens.size()); ++id) {
    const auto i = static_cast<size_t>(id);
    if (IsAdded(spec.kinds[i]) && normalized_ids.contains(id) == normalized) {
      added.emplace_back(spec.tokens[i], id);
    }
  }
  return AddedTokens(std::move(added));
}

void CheckId(const TokenizerSpec& spec, const char* field, std::optional<int32_t> id) {
  if (!id || (*id >= 0 && static_cast<size_t>(*id) < spec.tokens.size())) return;
  Fail(ErrorCode::kCorrupt,
       "{}: {} token id {} is outside the vocabulary of {}; convert the model "
       "again",
       spec.source, field, *id, spec.tokens.size());
}

}  // namespace

struct Tokenizer::Impl {
  explicit Impl(TokenizerSpec&& moved)
      : spec(std::move(moved)),
        vocabulary(spec),
        bpe(spec, vocabulary),
        added(CollectAdded(spec, false)),
        added_normalized(CollectAdded(spec, true)),
        regexes(Compile(FamilyOf(spec))),
        whole(spec.tokens.size()) {
    CheckId(spec, "bos", spec.bos);
    CheckId(spec, "eos", spec.eos);
    CheckId(spec, "pad", spec.pad);
    for (const int32_t id : spec.stop_ids) CheckId(spec, "stop", id);
  }

  const TokenizerSpec spec;
  const Vocabulary vocabulary;
  const Bpe bpe;
  const AddedTokens added, added_normalized;
  const std::vector<Regex> regexes;

  // By token: whether merging its bytes gives the token itself. Almost always, but not quite: found
  // out when first needed, and the same whoever finds it.
  enum class Whole : uint8_t { kUnknown, kYes, kNo };
  mutable std::vector<std::atomic<Whole>> whole;

  class Encoding;
};

// One call of Encode: what it has produced so far, and what it reuses from piece to piece.
class Tokenizer::Impl::Encoding {
 public:
  Encoding(const Impl& impl, bool parse_added) : impl_(impl), parse_added_(parse_added) {
    for (const Regex& regex : impl.regexes) matchers_.emplace_back(regex);
  }

  std::vector<int32_t> Run(std::string_view text) {
    CutAtAdded(impl_.added, text, [this](std::string_view between) { Segment(between); });
    return std::move(ids_);
  }

 private:
  template <typename Between>
  void CutAtAdded(const AddedTokens& tokens, std::string_view text, Between between) {
    size_t at = 0;
    if (parse_added_) {
      while (const auto match = tokens.FindNext(text, at)) {
        between(text.substr(at, match->begin - at));
        ids_.push_back(match->id);
        at = match->end;
      }
    }
    between(text.substr(at));
  }

  // Text between added tokens: valid stretches are cut and merged, other bytes go one by one.
  void Segment(std::string_view text) {
    while (!text.empty()) {
      const size_t valid = ValidUtf8Prefix(text);
      if (valid > 0) {
        ValidText(text.substr(0, valid));
        text.remove_prefix(valid);
        continue;
      }
      const int32_t id = impl_.vocabulary.ByteId(static_cast<uint8_t>(text[0]));
      if (id != kNoToken) ids_.push_back(id);
      text.remove_prefix(1);
    }
  }

  void ValidText(std::string_view text) {
    if (impl_.spec.nfc && !IsSurelyNfc(text)) {
      normalised_.push_back(ToNfc(text));
      text = normalised_.back();
    }
    CutAtAdded(impl_.added_normalized, text, [this](std::string_view t) { Split(t, 0); });
  }

  void Split(std::string_view text, size_t step) {
    if (text.empty()) return;
    if (step == matchers_.size()) return Piece(text);
    size_t at = 0;
    while (at < text.size()) {
      const auto match = matchers_[step].Next(text, at);
      if (!match) break;
      Split(text.substr(at, match->begin - at), step + 1);
      Split(text.substr(match->begin, match->end - match->begin), step + 1);
      at = match->end;
    }
    Split(text.substr(at), step + 1);
  }

  // Most pieces are tokens.
  void Piece(std::string_view piece) {
    const int32_t id = impl_.vocabulary.FindBytes(piece);
    if (id == kNoToken) return Merge(piece);
    std::atomic<Whole>& known = impl_.whole[static_cast<size_t>(id)];
    switch (impl_.spec.ignore_merges ? Whole::kYes : known.load(std::memory_order_relaxed)) {
      case Whole::kYes:
        return ids_.push_back(id);
      case Whole::kNo:
        return Merge(piece);
      case Whole::kUnknown:
        const size_t begin = ids_.size();
        Merge(piece);
        const bool is_whole = ids_.size() == begin + 1 && ids_[begin] == id;
        known.store(is_whole ? Whole::kYes : Whole::kNo, std::memory_order_relaxed);
    }
  }

  void Merge(std::string_view piece) {
    if (piece.size() > kMaxCachedBytes) return impl_.bpe.Encode(piece, &scratch_, &ids_);
    const auto [entry, is_new] = cache_.try_emplace(piece, ids_.size(), 0);
    auto& [begin, count] = entry->second;
    if (is_new) {
      impl_.bpe.Encode(piece, &scratch_, &ids_);
      count = ids_.size() - begin;
      return;
    }
    // The piece has been seen: copy the ids that it got then.
    for (size_t i = begin; i < begin + count; ++i) ids_.push_back(ids_[i]);
  }

  static constexpr size_t kMaxCachedBytes = 32;

  const Impl& impl_;
  const bool parse_added_;
  std::vector<RegexMatcher> matchers_;
  std::vector<int32_t> ids_;
  Bpe::Scratch scratch_;
  std::deque<std::string> normalised_;  // keeps the cache's views alive
  std::unordered_map<std::string_view, std::pair<size_t, size_t>> cache_;  // piece → [begin, count]
};

Tokenizer::Tokenizer(TokenizerSpec spec) : impl_(std::make_unique<const Impl>(std::move(spec))) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;

std::vector<int32_t> Tokenizer::Encode(std::string_view text, const EncodeOptions& options) const {
  return Impl::Encoding(*impl_, options.parse_added).Run(text);
}

std::string Tokenizer::DecodeBytes(std::span<const int32_t> ids, bool skip_control) const {
  std::string bytes;
  for (const int32_t id : ids) {
    if (!(skip_control && IsControl(id))) bytes += TokenBytes(id);
  }
  return bytes;
}

std::string Tokenizer::Decode(std::span<const int32_t> ids, bool skip_control) const {
  return Utf8Repair(DecodeBytes(ids, skip_control));
}

std::string_view Tokenizer::TokenBytes(int32_t id) const { return impl_->vocabulary.Bytes(id); }

bool Tokenizer::IsControl(int32_t id) const {
  return impl_->vocabulary.Contains(id) &&
         impl_->spec.kinds[static_cast<size_t>(id)] == TokenKind::kControl;
}

std::optional<int32_t> Tokenizer::Find(std::string_view token_text) const {
  const Vocabulary& vocabulary = impl_->vocabulary;
  // An added token stands in the file as in text; any other in the byte-level alphabet.
  int32_t id = vocabulary.Find(token_text);
  if (id == kNoToken || !IsAdded(impl_->spec.kinds[static_cast<size_t>(id)])) {
    id = vocabulary.Find(ToByteAlphabet(token_text));
  }
  return id == kNoToken ? std::nullopt : std::optional(id);
}

int32_t Tokenizer::size() const { return impl_->vocabulary.size(); }
const TokenizerSpec& Tokenizer::spec() const { return impl_->spec; }

}  // namespace retort
