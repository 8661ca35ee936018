// Powers of canonical forms.
#include <algorithm>

#include "math/form.h"

namespace retort {
namespace {

constexpr int64_t kMaxExpandedPower = 64;  // of a sum of several terms

Form OneTerm(Monomial monomial, Rational coefficient) {
  return Form(Polynomial{{std::move(monomial), std::move(coefficient)}}, Form(Rational(1)).above());
}

// Whether (atom^a)^b is atom^(ab) for all real a and b.
bool IsPositive(const Atom& atom) {
  if (atom.kind == Atom::Kind::kPower) {
    const std::optional<Rational> base = atom.arguments[0].AsRational();
    return base ? *base > 0 : IsEulerNumber(atom.arguments[0]);
  }
  return atom.kind == Atom::Kind::kPrime || atom.kind == Atom::Kind::kPi ||
         atom.kind == Atom::Kind::kEuler;
}

// Whether (atom^inner)^outer is atom^(inner · outer) for the principal branch: always where the
// angle of atom^inner stays below half a turn.
bool PowersMultiply(const Atom& atom, const Exponent& inner) {
  if (IsPositive(atom)) return true;
  if (atom.kind == Atom::Kind::kImaginary) return false;
  return inner.num > -inner.den && inner.num <= inner.den;
}

}  // namespace

Algebra::Result Algebra::PowerAtom(const Form& base, const Form& exponent) {
  // A rational exponent stands outside, so that equal bases meet in one monomial.
  Exponent outer{};
  Form inner = exponent;
  if (const std::optional<Rational> value = exponent.AsRational()) {
    const std::optional<Exponent> small = MakeExponent(*value);
    if (small) {
      outer = *small;
      inner = Form(Rational(1));
    }
  } else if (exponent.IsPolynomial() && exponent.above().size() == 1 &&
             (base.AsRational() ? *base.AsRational() > 0 : IsEulerNumber(base))) {
    const auto& [monomial, coefficient] = *exponent.above().begin();
    if (const std::optional<Exponent> small = MakeExponent(coefficient)) {
      outer = *small;
      inner = OneTerm(monomial, Rational(1));
    }
  }
  if (!Spend(base.KeySteps() + inner.KeySteps())) return std::nullopt;
  Atom atom{Atom::Kind::kPower, "", {base, inner}, 0, ""};
  atom.key = "[" + base.Key() + "^" + inner.Key() + "]";
  if (atom.key.size() > kMaxKeyBytes) return std::nullopt;
  return OneTerm({{std::make_shared<const Atom>(std::move(atom)), outer}}, Rational(1));
}

Algebra::Result Algebra::Power(const Form& base, const Form& exponent) {
  if (HasInfinity(base) || HasInfinity(exponent)) return std::nullopt;
  if (base.above().empty()) {
    const std::optional<Rational> value = exponent.AsRational();
    if (!value || *value < 0) return std::nullopt;
    return Form(Rational(*value == 0 ? 1 : 0));
  }
  const std::optional<Rational> value = exponent.AsRational();
  if (!value) return SymbolicPower(base, exponent);
  if (!IsInteger(*value)) return RationalPower(base, *value);
  const std::optional<int64_t> whole = AsInt64(*value);
  if (!whole || *whole > INT32_MAX || *whole < -INT32_MAX) return PowerAtom(base, exponent);
  return IntegerPower(base, *whole);
}

Algebra::Result Algebra::IntegerPower(const Form& base, int64_t exponent) {
  if (exponent == 0) return Form(Rational(1));
  if (exponent < 0) {
    Result inverse = Divide(Form(Rational(1)), base);
    return inverse ? IntegerPower(*inverse, -exponent) : std::nullopt;
  }
  const bool one_term = base.IsPolynomial() && base.above().size() == 1;
  const size_t bits = one_term ? BitsOf(base.above().begin()->second) : 1;
  // ±1 has two bits, of which none grows.
  const bool grows = bits > 2 || !one_term;
  if (grows && (static_cast<size_t>(exponent) > kMaxBits ||
                bits * static_cast<size_t>(exponent) > kMaxBits ||
                (!one_term && exponent > kMaxExpandedPower))) {
    return PowerAtom(base, Form(Rational(exponent)));
  }
  Form result(Rational(1));
  Form square = base;
  for (int64_t rest = exponent; rest > 0; rest /= 2) {
    if (rest % 2 == 1) {
      Result product = Multiply(result, square);
      if (!product) return PowerAtom(base, Form(Rational(exponent)));
      result = std::move(*product);
    }
    if (rest == 1) break;
    Result product = Multiply(square, square);
    if (!product) return PowerAtom(base, Form(Rational(exponent)));
    square = std::move(*product);
  }
  return result;
}

// The power of a positive rational, its primes below fractional exponents.
Algebra::Result Algebra::PositivePower(const Rational& base, const Exponent& exponent) {
  if (!Spend(StepsOfFactorizing(base))) return std::nullopt;
  const auto above = Factorize(Integer(numerator(base)));
  const auto below = Factorize(Integer(denominator(base)));
  if (!above || !below) {
    return PowerAtom(Form(base), Form(Rational(exponent.num, exponent.den)));
  }
  Form result(Rational(1));
  const auto multiply = [&](int64_t prime, int64_t count) {
    const std::optional<Exponent> power = MultiplyExponents(exponent, {count, 1});
    if (!power) return false;
    Atom atom{Atom::Kind::kPrime, "", {}, prime, "#" + std::to_string(prime)};
    const int64_t whole =
        power->num >= 0 ? power->num / power->den : -((-power->num + power->den - 1) / power->den);
    const Exponent rest{power->num - whole * power->den, power->den};
    Result factor = IntegerPower(Form(Rational(prime)), whole);
    if (factor && rest.num != 0) {
      factor = Multiply(
          *factor, OneTerm({{std::make_shared<const Atom>(std::move(atom)), rest}}, Rational(1)));
    }
    if (factor) factor = Multiply(result, *factor);
    if (factor) result = std::move(*factor);
    return factor.has_value();
  };
  for (const auto& [prime, count] : *above) {
    if (!multiply(prime, count)) return std::nullopt;
  }
  for (const auto& [prime, count] : *below) {
    if (!multiply(prime, -count)) return std::nullopt;
  }
  return result;
}

// Of what multiplies safely; the other atoms stay together below a root of their own.
Algebra::Result Algebra::MonomialPower(const Monomial& base, const Exponent& exponent) {
  Monomial taken, left;
  for (const auto& [atom, inner] : base) {
    if (IsPositive(*atom) || (base.size() == 1 && PowersMultiply(*atom, inner))) {
      const std::optional<Exponent> power = MultiplyExponents(inner, exponent);
      if (!power) return std::nullopt;
      taken.emplace_back(atom, *power);
    } else {
      left.emplace_back(atom, inner);
    }
  }
  Form result(Rational(1));
  for (const auto& factor : taken) {
    // p^(5/4): by MultiplyTerm's rules, one whole p goes into the coefficient.
    Result product = factor.first->kind == Atom::Kind::kPrime
                         ? PositivePower(Rational(factor.first->prime), factor.second)
                         : OneTerm({factor}, Rational(1));
    if (product) product = Multiply(result, *product);
    if (!product) return std::nullopt;
    result = std::move(*product);
  }
  if (left.empty()) return result;
  Result root =
      PowerAtom(OneTerm(std::move(left), Rational(1)), Form(Rational(exponent.num, exponent.den)));
  return root ? Multiply(result, *root) : std::nullopt;
}

Algebra::Result Algebra::RationalPower(const Form& base, const Rational& exponent) {
  const std::optional<Exponent> power = MakeExponent(exponent);
  if (!power) return PowerAtom(base, Form(exponent));
  if (!base.IsPolynomial() || base.above().size() != 1) return PowerAtom(base, Form(exponent));
  const auto& [monomial, coefficient] = *base.above().begin();
  // Of a negative number, and √(-x) is left whole: its sign decides the branch.
  if (coefficient < 0 && !monomial.empty() && power->den % 2 == 0) {
    const bool positive = std::all_of(monomial.begin(), monomial.end(),
                                      [](const auto& factor) { return IsPositive(*factor.first); });
    if (!positive) return PowerAtom(base, Form(exponent));
  }
  Result result = PositivePower(abs(coefficient), *power);
  if (result) {
    Result rest = MonomialPower(monomial, *power);
    result = rest ? Multiply(*result, *rest) : std::nullopt;
  }
  if (!result || coefficient > 0) return result;
  if (power->den % 2 == 1) return power->num % 2 == 0 ? result : Negate(*result);
  if (power->den == 2) {
    Result turned = IntegerPower(ImaginaryUnit(), power->num);
    return turned ? Multiply(*result, *turned) : std::nullopt;
  }
  Result turned = PowerAtom(Form(Rational(-1)), Form(exponent));
  return turned ? Multiply(*result, *turned) : std::nullopt;
}

// base^(c1 m1 + c2 m2 + ...) as the product of base^(ci mi), for e and primes; other positive
// numbers by their primes.
Algebra::Result Algebra::SymbolicPower(const Form& base, const Form& exponent) {
  const std::optional<Rational> number = base.AsRational();
  const bool is_e = IsEulerNumber(base);
  if (!exponent.IsPolynomial() || (!is_e && !(number && *number > 0))) {
    return PowerAtom(base, exponent);
  }
  std::vector<std::pair<int64_t, int>> primes;
  if (number) {
    if (!Spend(StepsOfFactorizing(*number))) return std::nullopt;
    const auto above = Factorize(Integer(numerator(*number)));
    const auto below = Factorize(Integer(denominator(*number)));
    if (!above || !below) return PowerAtom(base, exponent);
    primes = *above;
    for (const auto& [prime, count] : *below) primes.emplace_back(prime, -count);
  }
  Form result(Rational(1));
  const bool is_prime = primes.size() == 1 && primes.front().second == 1;
  if (!is_e && !is_prime) {
    for (const auto& [prime, count] : primes) {
      Result factor = Multiply(exponent, Form(Rational(count)));
      if (factor) factor = SymbolicPower(Form(Rational(prime)), *factor);
      if (factor) factor = Multiply(result, *factor);
      if (!factor) return std::nullopt;
      result = std::move(*factor);
    }
    return result;
  }
  for (const auto& [monomial, coefficient] : exponent.above()) {
    Result factor = monomial.empty() ? Power(base, Form(coefficient))
                                     : PowerAtom(base, OneTerm(monomial, coefficient));
    if (factor) factor = Multiply(result, *factor);
    if (!factor) return std::nullopt;
    result = std::move(*factor);
  }
  return result;
}

}  // namespace retort
