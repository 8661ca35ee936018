// Models of several stored runs as one comparison, as far as their figures can stand beside each
// other.
//
//   Comparison merged = MergeRuns({LoadComparison(...), LoadComparison(...)}, command);
//
// Accuracy: on the problems that all runs asked, where seed, temperature, top-p, --max-tokens and
// --think-budget are equal; the machine does not matter. Speed, memory and cold starts: on the same
// kind of machine, with equal backend, threads, instruction set and speed settings; tests that only
// some runs took are left out. What cannot be compared is left out of the result, and its notes say
// why and what else a reader must know (other times, other versions). Errors: kInvalidArgument with
// all reasons where nothing can be compared, or where there are fewer than two models. Stateless
// and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "lab/compare/comparison.h"

namespace retort {

Comparison MergeRuns(const std::vector<Comparison>& runs, const std::string& command);

}  // namespace retort
