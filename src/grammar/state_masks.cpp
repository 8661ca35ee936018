#include "grammar/state_masks.h"

#include <algorithm>
#include <utility>

namespace retort {
namespace {

constexpr size_t kMaxMaskSets = 8192;  // a kilobyte each

}  // namespace

void SetBits(std::span<const int32_t> tokens, std::span<uint64_t> bits) {
  for (const int32_t token : tokens) {
    bits[static_cast<size_t>(token) / 64] |= uint64_t{1} << (token % 64);
  }
}

void StateMask::AddTo(std::span<uint64_t> to) const {
  SetBits(tokens, to);
  for (size_t i = 0; i < bits.size(); ++i) to[i] |= bits[i];
}

size_t StateMask::bytes() const {
  return sizeof(StateMask) + tokens.capacity() * sizeof(int32_t) +
         bits.capacity() * sizeof(uint64_t) + escapes.capacity() * sizeof(uint32_t);
}

StateMasks::StateMasks(const Automaton& automaton, const TokenTrie& trie,
                       std::shared_ptr<std::atomic<size_t>> budget)
    : automaton_(automaton), trie_(trie), budget_(std::move(budget)), sets_(automaton) {}

StateMasks::~StateMasks() { *budget_ -= bytes_; }

std::shared_ptr<const StateMask> StateMasks::Of(StateId state) {
  const std::lock_guard lock(mutex_);
  if (const auto known = masks_.find(state); known != masks_.end()) return known->second;
  auto mask = std::make_shared<const StateMask>(Compute(state));
  Keep(state, mask);
  return mask;
}

StateMask StateMasks::Compute(StateId state) {
  if (sets_.size() > kMaxMaskSets) sets_ = ConfigSets(automaton_);
  StateMask mask;
  const SetId from = sets_.FromBytesOf({state, kEmptyStack});
  mask.deepest = sets_.deepest(from);
  WalkTrie(
      trie_, 0, trie_.size(), sets_, from, path_,
      [&](std::span<const int32_t> tokens) {
        mask.tokens.insert(mask.tokens.end(), tokens.begin(), tokens.end());
      },
      [&](uint32_t node, SetId set) {
        mask.deepest = std::max(mask.deepest, sets_.deepest(set));
        if (sets_.ends(set) && trie_.node(node).end > node + 1) mask.escapes.push_back(node);
      });
  const size_t words = (trie_.num_tokens() + 63) / 64;
  if (mask.tokens.size() > 2 * words) {
    mask.bits.resize(words);
    SetBits(mask.tokens, mask.bits);
    mask.tokens.clear();
  }
  mask.tokens.shrink_to_fit();
  mask.escapes.shrink_to_fit();
  return mask;
}

void StateMasks::Keep(StateId state, const std::shared_ptr<const StateMask>& mask) {
  const size_t bytes = mask->bytes();
  while (*budget_ + bytes > kMaskBudget && !oldest_.empty()) {
    const auto dropped = masks_.find(oldest_.front());
    oldest_.pop_front();
    bytes_ -= dropped->second->bytes();
    *budget_ -= dropped->second->bytes();
    masks_.erase(dropped);
  }
  if (*budget_ + bytes > kMaskBudget) return;
  bytes_ += bytes;
  *budget_ += bytes;
  masks_.emplace(state, mask);
  oldest_.push_back(state);
}

}  // namespace retort
