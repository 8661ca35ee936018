#include "math/form.h"

#include <algorithm>
#include <set>

namespace retort {
namespace {

AtomPtr MakeAtom(Atom::Kind kind, std::string name, std::string key) {
  return std::make_shared<const Atom>(Atom{kind, std::move(name), {}, 0, std::move(key)});
}

Form FromAtom(AtomPtr atom) {
  return Form(Polynomial{{Monomial{{std::move(atom), Exponent{}}}, Rational(1)}},
              Form(Rational(1)).above());
}

const Polynomial& One() {
  static const Polynomial one{{Monomial{}, Rational(1)}};
  return one;
}

void AppendKey(const Polynomial& terms, std::string& key) {
  for (const auto& [monomial, coefficient] : terms) {
    key += '+';
    key += coefficient.str();
    for (const auto& [atom, exponent] : monomial) {
      key += '*';
      key += atom->key;
      if (exponent == Exponent{}) continue;
      key += '^' + std::to_string(exponent.num);
      if (exponent.den != 1) key += ':' + std::to_string(exponent.den);
    }
  }
}

template <typename Visit>
void VisitAtoms(const Form& form, const Visit& visit) {
  for (const Polynomial* terms : {&form.above(), &form.below()}) {
    for (const auto& [monomial, coefficient] : *terms) {
      for (const auto& [atom, exponent] : monomial) {
        visit(*atom);
        for (const Form& argument : atom->arguments) VisitAtoms(argument, visit);
      }
    }
  }
}

// p^(whole + rest) as p^whole in the coefficient and p^rest, 0 <= rest < 1.
bool MoveWholePowers(const Atom& atom, Exponent& exponent, Rational& coefficient) {
  if (atom.kind == Atom::Kind::kImaginary) {
    const int64_t turn = ((exponent.num % 4) + 4) % 4;
    if (turn >= 2) coefficient = -coefficient;
    exponent = {turn % 2, 1};
    return true;
  }
  if (atom.kind != Atom::Kind::kPrime) return true;
  int64_t whole = exponent.num / exponent.den;
  if (exponent.num < whole * exponent.den) --whole;
  if (whole == 0) return true;
  exponent.num -= whole * exponent.den;
  const auto size = static_cast<size_t>(whole < 0 ? -whole : whole);
  if (size * BitsOf(Integer(atom.prime)) > Algebra::kMaxBits) return false;
  const Integer power =
      boost::multiprecision::pow(Integer(atom.prime), static_cast<unsigned>(size));
  coefficient *= whole > 0 ? Rational(power) : Rational(Integer(1), power);
  return true;
}

}  // namespace

bool MonomialLess::operator()(const Monomial& a, const Monomial& b) const {
  const size_t common = std::min(a.size(), b.size());
  for (size_t i = 0; i < common; ++i) {
    if (a[i].first != b[i].first) {
      const int order = a[i].first->key.compare(b[i].first->key);
      if (order != 0) return order < 0;
    }
    const int64_t left = a[i].second.num * b[i].second.den;
    const int64_t right = b[i].second.num * a[i].second.den;
    if (left != right) return left < right;
  }
  return a.size() < b.size();
}

Form::Form() : below_(One()) {}

Form::Form(const Rational& value) : below_(One()) {
  if (value != 0) above_[{}] = value;
}

bool Form::IsPolynomial() const { return below_ == One(); }

std::optional<Rational> Form::AsRational() const {
  if (above_.empty()) return Rational(0);
  if (!IsPolynomial() || above_.size() > 1 || !above_.begin()->first.empty()) return std::nullopt;
  return above_.begin()->second;
}

std::optional<std::string> Form::AsVariable() const {
  if (!IsPolynomial() || above_.size() != 1) return std::nullopt;
  const auto& [monomial, coefficient] = *above_.begin();
  if (coefficient != 1 || monomial.size() != 1) return std::nullopt;
  const auto& [atom, exponent] = monomial.front();
  if (atom->kind != Atom::Kind::kVariable || exponent != Exponent{}) return std::nullopt;
  return atom->name;
}

std::string Form::Key() const {
  std::string key = "(";
  AppendKey(above_, key);
  if (!IsPolynomial()) {
    key += '/';
    AppendKey(below_, key);
  }
  return key + ')';
}

int64_t Form::KeySteps() const {
  int64_t steps = 1;
  for (const Polynomial* terms : {&above_, &below_}) {
    for (const auto& [monomial, coefficient] : *terms) {
      steps += 1 + StepsOf(BitsOf(coefficient)) / 4;
      for (const auto& [atom, exponent] : monomial) {
        steps += 1 + static_cast<int64_t>(atom->key.size()) / 64;
      }
    }
  }
  return steps;
}

Form Pi() { return FromAtom(MakeAtom(Atom::Kind::kPi, "pi", "#pi")); }
Form EulerNumber() { return FromAtom(MakeAtom(Atom::Kind::kEuler, "e", "#e")); }
Form ImaginaryUnit() { return FromAtom(MakeAtom(Atom::Kind::kImaginary, "i", "#i")); }
Form Infinity() { return FromAtom(MakeAtom(Atom::Kind::kInfinity, "oo", "#oo")); }
Form Variable(std::string name) {
  std::string key = "'" + name + "'";
  return FromAtom(MakeAtom(Atom::Kind::kVariable, std::move(name), std::move(key)));
}

std::vector<std::string> VariablesOf(const Form& form) {
  std::set<std::string> names;
  VisitAtoms(form, [&names](const Atom& atom) {
    if (atom.kind == Atom::Kind::kVariable) names.insert(atom.name);
  });
  return {names.begin(), names.end()};
}

bool IsEulerNumber(const Form& form) {
  if (!form.IsPolynomial() || form.above().size() != 1) return false;
  const auto& [monomial, coefficient] = *form.above().begin();
  return coefficient == 1 && monomial.size() == 1 && monomial[0].second == Exponent{} &&
         monomial[0].first->kind == Atom::Kind::kEuler;
}

bool HasInfinity(const Form& form) {
  bool found = false;
  VisitAtoms(form, [&found](const Atom& atom) { found |= atom.kind == Atom::Kind::kInfinity; });
  return found;
}

bool Algebra::Bounded(const Polynomial& terms) {
  return terms.size() <= kMaxTerms && std::all_of(terms.begin(), terms.end(), [](const auto& term) {
           return BitsOf(term.second) <= kMaxBits;
         });
}

std::optional<Polynomial> Algebra::AddTerms(const Polynomial& a, const Polynomial& b) {
  if (!Spend(static_cast<int64_t>(a.size() / 4))) return std::nullopt;
  Polynomial sum = a;
  for (const auto& [monomial, coefficient] : b) {
    if (!Spend(1 + StepsOf(BitsOf(coefficient)))) return std::nullopt;
    const auto [place, is_new] = sum.emplace(monomial, coefficient);
    if (is_new) continue;
    place->second += coefficient;
    if (place->second == 0) sum.erase(place);
  }
  return Bounded(sum) ? std::optional(std::move(sum)) : std::nullopt;
}

std::optional<std::pair<Monomial, Rational>> Algebra::MultiplyTerm(const Monomial& a,
                                                                   const Monomial& b) {
  std::pair<Monomial, Rational> product{{}, Rational(1)};
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    const int order = left == a.end()    ? 1
                      : right == b.end() ? -1
                                         : left->first->key.compare(right->first->key);
    std::pair<AtomPtr, Exponent> factor = order <= 0 ? *left : *right;
    if (order == 0) {
      const std::optional<Exponent> sum = AddExponents(left->second, right->second);
      if (!sum) return std::nullopt;
      factor.second = *sum;
      if (!MoveWholePowers(*factor.first, factor.second, product.second)) return std::nullopt;
    }
    if (order <= 0) ++left;
    if (order >= 0) ++right;
    if (factor.second.num != 0) product.first.push_back(std::move(factor));
  }
  return product;
}

std::optional<Polynomial> Algebra::MultiplyTerms(const Polynomial& a, const Polynomial& b) {
  Polynomial product;
  for (const auto& [left, p] : a) {
    for (const auto& [right, q] : b) {
      if (!Spend(1 + static_cast<int64_t>(left.size() + right.size()) +
                 StepsOf(BitsOf(p) + BitsOf(q)))) {
        return std::nullopt;
      }
      std::optional<std::pair<Monomial, Rational>> term = MultiplyTerm(left, right);
      if (!term) return std::nullopt;
      Rational& coefficient = product[std::move(term->first)];
      coefficient += term->second * p * q;
      if (BitsOf(coefficient) > kMaxBits || product.size() > 2 * kMaxTerms) return std::nullopt;
    }
  }
  std::erase_if(product, [](const auto& term) { return term.second == 0; });
  return Bounded(product) ? std::optional(std::move(product)) : std::nullopt;
}

// Folds a divisor of one term into the terms above.
Algebra::Result Algebra::Quotient(Polynomial above, Polynomial below) {
  if (below.empty()) return std::nullopt;
  if (above.empty()) return Form();
  if (above == below) return Form(Rational(1));
  if (below.size() > 1) return Form(std::move(above), std::move(below));
  const auto& [monomial, coefficient] = *below.begin();
  if (monomial.empty() && coefficient == 1) return Form(std::move(above), One());
  Rational inverse_coefficient = 1 / coefficient;
  Monomial inverse;
  for (auto [atom, exponent] : monomial) {
    exponent.num = -exponent.num;
    if (!MoveWholePowers(*atom, exponent, inverse_coefficient)) return std::nullopt;
    if (exponent.num != 0) inverse.emplace_back(atom, exponent);
  }
  std::optional<Polynomial> quotient =
      MultiplyTerms(above, Polynomial{{std::move(inverse), std::move(inverse_coefficient)}});
  if (!quotient) return std::nullopt;
  return Form(std::move(*quotient), One());
}

Algebra::Result Algebra::Add(const Form& a, const Form& b) {
  if (a.below() == b.below()) {
    std::optional<Polynomial> sum = AddTerms(a.above(), b.above());
    return sum ? Quotient(std::move(*sum), a.below()) : std::nullopt;
  }
  const std::optional<Polynomial> left = MultiplyTerms(a.above(), b.below());
  const std::optional<Polynomial> right = MultiplyTerms(b.above(), a.below());
  std::optional<Polynomial> below = MultiplyTerms(a.below(), b.below());
  if (!left || !right || !below) return std::nullopt;
  std::optional<Polynomial> sum = AddTerms(*left, *right);
  return sum ? Quotient(std::move(*sum), std::move(*below)) : std::nullopt;
}

Form Algebra::Negate(const Form& a) {
  Polynomial above = a.above();
  for (auto& [monomial, coefficient] : above) coefficient = -coefficient;
  return Form(std::move(above), a.below());
}

Algebra::Result Algebra::Subtract(const Form& a, const Form& b) { return Add(a, Negate(b)); }

Algebra::Result Algebra::Multiply(const Form& a, const Form& b) {
  std::optional<Polynomial> above = MultiplyTerms(a.above(), b.above());
  std::optional<Polynomial> below = MultiplyTerms(a.below(), b.below());
  if (!above || !below) return std::nullopt;
  return Quotient(std::move(*above), std::move(*below));
}

Algebra::Result Algebra::Divide(const Form& a, const Form& b) {
  if (b.above().empty()) return std::nullopt;
  Result inverse = Quotient(b.below(), b.above());
  return inverse ? Multiply(a, *inverse) : std::nullopt;
}

}  // namespace retort
