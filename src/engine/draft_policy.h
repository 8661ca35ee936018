// How many drafted tokens a step should compute: as many as promise the most tokens per second, and
// none unless that is more than without. It may look at the clock, since it decides how fast tokens
// come and never which.
//
//   DraftPolicy policy;
//   policy.Learn({.rows = 1, .seconds = 0.030});
//   // One sequence decodes; its three drafts will be reached and right with these chances.
//   policy.Choose(/*rows=*/1, {{0.9, 0.8, 0.7}});   // {3}, or fewer, or none
//   policy.Learn({.rows = 1, .drafts = 3, .accepted = 2, .seconds = 0.041});
//
// Steps without drafts are the measure: the first of each number of rows has none, nor has one in
// kMostInARow. From there on a step has at most twice as many rows as have been
// measured: where rows become dear depends on how many a kernel takes at once. What is expected may
// be wrong, so that there is an account, too, in steps without drafts: each step adds kAllowance,
// what drafts gain is added, what they lose subtracted, and drafts that would overdraw it if all
// were wrong are not computed. So they never cost more than kAllowance of the time, and
// kFirstCredit steps once. Where steps with drafts are too expensive they end, until StepCosts
// forgets what they cost: later and later, while that does not change.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/step_costs.h"

namespace retort {

// What a step of decoding sequences took.
struct DraftOutcome {
  int32_t rows = 0;      // without drafts: sequences
  int32_t drafts = 0;    // rows more
  int32_t accepted = 0;  // tokens more
  double seconds = 0;
};

class DraftPolicy {
 public:
  static constexpr double kAllowance = 0.01;
  static constexpr double kFirstCredit = 1.5;
  static constexpr int64_t kMostInARow = 32;

  // How many drafts of each of the `rows` sequences; chances[i][j]: of draft j of sequence i, that
  // it and those before it are right.
  std::vector<int32_t> Choose(int32_t rows, std::span<const std::vector<double>> chances);
  // To be called after each step of decoding sequences, with drafts or without.
  void Learn(const DraftOutcome& outcome);

  const StepCosts& costs() const { return costs_; }

 private:
  int32_t BestCount(int32_t rows, std::span<const double> falling_chances) const;

  StepCosts costs_;
  double credit_ = kFirstCredit;  // in steps without drafts
  int64_t steps_in_a_row_ = 0;    // with drafts
};

}  // namespace retort
