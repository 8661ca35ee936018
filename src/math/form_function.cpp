// Functions of canonical forms.
#include <algorithm>
#include <array>

#include "math/form.h"

namespace retort {
namespace {

constexpr int64_t kMaxFactorial = 500;

std::optional<std::vector<Rational>> Rationals(const std::vector<Form>& arguments) {
  std::vector<Rational> values;
  for (const Form& argument : arguments) {
    const std::optional<Rational> value = argument.AsRational();
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

Rational Modulo(const Rational& a, const Rational& b) { return a - b * Rational(Floor(a / b)); }

// n (n-1) ... (n-k+1) / k!
std::optional<Rational> Binomial(const Rational& n, const Rational& k, Budget& budget) {
  const std::optional<int64_t> count = AsInt64(k);
  if (!count || *count > kMaxFactorial || BitsOf(n) > 64) return std::nullopt;
  if (*count < 0) return Rational(0);
  Rational value(1);
  for (int64_t i = 0; i < *count; ++i) {
    if (!budget.Spend(5 + StepsOf(BitsOf(value)))) return std::nullopt;
    value *= (n - i) / (i + 1);
    if (BitsOf(value) > Algebra::kMaxBits) return std::nullopt;
  }
  return value;
}

// Of fractions: the greatest number of which both are whole multiples.
Rational CommonDivisor(const Rational& a, const Rational& b) {
  const Integer below = denominator(a) * denominator(b);
  const Integer left = numerator(a) * denominator(b);
  const Integer right = numerator(b) * denominator(a);
  return Rational(Integer(gcd(left, right)), below);
}

using Values = std::vector<Rational>;

std::optional<Rational> OfOne(std::string_view name, const Rational& x, Budget& budget) {
  if (name == "abs") return abs(x);
  if (name == "floor") return Rational(Floor(x));
  if (name == "ceil") return -Rational(Floor(-x));
  if (name == "sign") return Rational(x > 0 ? 1 : x < 0 ? -1 : 0);
  if (name == "factorial" && x >= 0 && x <= kMaxFactorial && IsInteger(x)) {
    if (!budget.Spend(*AsInt64(x) / 2)) return std::nullopt;
    Integer product(1);
    for (int64_t i = 2; i <= *AsInt64(x); ++i) product *= i;
    return Rational(product);
  }
  return std::nullopt;
}

std::optional<Rational> OfSeveral(std::string_view name, const Values& values, Budget& budget) {
  if (values.size() == 1) {
    if (std::optional<Rational> value = OfOne(name, values[0], budget)) return value;
  }
  if (name == "max") return *std::max_element(values.begin(), values.end());
  if (name == "min") return *std::min_element(values.begin(), values.end());
  if (name == "gcd" || name == "lcm") {
    Rational value = values[0];
    for (size_t i = 1; i < values.size(); ++i) {
      if (!budget.Spend(5 + StepsOf(BitsOf(value) + BitsOf(values[i])))) return std::nullopt;
      const Rational divisor = CommonDivisor(value, values[i]);
      if (name == "gcd" || divisor == 0) {
        value = divisor;
      } else {
        value = value * values[i] / divisor;
      }
      if (BitsOf(value) > Algebra::kMaxBits) return std::nullopt;
    }
    return Rational(abs(value));
  }
  if (values.size() != 2) return std::nullopt;
  if (name == "binom") return Binomial(values[0], values[1], budget);
  if (name == "mod" && values[1] != 0) return Modulo(values[0], values[1]);
  return std::nullopt;
}

}  // namespace

Algebra::Result Algebra::FunctionAtom(std::string_view name, const std::vector<Form>& arguments) {
  Atom atom{Atom::Kind::kFunction, std::string(name), arguments, 0, std::string(name)};
  for (const Form& argument : arguments) {
    if (!Spend(argument.KeySteps())) return std::nullopt;
    atom.key += argument.Key();
    if (atom.key.size() > kMaxKeyBytes) return std::nullopt;
  }
  return Form(Polynomial{{Monomial{{std::make_shared<const Atom>(std::move(atom)), Exponent{}}},
                          Rational(1)}},
              Form(Rational(1)).above());
}

// The sum of the logarithms of the primes of a number, times their exponents.
Algebra::Result Algebra::Logarithm(const Form& a) {
  if (a.above().empty()) return std::nullopt;
  if (!a.IsPolynomial() || a.above().size() != 1) return FunctionAtom("ln", {a});
  const auto& [monomial, coefficient] = *a.above().begin();
  const bool positive = std::all_of(monomial.begin(), monomial.end(), [](const auto& factor) {
    return factor.first->kind == Atom::Kind::kPrime || factor.first->kind == Atom::Kind::kEuler;
  });
  if (!Spend(StepsOfFactorizing(coefficient))) return std::nullopt;
  const auto above = Factorize(Integer(numerator(coefficient)));
  const auto below = Factorize(Integer(denominator(coefficient)));
  if (coefficient < 0 || !positive || !above || !below) return FunctionAtom("ln", {a});
  Form sum;
  const auto add = [&](const Form& base, const Rational& exponent) {
    Result term = base.AsRational() ? FunctionAtom("ln", {base}) : Form(Rational(1));
    if (term) term = Multiply(*term, Form(exponent));
    if (term) term = Add(sum, *term);
    if (term) sum = std::move(*term);
    return term.has_value();
  };
  for (const auto& [prime, count] : *above) {
    if (!add(Form(Rational(prime)), Rational(count))) return std::nullopt;
  }
  for (const auto& [prime, count] : *below) {
    if (!add(Form(Rational(prime)), Rational(-count))) return std::nullopt;
  }
  for (const auto& [atom, exponent] : monomial) {
    const Form base =
        atom->kind == Atom::Kind::kEuler ? EulerNumber() : Form(Rational(atom->prime));
    if (!add(base, Rational(exponent.num, exponent.den))) return std::nullopt;
  }
  return sum;
}

Algebra::Result Algebra::Function(std::string_view name, const std::vector<Form>& arguments) {
  if (!Spend(50)) return std::nullopt;
  for (const Form& argument : arguments) {
    if (HasInfinity(argument)) return std::nullopt;
  }
  if (const std::optional<Values> values = Rationals(arguments); values && !values->empty()) {
    if (std::optional<Rational> value = OfSeveral(name, *values, budget_)) {
      return BitsOf(*value) <= kMaxBits ? Result(Form(*value)) : std::nullopt;
    }
  }
  if (arguments.size() == 1) {
    if (name == "exp") return Power(EulerNumber(), arguments[0]);
    if (name == "ln") return Logarithm(arguments[0]);
    if (name == "sqrt") return SquareRoot(arguments[0]);
  }
  if (name == "log" && arguments.size() == 2) {  // log(x, base)
    const Result above = Logarithm(arguments[0]);
    const Result below = Logarithm(arguments[1]);
    return above && below ? Divide(*above, *below) : std::nullopt;
  }
  return FunctionAtom(name, arguments);
}

}  // namespace retort
