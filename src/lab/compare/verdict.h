// What a comparison comes to, in plain words.
//
//   VerdictText verdict = DescribeVerdict(comparison, summary);
//   verdict.headline   // "big gets 42 % of the problems right, 14 points more than small (95 %
//                      // interval 8 to 20, p < 0.001), at 0.40 times its speed."
//
// A difference is claimed only where it is beyond chance: McNemar's exact test below 0.05 (Holm's
// correction with more than two models) for accuracy, a bootstrap interval without 1 for speed.
// Errors: none. Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "lab/compare/summary.h"
#include "lab/wording/wording.h"

namespace retort {

struct VerdictText {
  std::string headline;               // one sentence
  std::vector<std::string> advice;    // when to choose which
  std::vector<std::string> cautions;  // what keeps the figures from saying more
};

VerdictText DescribeVerdict(const Comparison& comparison, const Summary& summary,
                            const Wording& say = Wording());

}  // namespace retort
