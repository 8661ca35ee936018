// Sampling the plain way, for tests of the Sampler: every probability in double, a full sort.
//
//   const std::vector<float> logits = RandomLogits(60, /*seed=*/1, /*spread=*/1.0);
//   PlainProbabilities(logits, params, history).probabilities[token];
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/rng.h"
#include "engine/sampler.h"

namespace retort {

// Logits like a model's: most near 0, a few far above.
inline std::vector<float> RandomLogits(size_t size, uint64_t seed, double spread) {
  Rng rng(seed);
  std::vector<float> logits(size);
  for (float& logit : logits) {
    const double u = std::max(rng.Uniform(), 1e-12);
    logit = static_cast<float>(spread * (-std::log(u) - 1));
  }
  return logits;
}

struct PlainDistribution {
  std::vector<double> probabilities;  // [V]; 0 for what was left out
  double margin = 1;                  // how close a decision of top-p was to falling the other way
};

inline PlainDistribution PlainProbabilities(const std::vector<float>& logits,
                                            const SamplingParams& params,
                                            const TokenHistory& history) {
  const size_t size = logits.size();
  std::vector<double> x(logits.begin(), logits.end());
  for (const auto& [token, bias] : params.logit_bias) x[static_cast<size_t>(token)] += bias;
  for (const auto& [token, count] : history.generated_counts()) {
    double& logit = x[static_cast<size_t>(token)];
    logit = logit > 0 ? logit / params.repetition_penalty : logit * params.repetition_penalty;
    logit -= count > 0 ? params.presence_penalty + count * params.frequency_penalty : 0;
  }
  std::vector<double> p(size);
  const double greatest = *std::max_element(x.begin(), x.end());
  for (size_t i = 0; i < size; ++i) p[i] = std::exp((x[i] - greatest) / params.temperature);
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] > p[b]; });
  size_t keep = size;
  if (params.top_k > 0) keep = std::min(keep, static_cast<size_t>(params.top_k));
  double total = 0;
  for (size_t i = 0; i < keep; ++i) total += p[order[i]];
  PlainDistribution result;
  if (params.top_p < 1) {
    double mass = 0;
    size_t n = 0;
    while (n < keep && mass < params.top_p * total) {
      mass += p[order[n++]];
      result.margin = std::min(result.margin, std::abs(mass / total - params.top_p));
    }
    keep = n;
  }
  result.probabilities.assign(size, 0);
  double kept = 0;
  for (size_t i = 0; i < keep; ++i) {
    if (p[order[i]] < params.min_p) continue;
    result.probabilities[order[i]] = p[order[i]];
    kept += p[order[i]];
  }
  for (double& probability : result.probabilities) probability /= kept;
  return result;
}

}  // namespace retort
