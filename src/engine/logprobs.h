// How likely the model held a token to be, and which ones it held likelier.
//
//   TokenLogprobs logprobs = ComputeLogprobs(logits, /*token=*/42, /*top=*/5);
//
// Taken from the model's own logits over its whole vocabulary, before logit bias, penalties,
// temperature and everything else that shapes a draw: a model's figures are comparable whatever the
// sampling was. Stateless and thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace retort {

struct TokenLogprob {
  int32_t token = 0;
  double logprob = 0;
  bool operator==(const TokenLogprob&) const = default;
};

// Of one place in an answer.
struct TokenLogprobs {
  TokenLogprob chosen = {};
  std::vector<TokenLogprob> top = {};  // the likeliest first; ties: lowest id
  bool operator==(const TokenLogprobs&) const = default;
};

// logits [V]; 0 <= token < V.
TokenLogprobs ComputeLogprobs(std::span<const float> logits, int32_t token, int32_t top);

}  // namespace retort
