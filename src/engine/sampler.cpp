#include "engine/sampler.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/error.h"
#include "base/rng.h"

namespace retort {
namespace {

// Below, one unit of a logit is already a factor of e^1000000; its inverse must stay finite.
constexpr double kLeastTemperature = 1e-6;
constexpr float kRoundingUp = 1 + 1e-6f;   // FastExp2 need not grow at every step
constexpr float kLeastExponent = -127.0f;  // FastExp2 gives 0
// A token's exponent is the logarithm of its weight, to base 2. Blocks below are far: a whole
// vocabulary of them has a share of at most 0.003.
constexpr float kFar = -26.0f;
// A few tokens usually hold nearly everything, so ever less likely ones are looked at until enough
// are there. Below the last band nothing has a weight.
constexpr std::array kBands = {-15.0f, -20.0f, -26.0f, -35.0f, -52.0f, -126.0f};

void CheckGreatest(float greatest, size_t size) {
  if (std::isfinite(greatest)) return;
  Fail(ErrorCode::kInternal,
       "the model gave no finite logit (greatest of {}: {}): its weights may be damaged", size,
       greatest);
}

}  // namespace

int32_t Argmax(std::span<const float> logits) {
  std::vector<float> greatest_of(NumLogitBlocks(logits.size()));
  BestLogitLoops().greatest(logits.data(), logits.size(), greatest_of.data());
  const auto block = std::max_element(greatest_of.begin(), greatest_of.end());
  CheckGreatest(*block, logits.size());
  const auto begin =
      logits.begin() + (block - greatest_of.begin()) * static_cast<std::ptrdiff_t>(kLogitBlock);
  return static_cast<int32_t>(std::find(begin, logits.end(), *block) - logits.begin());
}

int32_t Sampler::Sample(std::span<const float> logits, const SamplingParams& params,
                        const TokenHistory& history, uint64_t index, const TokenLimits& limits) {
  RETORT_CHECK(!logits.empty());
  const std::span<const float> row = AdjustLogits(logits, params, history, limits, adjusted_);
  if (params.temperature == 0) return Argmax(row);
  Begin(row, params.temperature);
  const double uniform = RandomUniform(params.seed, index);
  const auto min_weight = static_cast<float>(params.min_p);
  if (params.top_k == 0 && params.top_p < 1 && min_weight == 0 && IsFlat()) {
    return flat_.Sample(row, greatest_of_, scale_, params.top_p, uniform);
  }
  if (params.top_k > 0 || params.top_p < 1) {
    KeepMostLikely(params);
  } else if (min_weight > 0) {
    Collect(std::log2(min_weight) - 0.015f, kInfinity, kInfinity);
  } else {
    return DrawFromAll(uniform);
  }
  std::erase_if(candidates_, [&](const RankedToken& c) { return c.weight < min_weight; });
  return DrawFromCandidates(uniform);
}

// What one pass over the logits says of every block.
void Sampler::Begin(std::span<const float> logits, double temperature) {
  logits_ = logits;
  greatest_of_.resize(NumLogitBlocks(logits.size()));
  const bool usable = loops_->greatest(logits.data(), logits.size(), greatest_of_.data());
  greatest_ = *std::max_element(greatest_of_.begin(), greatest_of_.end());
  CheckGreatest(greatest_, logits.size());
  if (!usable) {
    Fail(ErrorCode::kInternal,
         "the model gave a logit that is not a number: its weights may be damaged");
  }
  scale_ = static_cast<float>(std::numbers::log2e / std::max(temperature, kLeastTemperature));
  sums_.assign(greatest_of_.size(), std::nullopt);
  candidates_.clear();
  bands_.clear();
}

// Whether most of the work of finding what top-p keeps would be with tokens it does not keep.
bool Sampler::IsFlat() const {
  const float far = greatest_ + kFar / scale_;
  const auto near = std::count_if(greatest_of_.begin(), greatest_of_.end(),
                                  [far](float greatest) { return greatest >= far; });
  return near > std::ssize(greatest_of_) / 4;
}

// Computes the weights of a block into weights_; their sum.
float Sampler::Weigh(size_t block) {
  const size_t begin = block * kLogitBlock;
  const size_t size = std::min(kLogitBlock, logits_.size() - begin);
  return loops_->weigh(logits_.data() + begin, size, greatest_, scale_, weights_.data());
}

void Sampler::WeighAll() {
  for (size_t block = 0; block < sums_.size(); ++block) {
    if (!sums_[block]) sums_[block] = Weigh(block);
  }
}

// The weight of all tokens: at least and at most, the same once all blocks have been weighed.
Sampler::Bounds Sampler::TotalMass() const {
  Bounds mass;
  double rest = 0;
  for (size_t block = 0; block < sums_.size(); ++block) {
    if (sums_[block]) {
      mass.least += static_cast<double>(*sums_[block]);
    } else {
      const float exponent = (greatest_of_[block] - greatest_) * scale_;
      rest += kLogitBlock * static_cast<double>(FastExp2(std::max(exponent, kLeastExponent)));
    }
  }
  mass.most = mass.least + rest * kRoundingUp;
  return mass;
}

// Leaves in candidates_ what top-k and top-p keep, by id.
void Sampler::KeepMostLikely(const SamplingParams& params) {
  if (params.top_k > 0) {
    KeepTopK(static_cast<size_t>(params.top_k));
    if (params.top_p < 1)
      KeepUpTo(finder_.LastOfTopP(candidates_, params.top_p * CandidateMass(0)), candidates_);
  } else if (!KeepTopP(params.top_p)) {
    WeighAll();
    KeepTopP(params.top_p);
  }
}

void Sampler::KeepTopK(size_t k) {
  float below = kInfinity;
  for (const float least : kBands) {
    Collect(least, std::exchange(below, least), kInfinity);
    if (candidates_.size() >= k) break;
  }
  if (candidates_.size() > k) {
    KeepUpTo(finder_.LastOfTopK(candidates_, k), candidates_, bands_.back());
  }
  OrderById();
}

// Whether the bounds leave no doubt about what is kept. If they do, weigh all and ask again.
bool Sampler::KeepTopP(double top_p) {
  candidates_.clear();
  bands_.clear();
  double mass = 0;  // of all bands but the last
  float below = kInfinity;
  for (const float least : kBands) {
    Collect(least, std::exchange(below, least), bands_.empty() ? kFar : kInfinity);
    const Bounds total = TotalMass();
    const double band_mass = CandidateMass(bands_.back());
    if (mass + band_mass >= top_p * total.most || least == kBands.back()) {
      const std::span<const RankedToken> band = std::span(candidates_).subspan(bands_.back());
      KeepUpTo(finder_.LastOfTopP(band, top_p * total.least - mass), candidates_, bands_.back());
      const bool decided = mass + CandidateMass(bands_.back()) >= top_p * total.most;
      OrderById();
      return decided;
    }
    mass += band_mass;
  }
  return false;
}

// Appends a band: the tokens with an exponent in [least, below), by id. Weighs the blocks that have
// some, and at least those that reach `least_weighed`.
void Sampler::Collect(float least, float below, float least_weighed) {
  bands_.push_back(candidates_.size());
  // In logits, which have an exact order, whatever the thresholds become by rounding.
  const auto logit_of = [&](float exponent) { return greatest_ + exponent / scale_; };
  const float least_logit = logit_of(least), below_logit = logit_of(below);
  const float weighed_logit = std::min(least_logit, logit_of(least_weighed));
  std::array<int, kLogitBlock> places;
  for (size_t block = 0; block < sums_.size(); ++block) {
    if (greatest_of_[block] < weighed_logit) continue;
    sums_[block] = Weigh(block);
    if (greatest_of_[block] < least_logit) continue;
    const size_t begin = block * kLogitBlock;
    const float* const logits = logits_.data() + begin;
    const size_t size = std::min(kLogitBlock, logits_.size() - begin);
    const size_t found = loops_->find(logits, size, least_logit, below_logit, places.data());
    for (size_t i = 0; i < found; ++i) {
      const auto place = static_cast<size_t>(places[i]);
      candidates_.push_back({.logit = logits[place],
                             .weight = weights_[place],
                             .token = static_cast<int32_t>(begin + place)});
    }
  }
}

void Sampler::OrderById() {
  const auto at = [&](size_t i) { return candidates_.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto by_id = [](const RankedToken& a, const RankedToken& b) { return a.token < b.token; };
  for (; bands_.size() > 1; bands_.pop_back()) {
    std::inplace_merge(at(bands_[bands_.size() - 2]), at(bands_.back()), candidates_.end(), by_id);
  }
}

double Sampler::CandidateMass(size_t begin) const {
  double mass = 0;
  for (const RankedToken& candidate : std::span(candidates_).subspan(begin)) {
    mass += static_cast<double>(candidate.weight);
  }
  return mass;
}

int32_t Sampler::DrawFromAll(double uniform) {
  WeighAll();
  double rest = uniform * TotalMass().least;
  size_t block = 0;  // the last one with any weight, should rounding leave a crumb after it
  for (size_t i = 0; i < sums_.size(); ++i) {
    const auto sum = static_cast<double>(*sums_[i]);
    if (sum == 0) continue;
    block = i;
    if (rest < sum) break;
    rest -= sum;
  }
  Weigh(block);
  const size_t begin = block * kLogitBlock;
  const size_t size = std::min(kLogitBlock, logits_.size() - begin);
  size_t last_possible = 0;
  for (size_t i = 0; i < size; ++i) {
    if (weights_[i] == 0) continue;
    last_possible = begin + i;
    rest -= static_cast<double>(weights_[i]);
    if (rest < 0) break;
  }
  return static_cast<int32_t>(last_possible);
}

int32_t Sampler::DrawFromCandidates(double uniform) const {
  double rest = uniform * CandidateMass(0);
  int32_t last_possible = 0;
  for (const RankedToken& candidate : candidates_) {
    if (candidate.weight == 0) continue;
    last_possible = candidate.token;
    rest -= static_cast<double>(candidate.weight);
    if (rest < 0) break;
  }
  return last_possible;
}

}  // namespace retort
