#include "engine/sampler.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/rng.h"

namespace retort {
namespace {

// Weights are summed up and searched in blocks of so many, so that most are looked at only once.
constexpr size_t kBlock = 1024;
// Below, one unit of a logit is already a factor of e^1000000; its inverse must stay finite.
constexpr double kLeastTemperature = 1e-6;
constexpr float kLeastExponent = -88.0f;  // FastExp gives 0
constexpr float kLeastWeight = std::numeric_limits<float>::denorm_min();

// Maximum in independent lanes: a single running maximum would wait for itself at every element.
float Greatest(std::span<const float> values) {
  constexpr size_t kLanes = 32;
  std::array<float, kLanes> lanes;
  lanes.fill(-std::numeric_limits<float>::infinity());
  size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const float value = values[i + lane];
      lanes[lane] = value > lanes[lane] ? value : lanes[lane];
    }
  }
  for (; i < values.size(); ++i) lanes[0] = values[i] > lanes[0] ? values[i] : lanes[0];
  return *std::max_element(lanes.begin(), lanes.end());
}

float FiniteGreatest(std::span<const float> logits) {
  const float greatest = Greatest(logits);
  if (!std::isfinite(greatest)) {
    Fail(ErrorCode::kInternal,
         "the model gave no finite logit (greatest of {}: {}): its weights may be damaged",
         logits.size(), greatest);
  }
  return greatest;
}

double Sum(std::span<const float> values) {
  constexpr size_t kLanes = 16;
  std::array<float, kLanes> lanes{};
  size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane];
  }
  double sum = 0;
  for (; i < values.size(); ++i) sum += static_cast<double>(values[i]);
  for (float lane : lanes) sum += static_cast<double>(lane);
  return sum;
}

}  // namespace

void TokenHistory::AddPrompt(std::span<const int32_t> tokens) {
  for (int32_t token : tokens) generated_counts_.try_emplace(token, 0);
}

float FastExp(float x) {
  // x = n ln 2 + r with |r| <= ln 2 / 2; adding 1.5 * 2^23 leaves n in the low bits of the sum.
  constexpr float kRoundToInt = 12582912.0f;
  const float shifted = x * 1.44269504f + kRoundToInt;
  const float n = shifted - kRoundToInt;
  const float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  // Taylor's series to the sixth power: the rest is below 1.2e-7 for such r.
  float poly = 1.0f / 720;
  poly = poly * r + 1.0f / 120;
  poly = poly * r + 1.0f / 24;
  poly = poly * r + 1.0f / 6;
  poly = poly * r + 0.5f;
  poly = poly * r + 1.0f;
  poly = poly * r + 1.0f;
  // For -88, n is -127: a power of two with the bits of 0.
  const uint32_t exponent = (std::bit_cast<uint32_t>(shifted) - 0x4B400000u + 127u) << 23;
  return poly * std::bit_cast<float>(exponent);
}

int32_t Argmax(std::span<const float> logits) {
  const float greatest = FiniteGreatest(logits);
  return static_cast<int32_t>(std::find(logits.begin(), logits.end(), greatest) - logits.begin());
}

bool Sampler::Candidate::operator<(const Candidate& other) const {
  return weight != other.weight ? weight > other.weight : token < other.token;
}

int32_t Sampler::Sample(std::span<const float> logits, const SamplingParams& params,
                        const TokenHistory& history, uint64_t index,
                        std::span<const int32_t> banned) {
  RETORT_CHECK(!logits.empty());
  const std::span<const float> row = Adjust(logits, params, history, banned);
  if (params.temperature == 0) return Argmax(row);
  ComputeWeights(row, params.temperature);
  const double uniform = RandomUniform(params.seed, index);
  const auto min_weight = static_cast<float>(params.min_p);
  if (params.top_k > 0 || params.top_p < 1) {
    KeepMostLikely(params);
    std::erase_if(candidates_, [&](const Candidate& c) { return c.weight < min_weight; });
  } else if (min_weight > 0) {
    CollectFrom(min_weight);
  } else {
    return DrawFromAll(uniform);
  }
  return DrawFromCandidates(uniform);
}

// The logits with bias, penalties and bans; themselves if there are none.
std::span<const float> Sampler::Adjust(std::span<const float> logits, const SamplingParams& params,
                                       const TokenHistory& history,
                                       std::span<const int32_t> banned) {
  const bool penalizes = params.repetition_penalty != 1 || params.presence_penalty != 0 ||
                         params.frequency_penalty != 0;
  if (!penalizes && params.logit_bias.empty() && banned.empty()) return logits;
  adjusted_.assign(logits.begin(), logits.end());
  // Prompts, biases and bans may name tokens beyond those that may be sampled.
  const auto outside = [&](int32_t token) { return static_cast<size_t>(token) >= logits.size(); };
  for (const auto& [token, bias] : params.logit_bias) {
    if (!outside(token)) adjusted_[static_cast<size_t>(token)] += static_cast<float>(bias);
  }
  for (const auto& [token, count] : history.generated_counts()) {
    if (!penalizes || outside(token)) continue;
    double logit = static_cast<double>(adjusted_[static_cast<size_t>(token)]);
    logit = logit > 0 ? logit / params.repetition_penalty : logit * params.repetition_penalty;
    if (count > 0) logit -= params.presence_penalty + count * params.frequency_penalty;
    adjusted_[static_cast<size_t>(token)] = static_cast<float>(logit);
  }
  for (int32_t token : banned) {
    if (outside(token)) continue;
    adjusted_[static_cast<size_t>(token)] = -std::numeric_limits<float>::infinity();
  }
  return adjusted_;
}

void Sampler::ComputeWeights(std::span<const float> logits, double temperature) {
  const float greatest = FiniteGreatest(logits);
  const auto inverse = static_cast<float>(1 / std::max(temperature, kLeastTemperature));
  weights_.resize(logits.size());
  blocks_.clear();
  total_ = 0;
  for (size_t begin = 0; begin < logits.size(); begin += kBlock) {
    const size_t end = std::min(begin + kBlock, logits.size());
    // Two loops: a choice and FastExp in one would keep compilers from making vector code.
    for (size_t i = begin; i < end; ++i) {
      const float exponent = (logits[i] - greatest) * inverse;
      weights_[i] = exponent < kLeastExponent ? kLeastExponent : exponent;
    }
    for (size_t i = begin; i < end; ++i) weights_[i] = FastExp(weights_[i]);
    const std::span<const float> block = std::span(weights_).subspan(begin, end - begin);
    blocks_.push_back({.sum = Sum(block), .greatest = Greatest(block)});
    total_ += blocks_.back().sum;
  }
  if (!std::isfinite(total_)) {
    Fail(ErrorCode::kInternal,
         "the model gave a logit that is not a number: its weights may be "
         "damaged");
  }
}

// Leaves in candidates_ what top-k and top-p keep, by id.
void Sampler::KeepMostLikely(const SamplingParams& params) {
  const auto k = params.top_k > 0 ? std::min(static_cast<size_t>(params.top_k), weights_.size())
                                  : weights_.size();
  // Usually a few hundred tokens hold nearly everything, so look at ever less likely ones until
  // enough are there.
  for (float least : {1e-3f, 1e-6f, kLeastWeight}) {
    CollectFrom(least);
    if (params.top_k > 0 ? candidates_.size() >= k : CandidateMass() >= params.top_p * total_) {
      break;
    }
  }
  const auto first = candidates_.begin();
  if (candidates_.size() > k) {
    std::nth_element(first, first + static_cast<std::ptrdiff_t>(k), candidates_.end());
    candidates_.resize(k);
  }
  if (params.top_p < 1) KeepTopP(params.top_p * (params.top_k > 0 ? CandidateMass() : total_));
  // Collecting once more, down to the last one kept, puts them in order of id without a sort.
  const Candidate last = *std::max_element(candidates_.begin(), candidates_.end());
  CollectFrom(last.weight);
  std::erase_if(candidates_, [&](const Candidate& candidate) { return last < candidate; });
}

// Keeps the fewest best candidates whose weights reach `target`: quickselect by weight instead of
// by count, so flat distributions over a whole vocabulary need no sort.
void Sampler::KeepTopP(double target) {
  size_t low = 0;  // [0, low) weighs less than target, [0, high) reaches it
  size_t high = candidates_.size();
  double low_mass = 0;
  const auto at = [&](size_t i) { return candidates_.begin() + static_cast<std::ptrdiff_t>(i); };
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    std::nth_element(at(low), at(middle), at(high));
    double mass = 0;
    for (size_t i = low; i < middle; ++i) mass += static_cast<double>(candidates_[i].weight);
    if (low_mass + mass >= target) {
      high = middle;
    } else {
      low_mass += mass;
      low = middle;
    }
  }
  candidates_.resize(high);
}

void Sampler::CollectFrom(float least_weight) {
  candidates_.clear();
  for (size_t block = 0; block < blocks_.size(); ++block) {
    if (blocks_[block].greatest < least_weight) continue;
    const size_t end = std::min((block + 1) * kBlock, weights_.size());
    for (size_t i = block * kBlock; i < end; ++i) {
      if (weights_[i] < least_weight) continue;
      candidates_.push_back({.weight = weights_[i], .token = static_cast<int32_t>(i)});
    }
  }
}

double Sampler::CandidateMass() const {
  double mass = 0;
  for (const Candidate& candidate : candidates_) mass += static_cast<double>(candidate.weight);
  return mass;
}

int32_t Sampler::DrawFromAll(double uniform) const {
  double rest = uniform * total_;
  size_t block = 0;  // the last one with any weight, should rounding leave a crumb after it
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].sum == 0) continue;
    block = i;
    if (rest < blocks_[i].sum) break;
    rest -= blocks_[i].sum;
  }
  const size_t end = std::min((block + 1) * kBlock, weights_.size());
  size_t last_possible = 0;
  for (size_t i = block * kBlock; i < end; ++i) {
    if (weights_[i] == 0) continue;
    last_possible = i;
    rest -= static_cast<double>(weights_[i]);
    if (rest < 0) break;
  }
  return static_cast<int32_t>(last_possible);
}

int32_t Sampler::DrawFromCandidates(double uniform) const {
  double rest = uniform * CandidateMass();
  for (const Candidate& candidate : candidates_) {
    rest -= static_cast<double>(candidate.weight);
    if (rest < 0) return candidate.token;
  }
  return candidates_.back().token;
}

}  // namespace retort
