// Powers, logarithms and the elementary functions of complex numbers, with their principal values.
//
//   int evaluations = 10;
//   Elementary<Real50>(evaluations).Exp({0, pi})   // -1, and 9 evaluations left
//
// Nothing where a value does not exist, cannot be told from a pole, or would need an argument too
// large to be exact; and nothing more once the evaluations are spent, so that time is bounded.
// Belongs to one thread, as the counter does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "math/complex.h"

namespace retort {

template <typename Real>
class Elementary {
 public:
  using Number = Complex<Real>;
  using Value = std::optional<Number>;

  // `evaluations` lives as long as this and is what may still be evaluated.
  explicit Elementary(int& evaluations) : evaluations_(evaluations) {}

  Value Exp(const Number& x);
  Value Log(const Number& x);
  // The real root of a negative number where its degree is odd.
  Value RationalPower(const Number& base, const Exponent& exponent);
  Value Power(const Value& base, const Value& exponent);
  // sin, cos, tan, cot, sec and csc
  Value Trigonometric(const std::string& name, const Number& x);
  // sinh, cosh, tanh, coth, sech and csch
  Value Hyperbolic(const std::string& name, const Number& x);
  // arcsin, arctanh, ..., on real arguments where the value is real.
  Value Inverse(const std::string& name, const Number& x);
  // floor, ceil and sign. Where the argument is a whole number but for rounding, it is that.
  Value Step(const std::string& name, const Number& x);
  // max, min and mod of real numbers.
  Value OfSeveral(const std::string& name, const std::vector<Number>& arguments);

 private:
  bool Count() { return --evaluations_ >= 0; }
  Value IntegerPower(Number base, int64_t exponent);
  Value SinCos(const Number& x, bool sine);

  int& evaluations_;
};

extern template class Elementary<Real50>;
extern template class Elementary<Real100>;

}  // namespace retort
