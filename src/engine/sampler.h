// Chooses the next token from a row of logits. A pure function of the logits, the parameters, the
// request's own tokens and (seed, index): neighbours in the batch cannot change it.
//
//   Sampler sampler;                       // keeps work space for one row
//   TokenHistory history;                  // one per request
//   history.AddPrompt(prompt);
//   int32_t token = sampler.Sample(logits, params, history, /*index=*/0);
//   history.AddGenerated(token);
//
// Order: what is not allowed is left out, logit bias, repetition, frequency and presence penalty,
// temperature, top-k, top-p, min-p, draw. top-p keeps the fewest most likely tokens that reach its
// share of what top-k left; equal probabilities are ranked by token id. The draw walks the kept
// tokens by id.
//
// Most of a vocabulary is so unlikely that a bound on its share settles what is kept; exponentials
// are computed of the rest, and of all where the bound leaves a doubt. Where many tokens are
// likely, top-p is FlatTopP's. Errors: kInternal when no logit is a finite number. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/flat_top_p.h"
#include "engine/logit_adjustment.h"
#include "engine/logit_loops.h"
#include "engine/ranked_token.h"
#include "engine/request.h"

namespace retort {

class Sampler {
 public:
  explicit Sampler(const LogitLoops& loops = BestLogitLoops()) : loops_(&loops), flat_(loops) {}

  // logits [V]: the tokens that may be sampled, within `limits`.
  int32_t Sample(std::span<const float> logits, const SamplingParams& params,
                 const TokenHistory& history, uint64_t index, const TokenLimits& limits = {});

 private:
  struct Bounds {
    double least = 0, most = 0;
  };

  void Begin(std::span<const float> logits, double temperature);
  float Weigh(size_t block);
  void WeighAll();
  Bounds TotalMass() const;
  bool IsFlat() const;
  void KeepMostLikely(const SamplingParams& params);
  void KeepTopK(size_t k);
  bool KeepTopP(double top_p);
  void Collect(float least, float below, float least_weighed);
  void OrderById();
  double CandidateMass(size_t begin) const;
  int32_t DrawFromAll(double uniform);
  int32_t DrawFromCandidates(double uniform) const;

  const LogitLoops* loops_;
  std::vector<float> adjusted_;               // [V]
  std::span<const float> logits_;             // [V] those to draw from, during a call
  std::vector<float> greatest_of_;            // each block's greatest logit
  float greatest_ = 0, scale_ = 1;            // weight = 2^((logit - greatest) * scale)
  std::vector<std::optional<float>> sums_;    // each block's weights, where computed
  std::array<float, kLogitBlock> weights_{};  // of the block weighed last
  std::vector<RankedToken> candidates_;       // kept by top-k, top-p, min-p; in bands, each by id
  std::vector<size_t> bands_;                 // where each band begins
  LastKeptFinder finder_;
  FlatTopP flat_;
};

// The greatest logit's id, the lowest of equals; logits [V], V >= 1.
int32_t Argmax(std::span<const float> logits);

}  // namespace retort
