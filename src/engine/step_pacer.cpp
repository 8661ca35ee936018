#include "engine/step_pacer.h"

#include <algorithm>

namespace retort {
namespace {

// How much of a figure is the newest measurement's.
constexpr double kNewest = 0.5;
// A step can be held up by others on the machine, and never take less than it costs: what is more
// than usual counts less.
constexpr double kNewestIfLonger = 0.1;

double Mix(double old, double newest, double share) { return old + share * (newest - old); }

}  // namespace

int32_t StepPacer::PromptRows() const {
  if (step_seconds_ <= 0) return kAllRows;
  if (!row_seconds_) return kFewestRows;
  const double seconds = std::max(step_seconds_ - answers_seconds_, answers_seconds_);
  // At most twice as many as were measured, whatever a lucky measurement promises.
  const double most = 2.0 * last_rows_;
  const double rows = *row_seconds_ > 0 ? std::min(most, seconds / *row_seconds_) : most;
  return std::max(kFewestRows, static_cast<int32_t>(rows) / kFewestRows * kFewestRows);
}

void StepPacer::Record(int32_t prompt_rows, double seconds) {
  if (prompt_rows == 0) {
    const bool longer = answers_seconds_ > 0 && seconds > answers_seconds_;
    answers_seconds_ = Mix(answers_seconds_, seconds,
                           answers_seconds_ == 0 ? 1
                           : longer              ? kNewestIfLonger
                                                 : kNewest);
    return;
  }
  // Of the last rows of a prompt, most of the time is not theirs.
  if (prompt_rows < kFewestRows) return;
  const double measured = std::max(0.0, seconds - answers_seconds_) / prompt_rows;
  row_seconds_ = row_seconds_ ? Mix(*row_seconds_, measured, kNewest) : measured;
  last_rows_ = prompt_rows;
}

}  // namespace retort
