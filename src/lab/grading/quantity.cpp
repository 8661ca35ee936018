#include "lab/grading/quantity.h"

#include <cstdlib>
#include <numeric>

namespace retort {
namespace {

using boost::multiprecision::denominator;
using boost::multiprecision::numerator;

constexpr int64_t kMaxRadicand = 1'000'000'000;
constexpr int kMaxPiPower = 100;
constexpr int64_t kMaxExponent = 10'000;

size_t Bits(const Integer& value) {
  return value == 0 ? 0 : static_cast<size_t>(msb(value < 0 ? Integer(-value) : value)) + 1;
}

std::optional<Quantity> Bounded(Quantity::Terms terms) {
  Quantity result(std::move(terms));
  if (result.terms().size() > Quantity::kMaxTerms) return std::nullopt;
  for (const auto& [basis, coefficient] : result.terms()) {
    if (std::abs(basis.second) > kMaxPiPower || basis.first > kMaxRadicand ||
        Bits(numerator(coefficient)) + Bits(denominator(coefficient)) > Quantity::kMaxBits) {
      return std::nullopt;
    }
  }
  return result;
}

// 1 / (a + b√n), for a divisor of one term or of a rational plus a root.
std::optional<Quantity> Inverse(const Quantity& divisor) {
  const Quantity::Terms& terms = divisor.terms();
  if (terms.size() == 1) {
    const auto& [basis, coefficient] = *terms.begin();
    return Bounded({{{basis.first, -basis.second}, 1 / (coefficient * basis.first)}});
  }
  if (terms.size() != 2) return std::nullopt;
  const auto& [one, a] = *terms.begin();
  const auto& [root, b] = *terms.rbegin();
  if (one != Quantity::Basis{1, 0} || root.second != 0) return std::nullopt;
  // Never 0: the root is irrational.
  const Rational norm = a * a - b * b * root.first;
  return Bounded({{one, a / norm}, {root, -b / norm}});
}

}  // namespace

Quantity::Quantity(const Rational& value) {
  if (value != 0) terms_[{1, 0}] = value;
}

Quantity::Quantity(Terms terms) : terms_(std::move(terms)) {
  std::erase_if(terms_, [](const auto& term) { return term.second == 0; });
}

std::optional<Rational> Quantity::AsRational() const {
  if (terms_.empty()) return Rational(0);
  if (terms_.size() == 1 && terms_.begin()->first == Basis{1, 0}) return terms_.begin()->second;
  return std::nullopt;
}

Quantity Pi() { return Quantity(Quantity::Terms{{{1, 1}, Rational(1)}}); }

Quantity ToQuantity(const ExactValue& value) {
  const Quantity::Basis basis{value.radicand, value.times_pi ? 1 : 0};
  return Quantity(Quantity::Terms{{basis, Rational(value.numerator, value.denominator)}});
}

std::optional<Quantity> Add(const Quantity& a, const Quantity& b) {
  Quantity::Terms sum = a.terms();
  for (const auto& [basis, coefficient] : b.terms()) sum[basis] += coefficient;
  return Bounded(std::move(sum));
}

Quantity Negate(const Quantity& a) {
  Quantity::Terms negated = a.terms();
  for (auto& [basis, coefficient] : negated) coefficient = -coefficient;
  return Quantity(std::move(negated));
}

std::optional<Quantity> Multiply(const Quantity& a, const Quantity& b) {
  Quantity::Terms product;
  for (const auto& [left, p] : a.terms()) {
    for (const auto& [right, q] : b.terms()) {
      // √m √n = g √(mn / g²): free of squares again, because m and n are.
      const int64_t common = std::gcd(left.first, right.first);
      const Quantity::Basis basis{(left.first / common) * (right.first / common),
                                  left.second + right.second};
      product[basis] += p * q * common;
    }
  }
  return Bounded(std::move(product));
}

std::optional<Quantity> Divide(const Quantity& a, const Quantity& b) {
  if (b.terms().empty()) return std::nullopt;
  const std::optional<Quantity> inverse = Inverse(b);
  return inverse ? Multiply(a, *inverse) : std::nullopt;
}

std::optional<Quantity> Power(const Quantity& base, const Quantity& exponent) {
  const std::optional<Rational> value = exponent.AsRational();
  if (!value || denominator(*value) != 1 || abs(numerator(*value)) > kMaxExponent) {
    return std::nullopt;
  }
  auto remaining = static_cast<int64_t>(numerator(*value));
  if (remaining < 0) {
    const std::optional<Quantity> inverse = Divide(Quantity(Rational(1)), base);
    return inverse ? Power(*inverse, Quantity(Rational(-remaining))) : std::nullopt;
  }
  std::optional<Quantity> result = Quantity(Rational(1));
  std::optional<Quantity> square = base;
  for (; remaining > 0 && result; remaining /= 2) {
    if (!square) return std::nullopt;
    if (remaining % 2 == 1) result = Multiply(*result, *square);
    if (remaining > 1) square = Multiply(*square, *square);
  }
  return result;
}

std::optional<Quantity> SquareRoot(const Quantity& a) {
  const std::optional<Rational> value = a.AsRational();
  if (!value || *value < 0) return std::nullopt;
  const Integer divisor = denominator(*value);
  // √(p/q) = √(pq) / q
  Integer inside = numerator(*value) * divisor;
  const Integer root = sqrt(inside);
  if (root * root == inside) return Quantity(Rational(root, divisor));
  if (inside > kMaxRadicand) return std::nullopt;
  auto radicand = static_cast<int64_t>(inside);
  int64_t outside = 1;
  for (int64_t d = 2; d * d <= radicand; ++d) {
    while (radicand % (d * d) == 0) {
      radicand /= d * d;
      outside *= d;
    }
  }
  return Quantity(Quantity::Terms{{{radicand, 0}, Rational(Integer(outside), divisor)}});
}

}  // namespace retort
