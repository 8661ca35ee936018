#include "grammar/matcher.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

constexpr size_t kMaxMatcherSets = 1024;  // a kilobyte each
constexpr size_t kMaxMade = 4;

}  // namespace

GrammarMatcher::GrammarMatcher(std::shared_ptr<const CompiledGrammar> grammar)
    : grammar_(std::move(grammar)), sets_(grammar_->automaton()), at_(sets_.Start()) {}

// What the other has looked up is left behind: it can be looked up again.
GrammarMatcher::GrammarMatcher(const GrammarMatcher& other)
    : grammar_(other.grammar_),
      sets_(grammar_->automaton()),
      at_(other.sets_.CopyTo(sets_, other.at_)),
      ended_(other.ended_) {}

GrammarMatcher& GrammarMatcher::operator=(const GrammarMatcher& other) {
  if (this != &other) *this = GrammarMatcher(other);
  return *this;
}

size_t GrammarMatcher::num_words() const {
  return (grammar_->vocabulary().trie().num_tokens() + 63) / 64;
}

void GrammarMatcher::Mask(std::span<uint64_t> bits) {
  bits = bits.first(num_words());
  std::fill(bits.begin(), bits.end(), 0);
  if (ended_) return;
  for (const Made& made : made_) {
    if (made.set == at_)
      return static_cast<void>(std::copy(made.bits.begin(), made.bits.end(), bits.begin()));
  }
  // A copy: walking may move the sets.
  const std::span<const Config> configs = sets_.configs(at_);
  for (const Config& config : std::vector<Config>(configs.begin(), configs.end())) {
    MaskConfig(config, bits);
  }
  if (sets_.ends(at_)) SetBits(grammar_->vocabulary().end_tokens(), bits);
  if (made_.size() < kMaxMade) made_.emplace_back();
  made_[next_made_] = {.set = at_, .bits = {bits.begin(), bits.end()}};
  next_made_ = (next_made_ + 1) % kMaxMade;
}

void GrammarMatcher::MaskConfig(const Config& config, std::span<uint64_t> bits) {
  const TokenTrie& trie = grammar_->vocabulary().trie();
  const auto allow = [&](std::span<const int32_t> tokens) { SetBits(tokens, bits); };
  const auto ignore = [](uint32_t, SetId) {};
  const std::shared_ptr<const StateMask> mask = grammar_->masks().Of(config.state);
  if (sets_.depth(config.stack) + mask->deepest > kMaxStackDepth) {
    // So deep that calls which the mask looked at may not fit any more.
    const SetId from = sets_.FromBytesOf(config);
    return WalkTrie(trie, 0, trie.size(), sets_, from, path_, allow, ignore);
  }
  mask->AddTo(bits);
  if (config.stack == kEmptyStack || mask->escapes.empty()) return;
  const SetId parent = sets_.Parent(config.stack);
  if (parent == kDeadSet) return;
  for (const uint32_t node : mask->escapes) {
    WalkTrie(trie, node + 1, trie.node(node).end, sets_, parent, path_, allow, ignore);
  }
}

SetId GrammarMatcher::After(std::string_view bytes) {
  SetId set = at_;
  for (const char c : bytes) {
    if (set == kDeadSet) break;
    set = sets_.Next(set, static_cast<uint8_t>(c));
  }
  return set;
}

bool GrammarMatcher::Allows(int32_t token) {
  const GrammarVocabulary& vocabulary = grammar_->vocabulary();
  if (ended_ || token < 0 || token >= static_cast<int32_t>(vocabulary.trie().num_tokens())) {
    return false;
  }
  if (vocabulary.IsEnd(token)) return CanEnd();
  const std::string_view bytes = vocabulary.trie().bytes(token);
  return !bytes.empty() && After(bytes) != kDeadSet;
}

void GrammarMatcher::Accept(int32_t token) {
  if (!Allows(token)) {
    Fail(ErrorCode::kInvalidArgument, "the grammar does not allow token {} here", token);
  }
  if (grammar_->vocabulary().IsEnd(token)) {
    ended_ = true;
    return;
  }
  at_ = After(grammar_->vocabulary().trie().bytes(token));
  Forget();
}

bool GrammarMatcher::AcceptBytes(std::string_view bytes) {
  if (ended_) return bytes.empty();
  const SetId set = After(bytes);
  if (set == kDeadSet) return false;
  at_ = set;
  Forget();
  return true;
}

// Once many sets have been looked at, those that are gone are dropped.
void GrammarMatcher::Forget() {
  if (sets_.size() <= kMaxMatcherSets) return;
  ConfigSets fresh(grammar_->automaton());
  at_ = sets_.CopyTo(fresh, at_);
  sets_ = std::move(fresh);
  made_.clear();
  next_made_ = 0;
}

}  // namespace retort
