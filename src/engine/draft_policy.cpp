#include "engine/draft_policy.h"

#include <algorithm>
#include <utility>

namespace retort {
namespace {

constexpr double kLeastGain = 1.02;  // of tokens per second: less is noise
constexpr double kMostCredit = 8;    // good times do not pay for long bad ones

struct Candidate {
  double chance;
  size_t sequence;
};

}  // namespace

std::vector<int32_t> DraftPolicy::Choose(int32_t rows,
                                         std::span<const std::vector<double>> chances) {
  std::vector<int32_t> counts(chances.size(), 0);
  if (!costs_.Knows(rows) || steps_in_a_row_ >= kMostInARow) return counts;
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < chances.size(); ++i) {
    for (const double chance : chances[i]) candidates.push_back({chance, i});
  }
  // Chances fall along a sequence, so the likeliest drafts of all are a beginning of each.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.chance > b.chance; });
  std::vector<double> falling;
  for (const Candidate& candidate : candidates) falling.push_back(candidate.chance);
  const int32_t count = BestCount(rows, falling);
  for (int32_t i = 0; i < count; ++i) ++counts[candidates[static_cast<size_t>(i)].sequence];
  return counts;
}

int32_t DraftPolicy::BestCount(int32_t rows, std::span<const double> falling_chances) const {
  const double without = costs_.Of(rows);
  double best = kLeastGain * rows / without;
  double tokens = rows;
  int32_t count = 0;
  const int32_t most_rows = 2 * costs_.MostKnown();
  for (int32_t n = 1; n <= std::ssize(falling_chances); ++n) {
    const double chance = falling_chances[static_cast<size_t>(n - 1)];
    // Far beyond what was measured costs may be anything. What cannot be wrong is no trial.
    if (rows + n > most_rows && chance < 1) break;
    tokens += chance;
    const double cost = costs_.Of(rows + n);
    if (cost / without - 1 <= credit_ && tokens / cost > best) {
      best = tokens / cost;
      count = n;
    }
  }
  return count;
}

void DraftPolicy::Learn(const DraftOutcome& outcome) {
  const int32_t all_rows = outcome.rows + outcome.drafts;
  costs_.Learn(all_rows, outcome.seconds);
  credit_ += kAllowance;
  steps_in_a_row_ = outcome.drafts > 0 ? steps_in_a_row_ + 1 : 0;
  if (outcome.drafts > 0) {
    // Not what this step took: that is chance, on a busy machine more than anything else.
    const double took = costs_.Of(all_rows) / costs_.Of(outcome.rows);
    credit_ += 1 + static_cast<double>(outcome.accepted) / outcome.rows - took;
  }
  credit_ = std::min(credit_, kMostCredit);
}

}  // namespace retort
