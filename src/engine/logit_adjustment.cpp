#include "engine/logit_adjustment.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/error.h"

namespace retort {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();
constexpr size_t kWord = 64;

// Of the tokens from 64 * `word` on, those that may come and have a logit.
uint64_t WordOf(std::span<const uint64_t> allowed, size_t word, size_t num_logits) {
  if (word >= allowed.size()) return 0;
  const size_t size = std::min(kWord, num_logits - word * kWord);
  return size == kWord ? allowed[word] : allowed[word] & ((uint64_t{1} << size) - 1);
}

// Writes the logits of the tokens that may come; how many there are.
size_t CopyAllowed(std::span<const float> logits, std::span<const uint64_t> allowed,
                   std::vector<float>& out) {
  out.assign(logits.size(), kNever);
  size_t count = 0;
  for (size_t word = 0; word * kWord < logits.size(); ++word) {
    uint64_t bits = WordOf(allowed, word, logits.size());
    count += static_cast<size_t>(std::popcount(bits));
    if (bits == ~uint64_t{0}) {
      std::copy_n(logits.data() + word * kWord, kWord, out.data() + word * kWord);
      continue;
    }
    for (; bits != 0; bits &= bits - 1) {
      const size_t token = word * kWord + static_cast<size_t>(std::countr_zero(bits));
      out[token] = logits[token];
    }
  }
  return count;
}

}  // namespace

void TokenHistory::AddPrompt(std::span<const int32_t> tokens) {
  for (int32_t token : tokens) generated_counts_.try_emplace(token, 0);
}

std::span<const float> AdjustLogits(std::span<const float> logits, const SamplingParams& params,
                                    const TokenHistory& history, const TokenLimits& limits,
                                    std::vector<float>& adjusted) {
  const bool penalizes = params.repetition_penalty != 1 || params.presence_penalty != 0 ||
                         params.frequency_penalty != 0;
  const bool constrained = !limits.allowed.empty();
  if (!penalizes && params.logit_bias.empty() && limits.banned.empty() && !constrained) {
    return logits;
  }
  size_t possible = logits.size();
  if (constrained) {
    possible = CopyAllowed(logits, limits.allowed, adjusted);
  } else {
    adjusted.assign(logits.begin(), logits.end());
  }
  if (possible == 0) {
    Fail(ErrorCode::kUnsupported,
         "none of the {} tokens may come next: the vocabulary cannot spell what the grammar wants",
         logits.size());
  }
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
  const auto may_come = [&](int32_t token) {
    if (outside(token)) return false;
    const auto at = static_cast<size_t>(token);
    return !constrained || ((WordOf(limits.allowed, at / kWord, logits.size()) >> at % kWord) & 1);
  };
  const auto banned =
      static_cast<size_t>(std::count_if(limits.banned.begin(), limits.banned.end(), may_come));
  if (constrained && banned >= possible) return adjusted;
  for (int32_t token : limits.banned) {
    if (!outside(token)) adjusted[static_cast<size_t>(token)] = kNever;
  }
  return adjusted;
}

}  // namespace retort
