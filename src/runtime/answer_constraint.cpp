#include "runtime/answer_constraint.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "runtime/shown_text.h"

namespace retort {
namespace {

constexpr std::string_view kOpen = "<think>", kClose = "</think>";
constexpr size_t kGap = 2;

bool MayAnswer(TokenKind kind, std::string_view bytes) {
  if (kind == TokenKind::kUserDefined) return bytes != kOpen && bytes != kClose;
  return kind == TokenKind::kNormal || kind == TokenKind::kByte;
}

void Set(std::vector<uint64_t>& bits, int32_t token, bool value) {
  const size_t word = static_cast<size_t>(token) / 64;
  if (word >= bits.size()) return;
  const uint64_t bit = uint64_t{1} << (token % 64);
  bits[word] = value ? bits[word] | bit : bits[word] & ~bit;
}

// How much of the text's end may be the beginning of a </think>.
size_t BegunClose(std::string_view text) {
  size_t length = std::min(text.size(), kClose.size() - 1);
  while (!text.ends_with(kClose.substr(0, length))) --length;
  return length;
}

size_t LineEnds(std::string_view text, size_t most) {
  const size_t count = std::min(text.find_first_not_of('\n'), text.size());
  return std::min(count, most);
}

}  // namespace

std::shared_ptr<const GrammarVocabulary> MakeGrammarVocabulary(const Tokenizer& tokenizer) {
  const TokenizerSpec& spec = tokenizer.spec();
  std::vector<std::string> bytes(static_cast<size_t>(tokenizer.size()));
  for (int32_t id = 0; id < tokenizer.size(); ++id) {
    if (MayAnswer(spec.kinds[static_cast<size_t>(id)], tokenizer.TokenBytes(id))) {
      bytes[static_cast<size_t>(id)] = tokenizer.TokenBytes(id);
    }
  }
  return std::make_shared<const GrammarVocabulary>(std::move(bytes), spec.stop_ids);
}

AnswerConstraint::AnswerConstraint(const Tokenizer& tokenizer,
                                   std::shared_ptr<const CompiledGrammar> grammar,
                                   AnswerStart start)
    : tokenizer_(tokenizer),
      matcher_(std::move(grammar)),
      place_(start == AnswerStart::kBehindThought ? Place::kThought
             : start == AnswerStart::kMayThink    ? Place::kUndecided
                                                  : Place::kAnswer) {
  const size_t size = matcher_.grammar().vocabulary().trie().num_tokens();
  if (size != static_cast<size_t>(tokenizer.size())) {
    Fail(ErrorCode::kInvalidArgument,
         "the grammar was compiled for a vocabulary of {} tokens and this model has {}; compile it "
         "with this model",
         size, tokenizer.size());
  }
}

std::span<const uint64_t> AnswerConstraint::Allowed() {
  if (place_ == Place::kThought) return AllowedInThought();
  bits_.resize(matcher_.num_words());
  matcher_.Mask(bits_);
  if (place_ == Place::kUndecided) {
    if (const std::optional<int32_t> open = tokenizer_.Find(kOpen)) Set(bits_, *open, true);
  }
  if (place_ == Place::kGap) {
    const TokenTrie& trie = matcher_.grammar().vocabulary().trie();
    for (size_t count = 1; count <= gap_left_; ++count) {
      for (const int32_t token : trie.TokensOf(std::string(count, '\n'))) Set(bits_, token, true);
    }
  }
  return bits_;
}

std::span<const uint64_t> AnswerConstraint::AllowedInThought() {
  const size_t begun = BegunClose(tail_);
  if (begun == 0) return {};
  const std::string_view rest = kClose.substr(begun);
  bits_.assign(matcher_.num_words(), ~uint64_t{0});
  const TokenTrie& trie = matcher_.grammar().vocabulary().trie();
  for (const int32_t token : trie.TokensBehind(rest)) {
    const std::string_view behind = trie.bytes(token).substr(rest.size());
    Set(bits_, token, LineEnds(behind, kGap) == behind.size());
  }
  return bits_;
}

void AnswerConstraint::Accept(int32_t token) {
  if (place_ == Place::kUndecided) {
    const bool opens = tokenizer_.Find(kOpen) == std::optional(token);
    place_ = opens ? Place::kThought : Place::kAnswer;
    if (opens) return;
  }
  if (place_ == Place::kThought) return AcceptInThought(token);
  if (place_ == Place::kGap && !matcher_.grammar().vocabulary().IsEnd(token)) {
    return AcceptBehindThought(tokenizer_.TokenBytes(token));
  }
  matcher_.Accept(token);
}

void AnswerConstraint::AcceptInThought(int32_t token) {
  if (!ShowsText(tokenizer_, token)) return;
  tail_ += tokenizer_.TokenBytes(token);
  const size_t close = tail_.find(kClose);
  if (close == std::string::npos) {
    tail_.erase(0, tail_.size() - BegunClose(tail_));
    return;
  }
  place_ = Place::kGap;
  gap_left_ = kGap;
  AcceptBehindThought(tail_.substr(close + kClose.size()));
}

void AnswerConstraint::AcceptBehindThought(std::string_view bytes) {
  const size_t line_ends = LineEnds(bytes, gap_left_);
  gap_left_ -= line_ends;
  bytes.remove_prefix(line_ends);
  if (bytes.empty()) return;
  if (!matcher_.AcceptBytes(bytes)) {
    Fail(ErrorCode::kInvalidArgument,
         "the thought was closed with text behind it that the grammar does not allow");
  }
  place_ = Place::kAnswer;
}

}  // namespace retort
