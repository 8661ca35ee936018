// What a model makes of given tokens: negative log-likelihoods, predictions, logits. The instrument
// of every exactness test; it steps the model itself, without the engine.
//
//   ScoreResult r = Score(model->language_model(), {.ids = ids, .greedy_tokens = 16});
//
// Errors: kInvalidArgument naming field, value and range; kResourceExhausted with figures when the
// tokens do not fit into the model's context. Not thread-safe: owns the model's cache meanwhile.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "model/language_model.h"

namespace retort {

struct ScoreRequest {
  std::vector<int32_t> ids = {};        // [N], at least one
  std::vector<int32_t> probe_ids = {};  // tokens whose logits are wanted at the last position
  RowRole role = RowRole::kPrompt;      // prompt: in chunks; generated: one token at a time
  int32_t greedy_tokens = 0;            // continue with the most likely token so many times
};

struct ScoreResult {
  std::vector<double> nll;      // [N - 1] -log p(ids[i + 1] | ids[.. i])
  double mean_nll = 0;          // 0 for a single token
  std::vector<int32_t> argmax;  // [N] the most likely token after ids[.. i]; ties: lowest id
  // At the last position: the 64 greatest logits, those of probe_ids, and log(sum(exp(logits))).
  std::vector<std::pair<int32_t, float>> top;
  std::vector<float> probe_logits;
  double logsumexp = 0;
  std::vector<int32_t> greedy;  // [greedy_tokens]
};

ScoreResult Score(LanguageModel& model, const ScoreRequest& request);

struct Perplexity {
  double perplexity = 0;      // exp(mean_nll)
  double standard_error = 0;  // of the perplexity, taking predictions as independent
  double mean_nll = 0;
  int64_t tokens = 0;  // predicted
};

// Cuts `ids` into windows of `window` tokens (at least 2) that do not overlap and predicts all but
// the first token of each.
Perplexity MeasurePerplexity(LanguageModel& model, std::span<const int32_t> ids, int32_t window,
                             RowRole role);

}  // namespace retort
