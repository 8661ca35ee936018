#include "serve/admission.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"

namespace retort::serve {
namespace {

constexpr double kMemory = 0.9;  // of the mean, per request
constexpr int kLongestRetry = 60;

}  // namespace

std::shared_ptr<void> Admission::Admit(const std::string& model) {
  const std::lock_guard lock(mutex_);
  Count& count = counts_[model];
  if (count.requests >= limits_.running + limits_.queued) {
    // The queue's front leaves when the first of those at work has ended.
    const double wait_s = count.mean_s / std::max(limits_.running, 1);
    const int retry = std::clamp(static_cast<int>(std::ceil(wait_s)), 1, kLongestRetry);
    throw Refusal(fmt::format("{} requests are being answered or waiting, which is the limit; try "
                              "again in {} s",
                              count.requests, retry),
                  retry);
  }
  ++count.requests;
  const double start = SteadyClock().Seconds();
  return {static_cast<void*>(this),
          [this, model, start](void*) { Leave(model, SteadyClock().Seconds() - start); }};
}

void Admission::Leave(const std::string& model, double seconds) {
  const std::lock_guard lock(mutex_);
  Count& count = counts_[model];
  --count.requests;
  count.mean_s = kMemory * count.mean_s + (1 - kMemory) * seconds;
}

int64_t Admission::in_work() const {
  const std::lock_guard lock(mutex_);
  int64_t sum = 0;
  for (const auto& [model, count] : counts_) sum += count.requests;
  return sum;
}

}  // namespace retort::serve
