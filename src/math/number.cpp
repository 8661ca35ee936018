#include "math/number.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace retort {
namespace {

constexpr int64_t kMaxExponentPart = 1'000'000;
constexpr int64_t kMaxTrialDivisor = 31'607;
// Above every product of two primes beyond the trial divisors.
constexpr int64_t kMaxPrime = 999'000'000;

std::optional<Exponent> Reduced(int64_t num, int64_t den) {
  const int64_t common = std::gcd(num, den);
  const Exponent exponent{num / common, den / common};
  if (exponent.num > kMaxExponentPart || exponent.num < -kMaxExponentPart ||
      exponent.den > kMaxExponentPart) {
    return std::nullopt;
  }
  return exponent;
}

}  // namespace

size_t BitsOf(const Integer& value) {
  return value == 0 ? 0 : static_cast<size_t>(msb(value < 0 ? Integer(-value) : value)) + 1;
}

size_t BitsOf(const Rational& value) {
  return BitsOf(Integer(numerator(value))) + BitsOf(Integer(denominator(value)));
}

bool IsInteger(const Rational& value) { return denominator(value) == 1; }

Integer Floor(const Rational& value) {
  const Integer above = numerator(value);
  const Integer below = denominator(value);
  Integer quotient = above / below;
  if (above < 0 && quotient * below != above) --quotient;
  return quotient;
}

std::optional<int64_t> AsInt64(const Rational& value) {
  if (!IsInteger(value) || abs(numerator(value)) > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(numerator(value));
}

Rational PowerOfTen(int exponent) {
  const Integer power =
      boost::multiprecision::pow(Integer(10), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Rational(Integer(1), power) : Rational(power);
}

Rational ReadDecimal(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  std::string whole;
  int decimals = 0;
  bool behind_point = false;
  for (const char c : digits) {
    if (c == '.') behind_point = true;
    if (c < '0' || c > '9') continue;
    // A leading 0 would make the rest octal.
    if (!(whole.empty() && c == '0')) whole += c;
    decimals += behind_point ? 1 : 0;
  }
  const Rational value = Rational(Integer(whole.empty() ? "0" : whole)) * PowerOfTen(-decimals);
  return negative ? Rational(-value) : value;
}

std::optional<std::vector<std::pair<int64_t, int>>> Factorize(const Integer& value) {
  std::vector<std::pair<int64_t, int>> factors;
  Integer rest = value;
  for (const int64_t small : {2, 5}) {  // powers of ten of any size
    int count = 0;
    for (; rest % small == 0; ++count) rest /= small;
    if (count > 0) factors.emplace_back(small, count);
  }
  if (rest > INT64_MAX) return std::nullopt;
  auto left = static_cast<int64_t>(rest);
  for (int64_t divisor = 3; divisor <= kMaxTrialDivisor && divisor * divisor <= left;
       divisor += 2) {
    int count = 0;
    for (; left % divisor == 0; ++count) left /= divisor;
    if (count > 0) factors.emplace_back(divisor, count);
  }
  if (left > kMaxPrime) return std::nullopt;
  if (left > 1) factors.emplace_back(left, 1);
  return factors;
}

int64_t StepsOfFactorizing(const Rational& value) {
  int64_t steps = 5;
  for (const Integer& part : {Integer(numerator(value)), Integer(denominator(value))}) {
    steps += (int64_t{1} << std::min<size_t>(BitsOf(part), 30) / 2) / 40;
  }
  return steps;
}

std::optional<Exponent> MakeExponent(const Rational& value) {
  const Integer above = numerator(value);
  const Integer below = denominator(value);
  if (abs(above) > kMaxExponentPart || below > kMaxExponentPart) return std::nullopt;
  return Exponent{static_cast<int64_t>(above), static_cast<int64_t>(below)};
}

std::optional<Exponent> AddExponents(const Exponent& a, const Exponent& b) {
  return Reduced(a.num * b.den + b.num * a.den, a.den * b.den);
}

std::optional<Exponent> MultiplyExponents(const Exponent& a, const Exponent& b) {
  return Reduced(a.num * b.num, a.den * b.den);
}

}  // namespace retort
