// Draws from what top-p keeps where many tokens are likely, so that ordering what is kept, or even
// listing it, would take most of the time: at the first word of an answer, at high temperatures.
//
//   FlatTopP flat(loops);                                    // keeps work space for one row
//   int32_t token = flat.Sample(logits, greatest_of, scale, /*top_p=*/0.95, uniform);
//
// Of a sample of the row it is guessed between which logits the last token lies that is kept. One
// pass then weighs all tokens, adds up what lies above and lists what lies between, a few in a
// hundred: only these are ranked. A guess that proves wrong costs another pass, never a token.
// Errors: none. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/logit_loops.h"
#include "engine/ranked_token.h"

namespace retort {

// A token that stands for others like it.
struct SampledLogit {
  float logit;
  float mass;       // of all that it stands for
  float deviation;  // of that, if others had been sampled: 0 where it stands for itself alone
};

// Where the logits end that make up so much of the mass, from the least on: very likely, but not
// certainly, in the range. Leaves of the sample what lies in it.
LogitRange GuessWhereMassEnds(std::vector<SampledLogit>& sample, double mass);

class FlatTopP {
 public:
  explicit FlatTopP(const LogitLoops& loops) : loops_(&loops) {}

  // logits [V], the greatest of each block of them; a token's probability over that of the most
  // likely one is 2^((logit - greatest) * scale). `uniform` in [0, 1) says which of those kept, by
  // id.
  int32_t Sample(std::span<const float> logits, std::span<const float> greatest_of, float scale,
                 double top_p, double uniform);

 private:
  void TakeSample(std::span<const float> greatest_of);
  void AddToSample(std::span<const float> logits, float stands_for);
  void Split(const LogitRange& range);
  RankedToken LastKept(double top_p);
  void CountKept(const RankedToken& last);
  int32_t Draw(const RankedToken& last, double uniform);
  std::span<const float> Block(size_t block) const;

  const LogitLoops* loops_;
  std::span<const float> logits_;  // [V] during a call, like the next two
  float greatest_ = 0, scale_ = 1;
  std::vector<SampledLogit> sample_;
  double sample_mass_ = 0;
  LogitRange range_;                         // of the candidates
  std::span<const RankedToken> candidates_;  // those in it
  std::vector<RankedToken> work_space_;
  std::vector<double> masses_;  // each block's, above the range; at last what is kept
  double mass_ = 0, mass_above_ = 0, mass_in_ = 0;  // of the row: all, above the range, in it
  LastKeptFinder finder_;
};

}  // namespace retort
