#include "math/evaluator.h"

#include "base/rng.h"
#include "math/functions.h"

namespace retort {

template <typename Real>
auto Evaluator<Real>::Sum(const Polynomial& terms, Real* magnitudes) -> Value {
  Number sum;
  for (const auto& [monomial, coefficient] : terms) {
    if (!budget_.Spend(Steps<Real>::kTerm + BitsOf(coefficient) / 128)) return std::nullopt;
    Number term{ToReal<Real>(coefficient), 0};
    for (const auto& [atom, exponent] : monomial) {
      const Value base = AtomValue(*atom);
      const Value factor = base ? elementary_.RationalPower(*base, exponent) : std::nullopt;
      if (!factor) return std::nullopt;
      term = term * *factor;
    }
    sum = sum + term;
    if (magnitudes != nullptr) *magnitudes += Magnitude(term);
  }
  return IsFinite(sum) ? Value(sum) : std::nullopt;
}

template <typename Real>
auto Evaluator<Real>::Of(const Form& form) -> Value {
  const Value above = Sum(form.above());
  if (!above || form.IsPolynomial()) return above;
  const Value below = Sum(form.below());
  if (!below || Magnitude(*below) < Tiny<Real>()) return std::nullopt;
  return *above / *below;
}

template <typename Real>
auto Evaluator<Real>::AtomValue(const Atom& atom) -> Value {
  const auto known = values_.find(atom.key);
  if (known != values_.end()) return known->second;
  Value value = Compute(atom);
  if (value && !IsFinite(*value)) value.reset();
  values_[atom.key] = value;
  return value;
}

template <typename Real>
auto Evaluator<Real>::Compute(const Atom& atom) -> Value {
  switch (atom.kind) {
    case Atom::Kind::kPrime:
      return Number{Real(atom.prime), 0};
    case Atom::Kind::kImaginary:
      return Number{0, 1};
    case Atom::Kind::kPi:
      return Number{mp::acos(Real(-1)), 0};
    case Atom::Kind::kEuler:
      return Number{mp::exp(Real(1)), 0};
    case Atom::Kind::kInfinity:
      return std::nullopt;
    case Atom::Kind::kVariable:
      return Variable(atom);
    case Atom::Kind::kPower:
      return elementary_.Power(Of(atom.arguments[0]), Of(atom.arguments[1]));
    case Atom::Kind::kFunction:
      return Function(atom);
  }
  return std::nullopt;
}

template <typename Real>
auto Evaluator<Real>::Variable(const Atom& atom) -> Value {
  if (variables_ == nullptr) return Generic(atom.key);
  const auto given = variables_->find(atom.name);
  if (given == variables_->end()) return {};
  return Number{ToReal<Real>(given->second), 0};
}

// A fraction between 1/7 and 4 in magnitude that depends on the name and the point alone:
// positive at the first three points, negative at the next, of either sign at the others.
template <typename Real>
auto Evaluator<Real>::Generic(const std::string& name) -> Value {
  uint64_t hash = static_cast<uint64_t>(point_) + 1;
  for (const char c : name) hash = Mix64(hash ^ static_cast<unsigned char>(c));
  const Real magnitude = Real(1429 + static_cast<int64_t>(hash % 28'561)) / Real(10'007);
  const bool negative = point_ == 3 || (point_ > 3 && (hash >> 40) % 2 == 0);
  return Number{negative ? Real(-magnitude) : magnitude, 0};
}

template <typename Real>
auto Evaluator<Real>::Function(const Atom& atom) -> Value {
  std::vector<Number> arguments;
  for (const Form& argument : atom.arguments) {
    const Value value = Of(argument);
    if (!value) return {};
    arguments.push_back(*value);
  }
  const std::string& name = atom.name;
  if (!arguments.empty() && KindOf(name) == FunctionKind::kOfSeveral) {
    return elementary_.OfSeveral(name, arguments);
  }
  if (arguments.size() != 1) return Unknown(atom);
  const Number& x = arguments[0];
  switch (KindOf(name)) {
    case FunctionKind::kTrigonometric:
      return elementary_.Trigonometric(name, x);
    case FunctionKind::kHyperbolic:
      return elementary_.Hyperbolic(name, x);
    case FunctionKind::kInverse:
      return elementary_.Inverse(name, x);
    case FunctionKind::kStep:
      return elementary_.Step(name, x);
    default:
      if (name == "ln") return elementary_.Log(x);
      if (name == "abs") return Number{Magnitude(x), 0};
      return Unknown(atom);
  }
}

// A function that is not known has some value of its own at every argument. Good for comparing,
// but it is not its value.
template <typename Real>
auto Evaluator<Real>::Unknown(const Atom& atom) -> Value {
  return variables_ == nullptr ? Generic(atom.key) : Value{};
}

template class Evaluator<Real50>;
template class Evaluator<Real100>;

}  // namespace retort
