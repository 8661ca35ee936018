// For tests: solves generated problems from the numbers in their texts, by other means than the
// generators.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace retort {

// From the numbers of a text, in order, to the answer.
using Solver = std::function<double(const std::vector<double>& numbers)>;

// By Problem::kind. Kinds whose texts hold formulas are checked elsewhere.
const std::map<std::string, Solver>& AlgebraSolvers();
const std::map<std::string, Solver>& GeometrySolvers();
const std::map<std::string, Solver>& WordSolvers();

}  // namespace retort
