#include "engine/logit_adjustment.h"

#include <limits>

namespace retort {

void TokenHistory::AddPrompt(std::span<const int32_t> tokens) {
  for (int32_t token : tokens) generated_counts_.try_emplace(token, 0);
}

std::span<const float> AdjustLogits(std::span<const float> logits, const SamplingParams& params,
                                    const TokenHistory& history, std::span<const int32_t> banned,
                                    std::vector<float>& adjusted) {
  const bool penalizes = params.repetition_penalty != 1 || params.presence_penalty != 0 ||
                         params.frequency_penalty != 0;
  if (!penalizes && params.logit_bias.empty() && banned.empty()) return logits;
  adjusted.assign(logits.begin(), logits.end());
  // Prompts, biases and bans may name tokens beyond those that may be sampled.
  const auto outside = [&](int32_t token) { return static_cast<size_t>(token) >= logits.size(); };
  for (const auto& [token, bias] : params.logit_bias) {
    if (!outside(token)) adjusted[static_cast<size_t>(token)] += static_cast<float>(bias);
  }
  for (const auto& [token, count] : history.generated_counts()) {
    if (!penalizes || outside(token)) continue;
    double logit = static_cast<double>(adjusted[static_cast<size_t>(token)]);
    logit = logit > 0 ? logit / params.repetition_penalty : logit * params.repetition_penalty;
    if (count > 0) logit -= params.presence_penalty + count * params.frequency_penalty;
    adjusted[static_cast<size_t>(token)] = static_cast<float>(logit);
  }
  for (int32_t token : banned) {
    if (outside(token)) continue;
    adjusted[static_cast<size_t>(token)] = -std::numeric_limits<float>::infinity();
  }
  return adjusted;
}

}  // namespace retort
