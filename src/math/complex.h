// Complex numbers of 50 or 100 decimal digits, for values that exact arithmetic cannot have.
//
//   Complex<Real50> i{0, 1};
//   (i * i).re   // -1
//
// Division by 0 gives what IsFinite denies. Real numbers keep an imaginary part of exactly 0.
// Includes Boost's floating point, so only what evaluates includes this. Plain values, thread-safe.
#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "math/number.h"

namespace retort {

namespace mp = boost::multiprecision;
using Real50 = mp::number<mp::cpp_bin_float<50>, mp::et_off>;
using Real100 = mp::number<mp::cpp_bin_float<100>, mp::et_off>;

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

// Below it a number counts as 0: the last fifth of the digits is left to rounding.
template <typename Real>
const Real& Tiny() {
  static const Real tiny = mp::pow(Real(10), -std::numeric_limits<Real>::digits10 * 4 / 5);
  return tiny;
}

}  // namespace retort
