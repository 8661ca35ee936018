// Solves the generated problems again, from their texts alone and by other means than the
// generators: by substituting back, by brute force, by simulation, by coordinates.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <set>

#include "lab/problems.h"
#include "lab/problems/formula_reader.h"
#include "lab/problems/solvers.h"

namespace retort {
namespace {

double ValueOf(const ExactValue& value) {
  return static_cast<double>(value.numerator) / static_cast<double>(value.denominator) *
         std::sqrt(static_cast<double>(value.radicand)) * (value.times_pi ? std::numbers::pi : 1);
}

bool Near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

// Kinds whose text holds formulas. Nothing if the kind is another one.
std::optional<bool> CheckFormulas(const Problem& problem) {
  const std::vector<std::string> formulas = FormulasIn(problem.question);
  Unknowns at;
  for (const AnswerPart& part : problem.answer.parts) {
    if (!part.name.empty()) at[part.name[0]] = ValueOf(part.value);
  }
  const double first = ValueOf(problem.answer.parts[0].value);
  if (problem.kind == "equation") {
    return !formulas.empty() && std::all_of(formulas.begin(), formulas.end(), [&](const auto& f) {
      return Near(Residual(f, at), 0);
    });
  }
  if (problem.kind == "expression") return Near(Evaluate(formulas.at(0), {}), first);
  if (problem.kind == "evaluate") {
    // "x = 9" and "2x + 1"
    const double x = -Residual(formulas.at(0), {{'x', 0}});
    return Near(Evaluate(formulas.at(1), {{'x', x}}), first);
  }
  if (problem.kind == "circle centre") {
    const double second = ValueOf(problem.answer.parts[1].value);
    const auto f = [&](double dx, double dy) {
      return Residual(formulas.at(0), {{'x', first + dx}, {'y', second + dy}});
    };
    return f(0, 0) < 0 && Near(f(1, 0), f(-1, 0)) && Near(f(0, 1), f(0, -1));
  }
  const bool roots = problem.kind == "root squares" || problem.kind == "root cubes";
  if (problem.kind != "quadratic" && !roots) return std::nullopt;
  const auto f = [&](double x) { return Residual(formulas.at(0), {{'x', x}}); };
  if (!roots) {
    const double second = ValueOf(problem.answer.parts.at(1).value);
    return first != second && Near(f(first), 0) && Near(f(second), 0);
  }
  const double b = (f(1) - f(-1)) / 2;
  const double root = std::sqrt(b * b - 4 * f(0));
  const double exponent = problem.kind == "root squares" ? 2 : 3;
  return Near(std::pow((-b + root) / 2, exponent) + std::pow((-b - root) / 2, exponent), first);
}

// The number of sides is in the shape's name.
double RegularPerimeter(const Problem& problem) {
  const std::pair<const char*, int> sides[] = {{"triangle", 3}, {"三", 3},       {"square", 4},
                                               {"正方", 4},     {"pentagon", 5}, {"五", 5},
                                               {"hexagon", 6},  {"六", 6}};
  for (const auto& [word, count] : sides) {
    if (problem.question.find(word) != std::string::npos) {
      return count * NumbersIn(problem.question).at(0);
    }
  }
  return NAN;
}

bool SolvesItself(const Problem& problem) {
  if (const std::optional<bool> checked = CheckFormulas(problem)) return *checked;
  const double answer = ValueOf(problem.answer.parts.at(0).value);
  if (problem.kind == "regular perimeter") return Near(RegularPerimeter(problem), answer);
  for (const auto* solvers : {&AlgebraSolvers(), &GeometrySolvers(), &WordSolvers()}) {
    const auto solver = solvers->find(problem.kind);
    if (solver != solvers->end()) return Near(solver->second(NumbersIn(problem.question)), answer);
  }
  ADD_FAILURE() << "no solver for " << problem.kind;
  return false;
}

TEST(Problems, AreSolvedByOtherMeansFromTheirTexts) {
  ProblemSpec spec;
  spec.count = 6000;
  for (const uint64_t seed : {1, 2}) {
    spec.seed = seed;
    std::set<std::string> kinds;
    for (const Problem& problem : GenerateProblems(spec)) {
      EXPECT_TRUE(SolvesItself(problem)) << problem.id << " " << problem.kind << "\n"
                                         << problem.question << "\n"
                                         << problem.answer_text;
      kinds.insert(problem.kind);
    }
    EXPECT_GT(kinds.size(), 70u);
  }
}

}  // namespace
}  // namespace retort
