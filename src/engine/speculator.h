// Which drafts a step of decoding sequences computes: a Drafter for each sequence proposes, a
// DraftPolicy decides how many pay.
//
//   Speculator speculator({.most = 8});
//   auto drafts = speculator.Propose({{.sequence = &sequence, .most = 20}});
//   ... the step; then
//   speculator.Learn({.rows = 1, .drafts = 3, .accepted = 2, .seconds = 0.04});
//   speculator.Forget(sequence.id);
//
// Tokens that are forced anyway are drafts that cannot be wrong. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/draft_policy.h"
#include "engine/drafter.h"
#include "engine/sequence.h"

namespace retort {

struct SpeculatorOptions {
  int32_t most = 0;     // drafts of a sequence in a step
  bool always = false;  // whether they pay or not
};

// A sequence that decodes.
struct DraftWish {
  const Sequence* sequence = nullptr;
  int32_t most = 0;                  // drafts that its limits leave room for
  std::vector<int32_t> forced = {};  // what comes next, if that is known
};

class Speculator {
 public:
  explicit Speculator(const SpeculatorOptions& options) : options_(options) {}

  // Drafts for each of them, in order. They are all that the step computes.
  std::vector<std::vector<int32_t>> Propose(std::span<const DraftWish> wishes);
  void Learn(const DraftOutcome& outcome) { policy_.Learn(outcome); }
  void Forget(int64_t sequence_id) { drafters_.erase(sequence_id); }

  const SpeculatorOptions& options() const { return options_; }

 private:
  Draft DraftFor(const DraftWish& wish);

  SpeculatorOptions options_;
  DraftPolicy policy_;
  std::map<int64_t, Drafter> drafters_;  // by sequence id
};

}  // namespace retort
