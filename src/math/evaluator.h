// The value of a form at one point, in floating point.
//
//   Budget budget;
//   Evaluator<Real100>(0, budget).Of(form)      // at the first point: some value for x
//   Evaluator<Real100>(0, budget, &variables)   // where x is what `variables` says
//
// Nothing where a form has no value there, or once the budget is spent. Belongs to one
// thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "math/elementary.h"
#include "math/form.h"

namespace retort {

// Keeps the values of atoms, since they recur.
template <typename Real>
class Evaluator {
 public:
  using Number = Complex<Real>;
  using Value = std::optional<Number>;

  // With `variables`, values are the true ones; without, variables
  // and unknown functions have values that depend on their names and the point.
  Evaluator(int point, Budget& budget, const VariableValues* variables = nullptr)
      : point_(point), budget_(budget), elementary_(budget), variables_(variables) {}

  // The sum, and the sum of the terms' magnitudes.
  Value Sum(const Polynomial& terms, Real* magnitudes = nullptr);
  Value Of(const Form& form);

 private:
  Value AtomValue(const Atom& atom);
  Value Compute(const Atom& atom);
  Value Variable(const Atom& atom);
  Value Generic(const std::string& name);
  Value Function(const Atom& atom);
  Value Unknown(const Atom& atom);

  int point_;
  Budget& budget_;
  Elementary<Real> elementary_;
  const VariableValues* variables_;
  std::map<std::string, Value> values_;
};

extern template class Evaluator<Real50>;
extern template class Evaluator<Real100>;

}  // namespace retort
