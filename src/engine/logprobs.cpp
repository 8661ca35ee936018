#include "engine/logprobs.h"

#include <algorithm>
#include <cmath>

namespace retort {
namespace {

double LogSumExp(std::span<const float> logits) {
  const double greatest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (float logit : logits) sum += std::exp(static_cast<double>(logit) - greatest);
  return greatest + std::log(sum);
}

// Ids of the `count` greatest logits. They are few, so one pass that keeps them in order will do.
std::vector<int32_t> Greatest(std::span<const float> logits, size_t count) {
  std::vector<int32_t> ids;
  const auto logit = [&](int32_t id) { return logits[static_cast<size_t>(id)]; };
  if (count == 0) return ids;
  for (int32_t id = 0; id < std::ssize(logits); ++id) {
    if (ids.size() == count && !(logit(id) > logit(ids.back()))) continue;
    if (ids.size() == count) ids.pop_back();
    const auto place = std::find_if(ids.begin(), ids.end(),
                                    [&](int32_t other) { return logit(id) > logit(other); });
    ids.insert(place, id);
  }
  return ids;
}

}  // namespace

TokenLogprobs ComputeLogprobs(std::span<const float> logits, int32_t token, int32_t top) {
  const double total = LogSumExp(logits);
  const auto at = [&](int32_t id) -> TokenLogprob {
    return {.token = id, .logprob = static_cast<double>(logits[static_cast<size_t>(id)]) - total};
  };
  TokenLogprobs result{.chosen = at(token), .top = {}};
  for (int32_t id : Greatest(logits, static_cast<size_t>(top))) result.top.push_back(at(id));
  return result;
}

}  // namespace retort
