#include "engine/drafter.h"

#include <algorithm>
#include <utility>

namespace retort {
namespace {

// Longest match of each bucket but the last.
constexpr std::array<int32_t, 7> kBucketEnds = {2, 3, 4, 6, 9, 14, 23};
constexpr double kLearningRate = 1.0 / 32;

}  // namespace

size_t Drafter::BucketOf(int32_t match_length) {
  return static_cast<size_t>(
      std::lower_bound(kBucketEnds.begin(), kBucketEnds.end(), match_length) - kBucketEnds.begin());
}

void Drafter::Update(std::span<const int32_t> tokens, int32_t prompt_tokens) {
  while (seen_ < tokens.size()) {
    Push(tokens[seen_], seen_ >= static_cast<size_t>(prompt_tokens));
    ++seen_;
  }
}

void Drafter::Push(int32_t token, bool learns) {
  const SuffixAutomaton::Match match = text_.match();
  if (learns && match.length >= kMinMatch) {
    const bool hit = text_.tokens()[static_cast<size_t>(match.end)] == token;
    double& chance = chances_[BucketOf(match.length)];
    chance += ((hit ? 1 : 0) - chance) * kLearningRate;
  }
  Index(token);
}

void Drafter::Index(int32_t token) {
  if (std::ssize(text_.tokens()) >= max_indexed_) {
    const SuffixAutomaton full = std::exchange(text_, {});
    for (const int32_t kept : full.tokens().last(static_cast<size_t>(max_indexed_ / 2))) {
      text_.Push(kept);
    }
  }
  text_.Push(token);
}

Draft Drafter::Propose(int32_t most) const {
  Draft draft;
  const SuffixAutomaton::Match match = text_.match();
  if (match.length < kMinMatch) return draft;
  const std::span<const int32_t> text = text_.tokens();
  double chance = 1;
  for (int32_t i = 0; i < most; ++i) {
    const size_t place = static_cast<size_t>(match.end) + static_cast<size_t>(i);
    // Behind the end of the text goes on what was drafted: so a loop is drafted round and round.
    draft.tokens.push_back(place < text.size() ? text[place] : draft.tokens[place - text.size()]);
    chance *= chances_[BucketOf(match.length + i)];
    draft.chances.push_back(chance);
  }
  return draft;
}

}  // namespace retort
