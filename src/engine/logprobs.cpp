#include "engine/logprobs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/logit_loops.h"

namespace retort {
namespace {

constexpr auto kLog2E = static_cast<float>(std::numbers::log2e);

// Logits and the greatest of each block of them.
class Row {
 public:
  explicit Row(std::span<const float> logits)
      : logits_(logits), greatest_of_(NumLogitBlocks(logits.size())) {
    usable_ = loops_.greatest(logits.data(), logits.size(), greatest_of_.data());
  }

  double LogSumExp() const {
    if (!usable_) return std::numeric_limits<double>::quiet_NaN();
    const float greatest = *std::max_element(greatest_of_.begin(), greatest_of_.end());
    double sum = 0;
    std::array<float, kLogitBlock> weights;
    for (size_t begin = 0; begin < logits_.size(); begin += kLogitBlock) {
      const size_t size = std::min(kLogitBlock, logits_.size() - begin);
      const float* block = logits_.data() + begin;
      sum += static_cast<double>(loops_.weigh(block, size, greatest, kLog2E, weights.data()));
    }
    return static_cast<double>(greatest) + std::log(sum);
  }

  // Ids of the `count` greatest logits. They are few, so one pass that keeps them in order will do,
  // over the blocks that have something to add.
  std::vector<int32_t> Greatest(size_t count) const {
    std::vector<int32_t> ids;
    if (count == 0) return ids;
    for (size_t block = 0; block < greatest_of_.size(); ++block) {
      if (ids.size() == count && !(greatest_of_[block] > At(ids.back()))) continue;
      const size_t end = std::min((block + 1) * kLogitBlock, logits_.size());
      for (size_t id = block * kLogitBlock; id < end; ++id) {
        Offer(static_cast<int32_t>(id), count, ids);
      }
    }
    return ids;
  }

 private:
  float At(int32_t id) const { return logits_[static_cast<size_t>(id)]; }

  void Offer(int32_t id, size_t count, std::vector<int32_t>& ids) const {
    if (ids.size() == count && !(At(id) > At(ids.back()))) return;
    if (ids.size() == count) ids.pop_back();
    const auto place =
        std::find_if(ids.begin(), ids.end(), [&](int32_t other) { return At(id) > At(other); });
    ids.insert(place, id);
  }

  const LogitLoops& loops_ = BestLogitLoops();
  std::span<const float> logits_;
  std::vector<float> greatest_of_;
  bool usable_ = true;  // no logit is not a number
};

}  // namespace

TokenLogprobs ComputeLogprobs(std::span<const float> logits, int32_t token, int32_t top) {
  const Row row(logits);
  const double total = row.LogSumExp();
  const auto at = [&](int32_t id) -> TokenLogprob {
    return {.token = id, .logprob = static_cast<double>(logits[static_cast<size_t>(id)]) - total};
  };
  TokenLogprobs result{.chosen = at(token), .top = {}};
  for (int32_t id : row.Greatest(static_cast<size_t>(top))) result.top.push_back(at(id));
  return result;
}

}  // namespace retort
