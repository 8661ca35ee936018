// Exact numbers of school mathematics: sums of rational multiples of square roots and powers of pi,
// such as 3/4, 2√3, 25π + 10. Two quantities are equal exactly when their terms are.
//
//   std::optional<Quantity> root = SquareRoot(Quantity(Rational(12)));   // 2√3
//   Multiply(*root, *root) == Quantity(Rational(12))
//
// Every operation returns nothing where the result leaves this family, has more than kMaxTerms
// terms, or numbers of more than kMaxBits bits: so time and memory stay bounded for any input.
// Includes Boost.Multiprecision; only .cpp files of the grader include this. Thread-safe values.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "lab/answer.h"

namespace retort {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

class Quantity {
 public:
  static constexpr size_t kMaxTerms = 8;
  static constexpr size_t kMaxBits = 4096;

  // (radicand without square factors, power of pi)
  using Basis = std::pair<int64_t, int>;
  using Terms = std::map<Basis, Rational>;

  Quantity() = default;  // 0
  explicit Quantity(const Rational& value);
  explicit Quantity(Terms terms);  // terms of coefficient 0 are dropped

  const Terms& terms() const { return terms_; }
  // The value, if it holds neither roots nor pi.
  std::optional<Rational> AsRational() const;
  bool operator==(const Quantity&) const = default;

 private:
  Terms terms_;
};

Quantity Pi();
Quantity ToQuantity(const ExactValue& value);

std::optional<Quantity> Add(const Quantity& a, const Quantity& b);
std::optional<Quantity> Multiply(const Quantity& a, const Quantity& b);
Quantity Negate(const Quantity& a);
// The divisor must be one term, or a rational plus one root.
std::optional<Quantity> Divide(const Quantity& a, const Quantity& b);
// Whole exponents of at most 10,000 in magnitude.
std::optional<Quantity> Power(const Quantity& base, const Quantity& exponent);
// Of a rational that is not negative.
std::optional<Quantity> SquareRoot(const Quantity& a);

}  // namespace retort
