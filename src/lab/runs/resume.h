// Whether a stored comparison can go on: its answers and timings may only be joined by such as the
// same program would have measured then.
//
//   std::vector<std::string> reasons = ReasonsNotToResume(stored, PrepareComparison(...));
//   if (reasons.empty()) Continue(stored, fresh);     // stored may be measured further
//
// Errors: none. Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "lab/compare/comparison.h"

namespace retort {

// One for each thing that differs: version, machine, a setting, a model's file, the problems.
// `fresh`: what would be measured now, with its models identified.
std::vector<std::string> ReasonsNotToResume(const Comparison& stored, const Comparison& fresh);

// Makes a loaded comparison one that MeasureComparison goes on with: exact answers to grade by,
// files where they are now, and another attempt for models that failed.
void Continue(Comparison& stored, const Comparison& fresh);

// "41 of 120 answers, 18 timings"
std::string ProgressText(const Comparison& comparison);

}  // namespace retort
