#include "engine/step_costs.h"

#include <algorithm>

#include "base/error.h"

namespace retort {
namespace {

// The first measurement of a number of rows is believed, later ones less and less, down to 1/64;
// and as a step on a busy machine may take any time, no more than twice or half of what was
// expected.
constexpr int32_t kMostCount = 63;
constexpr double kPaceRate = 0.2;
constexpr double kMostError = 2;
constexpr double kMostFirstError = 8;
// What differs by less is as it was.
constexpr double kMostDifference = 1.25;
constexpr int64_t kMostLife = 8192;

double AssumedCost(int32_t rows) { return 1 + StepCosts::kRowShare * (rows - 1); }

}  // namespace

bool StepCosts::Knows(int32_t rows) const {
  if (static_cast<size_t>(rows) >= entries_.size()) return false;
  const Entry& entry = entries_[static_cast<size_t>(rows)];
  return entry.count > 0 && steps_ - entry.measured <= entry.life;
}

int32_t StepCosts::MostKnown() const {
  auto rows = static_cast<int32_t>(entries_.size()) - 1;
  while (rows > 0 && !Knows(rows)) --rows;
  return std::max(rows, 0);
}

double StepCosts::Of(int32_t rows) const {
  RETORT_CHECK(rows >= 1);
  if (Knows(rows)) return entries_[static_cast<size_t>(rows)].cost;
  const auto last = static_cast<int32_t>(entries_.size()) - 1;
  int32_t below = std::min(rows, last + 1) - 1;
  while (below > 0 && !Knows(below)) --below;
  int32_t above = rows + 1;
  while (above <= last && !Knows(above)) ++above;
  const auto cost_of = [&](int32_t known) { return entries_[static_cast<size_t>(known)].cost; };
  if (below > 0 && above <= last) {
    const double share = static_cast<double>(rows - below) / (above - below);
    return cost_of(below) + share * (cost_of(above) - cost_of(below));
  }
  if (below <= 0 && above > last) return AssumedCost(rows);
  const int32_t known = below > 0 ? below : above;
  return cost_of(known) * AssumedCost(rows) / AssumedCost(known);
}

void StepCosts::Learn(int32_t rows, double seconds) {
  if (seconds <= 0) return;
  const double expected = Of(rows);
  const bool known = Knows(rows);
  if (pace_ == 0) pace_ = seconds / expected;
  if (static_cast<size_t>(rows) >= entries_.size()) entries_.resize(static_cast<size_t>(rows) + 1);
  Entry& entry = entries_[static_cast<size_t>(rows)];
  const double most = known ? kMostError : kMostFirstError;
  const double error = std::clamp(seconds / (pace_ * expected), 1 / most, most) - 1;
  if (known) {
    entry.cost *= 1 + error / (entry.count + 1);
    // What is new about a number of rows says more of them than of the pace.
    pace_ *= 1 + error * kPaceRate * entry.count / kMostCount;
  } else {
    BeginAnew(entry, expected * (1 + error));
  }
  entry.count = std::min(entry.count + 1, kMostCount);
  entry.measured = ++steps_;
}

void StepCosts::BeginAnew(Entry& entry, double cost) {
  if (entry.count > 0) {
    const double change = std::max(cost / entry.cost, entry.cost / cost);
    entry.life = change < kMostDifference ? std::min(2 * entry.life, kMostLife) : kFirstLife;
  }
  entry.cost = cost;
  entry.count = 0;
}

}  // namespace retort
