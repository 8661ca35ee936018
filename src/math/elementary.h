// Powers, logarithms and the elementary functions of complex numbers, with their principal values.
//
//   Budget budget;
//   Elementary<Real50>(budget).Exp({0, pi})   // -1
//
// Nothing where a value does not exist, cannot be told from a pole, or would need an argument too
// large to be exact; and nothing more once the budget is spent. Belongs to one thread, as that
// does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "math/budget.h"
#include "math/complex.h"

namespace retort {

// What takes how long.
template <typename Real>
struct Steps {
  static constexpr bool kLong = std::is_same_v<Real, Real100>;
  static constexpr int64_t kFunction = kLong ? 240 : 80;  // exp, sin, ...
  static constexpr int64_t kRoot = kLong ? 40 : 16;
  static constexpr int64_t kPower = kLong ? 16 : 8;  // by squaring
  static constexpr int64_t kTerm = 4;                // from a rational number
};

template <typename Real>
class Elementary {
 public:
  using Number = Complex<Real>;
  using Value = std::optional<Number>;

  // `budget` lives as long as this.
  explicit Elementary(Budget& budget) : budget_(budget) {}

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
  bool Pay() { return budget_.Spend(Steps<Real>::kFunction); }
  Value IntegerPower(Number base, int64_t exponent);
  Value SinCos(const Number& x, bool sine);

  Budget& budget_;
};

extern template class Elementary<Real50>;
extern template class Elementary<Real100>;

}  // namespace retort
