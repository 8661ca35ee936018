#include "math/numeric.h"

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/rng.h"

namespace retort {
namespace {

namespace mp = boost::multiprecision;
using Real50 = mp::number<mp::cpp_bin_float<50>, mp::et_off>;
using Real100 = mp::number<mp::cpp_bin_float<100>, mp::et_off>;

constexpr int kPoints = 6;
constexpr int kMaxEvaluations = 400;    // elementary functions in one comparison
constexpr int kMaxMagnitude = 100'000;  // of an argument of exp, sin, ...

template <typename Real>
struct Complex {
  Real re = 0, im = 0;
  bool IsReal() const { return im == 0; }
};

template <typename Real>
Complex<Real> operator+(const Complex<Real>& a, const Complex<Real>& b) {
  return {a.re + b.re, a.im + b.im};
}
template <typename Real>
Complex<Real> operator-(const Complex<Real>& a, const Complex<Real>& b) {
  return {a.re - b.re, a.im - b.im};
}
template <typename Real>
Complex<Real> operator*(const Complex<Real>& a, const Complex<Real>& b) {
  if (a.IsReal() && b.IsReal()) return {a.re * b.re, 0};
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
template <typename Real>
Complex<Real> operator/(const Complex<Real>& a, const Complex<Real>& b) {
  if (b.IsReal()) return {a.re / b.re, a.im / b.re};
  const Real norm = b.re * b.re + b.im * b.im;
  return {(a.re * b.re + a.im * b.im) / norm, (a.im * b.re - a.re * b.im) / norm};
}
template <typename Real>
Real Magnitude(const Complex<Real>& a) {
  return a.IsReal() ? Real(mp::abs(a.re)) : Real(mp::sqrt(a.re * a.re + a.im * a.im));
}
template <typename Real>
bool IsFinite(const Complex<Real>& a) {
  return mp::isfinite(a.re) && mp::isfinite(a.im);
}

template <typename Real>
Real ToReal(const Rational& value) {
  return Real(Integer(numerator(value))) / Real(Integer(denominator(value)));
}

// Evaluates forms at one point. Values of atoms are kept, since they recur.
template <typename Real>
class Evaluator {
 public:
  using Number = Complex<Real>;
  using Value = std::optional<Number>;

  // With `variables`, values are the true ones; without, variables
  // and unknown functions have values that depend on their names and the point.
  Evaluator(int point, int& evaluations, const VariableValues* variables = nullptr)
      : point_(point), evaluations_(evaluations), variables_(variables) {}

  // The sum, and the sum of the terms' magnitudes.
  Value Sum(const Polynomial& terms, Real* magnitudes = nullptr) {
    Number sum;
    for (const auto& [monomial, coefficient] : terms) {
      Number term{ToReal<Real>(coefficient), 0};
      for (const auto& [atom, exponent] : monomial) {
        const Value base = AtomValue(*atom);
        const Value factor = base ? RationalPower(*base, exponent) : std::nullopt;
        if (!factor) return std::nullopt;
        term = term * *factor;
      }
      sum = sum + term;
      if (magnitudes != nullptr) *magnitudes += Magnitude(term);
    }
    return IsFinite(sum) ? Value(sum) : std::nullopt;
  }

  Value Of(const Form& form) {
    const Value above = Sum(form.above());
    if (!above || form.IsPolynomial()) return above;
    const Value below = Sum(form.below());
    if (!below || Magnitude(*below) < Tiny()) return std::nullopt;
    return *above / *below;
  }

  static Real Tiny() { return mp::pow(Real(10), -std::numeric_limits<Real>::digits10 * 4 / 5); }

 private:
  bool Count() { return --evaluations_ >= 0; }

  Value AtomValue(const Atom& atom) {
    const auto known = values_.find(atom.key);
    if (known != values_.end()) return known->second;
    Value value = Compute(atom);
    if (value && !IsFinite(*value)) value.reset();
    values_[atom.key] = value;
    return value;
  }

  Value Compute(const Atom& atom) {
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
        return Power(Of(atom.arguments[0]), Of(atom.arguments[1]));
      case Atom::Kind::kFunction:
        return Function(atom);
    }
    return std::nullopt;
  }

  Value Variable(const Atom& atom) {
    if (variables_ == nullptr) return Generic(atom.key);
    const auto given = variables_->find(atom.name);
    if (given == variables_->end()) return {};
    return Number{ToReal<Real>(given->second), 0};
  }

  // A fraction between 1/7 and 4 in magnitude that depends on the name and the point alone:
  // positive at the first three points, negative at the next, of either sign at the others.
  Value Generic(const std::string& name) {
    uint64_t hash = static_cast<uint64_t>(point_) + 1;
    for (const char c : name) hash = Mix64(hash ^ static_cast<unsigned char>(c));
    const Real magnitude = Real(1429 + static_cast<int64_t>(hash % 28'561)) / Real(10'007);
    const bool negative = point_ == 3 || (point_ > 3 && (hash >> 40) % 2 == 0);
    return Number{negative ? Real(-magnitude) : magnitude, 0};
  }

  Value Exp(const Number& x) {
    if (!Count() || mp::abs(x.re) > kMaxMagnitude || mp::abs(x.im) > kMaxMagnitude) return {};
    const Real size = mp::exp(x.re);
    if (x.IsReal()) return Number{size, 0};
    return Number{size * mp::cos(x.im), size * mp::sin(x.im)};
  }

  Value Log(const Number& x) {
    if (!Count() || Magnitude(x) < Tiny()) return {};
    if (x.IsReal() && x.re > 0) return Number{mp::log(x.re), 0};
    return Number{mp::log(Magnitude(x)), mp::atan2(x.im, x.re)};
  }

  Value RationalPower(const Number& base, const Exponent& exponent) {
    const bool zero = Magnitude(base) < Tiny();
    if (zero) return exponent.num > 0 ? Value(Number{}) : std::nullopt;
    if (exponent.den == 1) return IntegerPower(base, exponent.num);
    if (base.IsReal() && base.re < 0 && exponent.den % 2 == 1) {
      // The real root.
      const Value root = RationalPower({-base.re, 0}, exponent);
      if (!root) return {};
      return exponent.num % 2 == 0 ? *root : Number{-root->re, 0};
    }
    if (base.IsReal() && base.re > 0 && exponent.den == 2) {
      return IntegerPower({mp::sqrt(base.re), 0}, exponent.num);
    }
    const Value log = Log(base);
    if (!log) return {};
    const Real power = Real(exponent.num) / Real(exponent.den);
    return Exp(*log * Number{power, 0});
  }

  Value IntegerPower(Number base, int64_t exponent) {
    if (exponent < 0) {
      base = Number{1, 0} / base;
      exponent = -exponent;
    }
    Number result{1, 0};
    for (; exponent > 0; exponent /= 2) {
      if (exponent % 2 == 1) result = result * base;
      base = base * base;
    }
    return IsFinite(result) ? Value(result) : std::nullopt;
  }

  Value Power(const Value& base, const Value& exponent) {
    if (!base || !exponent) return {};
    if (exponent->IsReal() && exponent->re == mp::floor(exponent->re) &&
        mp::abs(exponent->re) < kMaxMagnitude) {
      return RationalPower(*base, {static_cast<int64_t>(exponent->re), 1});
    }
    const Value log = Log(*base);
    return log ? Exp(*log * *exponent) : std::nullopt;
  }

  // (e^(ix) - e^(-ix)) / 2i and (e^(ix) + e^(-ix)) / 2, for complex x.
  Value SinCos(const Number& x, bool sine) {
    if (!Count() || Magnitude(x) > kMaxMagnitude) return {};
    if (x.IsReal()) return Number{sine ? mp::sin(x.re) : mp::cos(x.re), 0};
    const Value forth = Exp(x * Number{0, 1});
    const Value back = Exp(x * Number{0, -1});
    if (!forth || !back) return {};
    return sine ? (*forth - *back) / Number{0, 2} : (*forth + *back) / Number{2, 0};
  }

  Value Trigonometric(const std::string& name, const Number& x) {
    const Value s = name == "cos" || name == "sec" ? Value(Number{1, 0}) : SinCos(x, true);
    const Value c = name == "sin" || name == "csc" ? Value(Number{1, 0}) : SinCos(x, false);
    if (!s || !c) return {};
    const bool over_sine = name == "csc" || name == "cot";
    const Number& below = over_sine ? *s : *c;
    if (name == "sin") return s;
    if (name == "cos") return c;
    if (Magnitude(below) < Tiny()) return {};
    return (over_sine ? *c : *s) / below;
  }

  Value Hyperbolic(const std::string& name, const Number& x) {
    const Value forth = Exp(x);
    if (!forth || Magnitude(*forth) == 0) return {};
    const Number back = Number{1, 0} / *forth;
    const Number sinh = (*forth - back) / Number{2, 0};
    const Number cosh = (*forth + back) / Number{2, 0};
    const bool over_sinh = name == "coth" || name == "csch";
    if (name == "sinh") return sinh;
    if (name == "cosh") return cosh;
    if (over_sinh && Magnitude(sinh) < Tiny()) return {};
    if (name == "tanh") return sinh / cosh;
    if (name == "coth") return cosh / sinh;
    return Number{1, 0} / (over_sinh ? sinh : cosh);
  }

  // Inverse functions, on real arguments where the value is real.
  Value Inverse(const std::string& name, const Number& x) {
    if (!Count() || !x.IsReal() || mp::abs(x.re) > mp::pow(Real(10), 20)) return {};
    const Real& v = x.re;
    const bool inside = mp::abs(v) <= 1;
    if (name == "arcsin" && inside) return Number{mp::asin(v), 0};
    if (name == "arccos" && inside) return Number{mp::acos(v), 0};
    if (name == "arctan") return Number{mp::atan(v), 0};
    if (name == "arccot" && v != 0) return Number{mp::atan(1 / v), 0};
    if (name == "arcsec" && mp::abs(v) >= 1) return Number{mp::acos(1 / v), 0};
    if (name == "arccsc" && mp::abs(v) >= 1) return Number{mp::asin(1 / v), 0};
    if (name == "arcsinh") return Number{mp::log(v + mp::sqrt(v * v + 1)), 0};
    if (name == "arccosh" && v >= 1) return Number{mp::log(v + mp::sqrt(v * v - 1)), 0};
    if (name == "arctanh" && mp::abs(v) < 1) return Number{mp::log((1 + v) / (1 - v)) / 2, 0};
    return {};
  }

  // Floor and its like. Where the argument is a whole number but for rounding, it is that.
  Value Step(const std::string& name, const Number& x) {
    if (!x.IsReal()) return {};
    const Real nearest = mp::floor(x.re + Real(0.5));
    const Real v = mp::abs(x.re - nearest) < Tiny() ? nearest : x.re;
    if (name == "floor") return Number{mp::floor(v), 0};
    if (name == "ceil") return Number{mp::ceil(v), 0};
    return Number{Real(v > Tiny() ? 1 : v < -Tiny() ? -1 : 0), 0};
  }

  Value OfSeveral(const std::string& name, const std::vector<Number>& arguments) {
    const auto real = [](const Number& x) { return x.IsReal(); };
    if (!std::all_of(arguments.begin(), arguments.end(), real)) return {};
    const auto less = [](const Number& a, const Number& b) { return a.re < b.re; };
    if (name == "max") return *std::max_element(arguments.begin(), arguments.end(), less);
    if (name == "min") return *std::min_element(arguments.begin(), arguments.end(), less);
    if (arguments.size() != 2 || arguments[1].re == 0) return {};
    const Value turns = Step("floor", arguments[0] / arguments[1]);
    return Number{arguments[0].re - arguments[1].re * turns->re, 0};
  }

  Value Function(const Atom& atom) {
    std::vector<Number> arguments;
    for (const Form& argument : atom.arguments) {
      const Value value = Of(argument);
      if (!value) return {};
      arguments.push_back(*value);
    }
    const std::string& name = atom.name;
    if (!arguments.empty() && (name == "max" || name == "min" || name == "mod")) {
      return OfSeveral(name, arguments);
    }
    if (arguments.size() != 1) return Unknown(atom);
    const Number& x = arguments[0];
    if (name == "ln") return Log(x);
    if (name == "abs") return Number{Magnitude(x), 0};
    if (name == "floor" || name == "ceil" || name == "sign") return Step(name, x);
    if (name.starts_with("arc")) return Inverse(name, x);
    if (name.ends_with("h")) return Hyperbolic(name, x);
    for (const char* known : {"sin", "cos", "tan", "cot", "sec", "csc"}) {
      if (name == known) return Trigonometric(name, x);
    }
    return Unknown(atom);
  }

  // A function that is not known has some value of its own at every argument. Good for comparing,
  // but it is not its value.
  Value Unknown(const Atom& atom) { return variables_ == nullptr ? Generic(atom.key) : Value{}; }

  int point_;
  int& evaluations_;
  const VariableValues* variables_;
  std::map<std::string, Value> values_;
};

enum class AtPoint { kZero, kNotZero, kNotReal, kUnknown };

// The difference of two sides at one point.
template <typename Real>
AtPoint Judge(const Form& a, const Form& b, const Form& difference, int point, bool constant,
              int& evaluations) {
  Evaluator<Real> evaluator(point, evaluations);
  const std::optional<Complex<Real>> left = evaluator.Of(a);
  const std::optional<Complex<Real>> right = evaluator.Of(b);
  if (!left || !right) return AtPoint::kUnknown;
  Real scale = 0;
  const std::optional<Complex<Real>> value = evaluator.Sum(difference.above(), &scale);
  if (!value || !mp::isfinite(scale)) return AtPoint::kUnknown;
  const Real small = evaluator.Tiny() * 10;
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
  if (a.Key() == b.Key()) return Equality::kEqual;
  const Algebra::Result difference = algebra.Subtract(a, b);
  if (!difference) return Equality::kUndecided;
  if (difference->above().empty()) return Equality::kEqual;
  if (difference->AsRational()) return Equality::kDifferent;
  const bool constant = VariablesOf(a).empty() && VariablesOf(b).empty();
  int evaluations = kMaxEvaluations;
  int zeros = 0;
  int apart_but_complex = 0;
  const int points = constant ? 1 : kPoints;
  for (int point = 0; point < points; ++point) {
    const int before = evaluations;
    AtPoint seen = Judge<Real50>(a, b, *difference, point, constant, evaluations);
    if (seen == AtPoint::kZero) {
      seen = Judge<Real100>(a, b, *difference, point, constant, evaluations);
    }
    // Each counts as much as some dozens of the algebra's steps.
    if (!algebra.Spend(100 + 50 * (before - evaluations))) return Equality::kUndecided;
    if (seen == AtPoint::kNotZero) return Equality::kDifferent;
    zeros += seen == AtPoint::kZero ? 1 : 0;
    apart_but_complex += seen == AtPoint::kNotReal ? 1 : 0;
  }
  // At least half of the points must speak for it, and none against it where nothing is real.
  if (zeros >= (points + 1) / 2 && (apart_but_complex == 0 || zeros >= 2)) return Equality::kEqual;
  return apart_but_complex > 0 ? Equality::kDifferent : Equality::kUndecided;
}

std::optional<Rational> Approximate(const Form& form, const VariableValues& variables) {
  if (std::optional<Rational> value = form.AsRational()) return value;
  int evaluations = kMaxEvaluations;
  Evaluator<Real100> evaluator(0, evaluations, &variables);
  const std::optional<Complex<Real100>> value = evaluator.Of(form);
  if (!value || mp::abs(value->re) > mp::pow(Real100(10), 60) ||
      mp::abs(value->im) > evaluator.Tiny()) {
    return std::nullopt;
  }
  const Real100 scaled = value->re * mp::pow(Real100(10), 60);
  return Rational(static_cast<Integer>(scaled), mp::pow(Integer(10), 60));
}

}  // namespace retort
