#include "math/numeric.h"

#include "math/evaluator.h"

namespace retort {
namespace {

constexpr int kPoints = 6;

enum class AtPoint { kZero, kNotZero, kNotReal, kUnknown };

// The difference of two sides at one point.
template <typename Real>
AtPoint Judge(const Form& a, const Form& b, const Form& difference, int point, bool constant,
              Budget& budget) {
  Evaluator<Real> evaluator(point, budget);
  const std::optional<Complex<Real>> left = evaluator.Of(a);
  const std::optional<Complex<Real>> right = evaluator.Of(b);
  if (!left || !right) return AtPoint::kUnknown;
  Real scale = 0;
  const std::optional<Complex<Real>> value = evaluator.Sum(difference.above(), &scale);
  if (!value || !mp::isfinite(scale)) return AtPoint::kUnknown;
  const Real small = Tiny<Real>() * 10;
  const auto is_real = [&](const Complex<Real>& x) {
    return mp::abs(x.im) <= small * Magnitude(x);
  };
  const bool real = constant || (is_real(*left) && is_real(*right));
  const Real threshold = scale * mp::pow(Real(10), -std::numeric_limits<Real>::digits10 * 17 / 20);
  if (Magnitude(*value) > threshold) return real ? AtPoint::kNotZero : AtPoint::kNotReal;
  return AtPoint::kZero;
}

}  // namespace

Equality CompareForms(const Form& a, const Form& b, Algebra& algebra) {
  if (!algebra.Spend(10 + a.KeySteps() + b.KeySteps())) return Equality::kUndecided;
  if (a.Key() == b.Key()) return Equality::kEqual;
  const Algebra::Result difference = algebra.Subtract(a, b);
  if (!difference) return Equality::kUndecided;
  if (difference->above().empty()) return Equality::kEqual;
  if (difference->AsRational()) return Equality::kDifferent;
  const bool constant = VariablesOf(a).empty() && VariablesOf(b).empty();
  Budget& budget = algebra.budget();
  int zeros = 0;
  int apart_but_complex = 0;
  const int points = constant ? 1 : kPoints;
  for (int point = 0; point < points; ++point) {
    AtPoint seen = Judge<Real50>(a, b, *difference, point, constant, budget);
    if (seen == AtPoint::kZero) {
      seen = Judge<Real100>(a, b, *difference, point, constant, budget);
    }
    if (!algebra.Spend(10)) return Equality::kUndecided;
    if (seen == AtPoint::kNotZero) return Equality::kDifferent;
    zeros += seen == AtPoint::kZero ? 1 : 0;
    apart_but_complex += seen == AtPoint::kNotReal ? 1 : 0;
  }
  // At least half of the points must speak for it, and none against it where nothing is real.
  if (zeros >= (points + 1) / 2 && (apart_but_complex == 0 || zeros >= 2)) return Equality::kEqual;
  return apart_but_complex > 0 ? Equality::kDifferent : Equality::kUndecided;
}

std::optional<Rational> Approximate(const Form& form, Algebra& algebra,
                                    const VariableValues& variables) {
  if (std::optional<Rational> value = form.AsRational()) return value;
  Evaluator<Real100> evaluator(0, algebra.budget(), &variables);
  const std::optional<Complex<Real100>> value = evaluator.Of(form);
  if (!value || mp::abs(value->re) > mp::pow(Real100(10), 60) ||
      mp::abs(value->im) > Tiny<Real100>()) {
    return std::nullopt;
  }
  const Real100 scaled = value->re * mp::pow(Real100(10), 60);
  return Rational(static_cast<Integer>(scaled), mp::pow(Integer(10), 60));
}

}  // namespace retort
