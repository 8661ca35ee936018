#include "engine/speculator.h"

#include <algorithm>
#include <utility>

namespace retort {

std::vector<std::vector<int32_t>> Speculator::Propose(std::span<const DraftWish> wishes) {
  std::vector<std::vector<int32_t>> drafts;
  std::vector<std::vector<double>> chances;
  for (const DraftWish& wish : wishes) {
    Draft draft = DraftFor(wish);
    drafts.push_back(std::move(draft.tokens));
    chances.push_back(std::move(draft.chances));
  }
  if (options_.always) return drafts;
  const std::vector<int32_t> counts = policy_.Choose(static_cast<int32_t>(wishes.size()), chances);
  for (size_t i = 0; i < drafts.size(); ++i) drafts[i].resize(static_cast<size_t>(counts[i]));
  return drafts;
}

Draft Speculator::DraftFor(const DraftWish& wish) {
  const Sequence& sequence = *wish.sequence;
  const int32_t most = std::min(wish.most, options_.most);
  // Also where nothing is drafted, to know how predictable the text is.
  Drafter& drafter = drafters_[sequence.id];
  drafter.Update(sequence.tokens, sequence.prompt_tokens);
  if (wish.forced.empty()) return drafter.Propose(most);
  Draft draft{.tokens = wish.forced};
  if (std::ssize(draft.tokens) > most) draft.tokens.resize(static_cast<size_t>(most));
  draft.chances.assign(draft.tokens.size(), 1.0);
  return draft;
}

}  // namespace retort
