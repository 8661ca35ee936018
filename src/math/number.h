// The numbers of exact grading: integers and fractions of any size, and the small fractions that
// exponents are. Includes Boost.Multiprecision, so only what computes with them includes this.
// Plain values, thread-safe.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

// Of the magnitude; 0 for 0.
size_t BitsOf(const Integer& value);
size_t BitsOf(const Rational& value);  // numerator and denominator together
// Steps (budget.h) of a multiplication or addition of fractions with as many bits in all.
constexpr int64_t StepsOf(size_t bits) {
  const auto parts = static_cast<int64_t>(bits / 128);
  return parts * parts;
}
bool IsInteger(const Rational& value);
// The greatest integer that is not above.
Integer Floor(const Rational& value);
// As int64_t, if it is one.
std::optional<int64_t> AsInt64(const Rational& value);
// 10^exponent.
Rational PowerOfTen(int exponent);
// "12", "-0.75"; digits and at most one point, without exponent. Not checked.
Rational ReadDecimal(std::string_view digits);
// Prime factors with multiplicities of value >= 1; nothing if one above 31,607 might be composite.
std::optional<std::vector<std::pair<int64_t, int>>> Factorize(const Integer& value);
// Of Factorize for the numerator and the denominator.
int64_t StepsOfFactorizing(const Rational& value);

// A fraction in lowest terms with a positive denominator.
struct Exponent {
  int64_t num = 1;
  int64_t den = 1;
  bool operator==(const Exponent&) const = default;
};

// Nothing if a part would pass 10^6.
std::optional<Exponent> MakeExponent(const Rational& value);
std::optional<Exponent> AddExponents(const Exponent& a, const Exponent& b);
std::optional<Exponent> MultiplyExponents(const Exponent& a, const Exponent& b);

}  // namespace retort
