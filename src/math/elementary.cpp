#include "math/elementary.h"

#include <algorithm>

namespace retort {
namespace {

constexpr int kMaxMagnitude = 100'000;  // of an argument of exp, sin, ...

}  // namespace

template <typename Real>
auto Elementary<Real>::Exp(const Number& x) -> Value {
  if (!Pay() || mp::abs(x.re) > kMaxMagnitude || mp::abs(x.im) > kMaxMagnitude) return {};
  const Real size = mp::exp(x.re);
  if (x.IsReal()) return Number{size, 0};
  return Number{size * mp::cos(x.im), size * mp::sin(x.im)};
}

template <typename Real>
auto Elementary<Real>::Log(const Number& x) -> Value {
  if (!Pay() || Magnitude(x) < Tiny<Real>()) return {};
  if (x.IsReal() && x.re > 0) return Number{mp::log(x.re), 0};
  return Number{mp::log(Magnitude(x)), mp::atan2(x.im, x.re)};
}

template <typename Real>
auto Elementary<Real>::RationalPower(const Number& base, const Exponent& exponent) -> Value {
  const bool zero = Magnitude(base) < Tiny<Real>();
  if (zero) return exponent.num > 0 ? Value(Number{}) : std::nullopt;
  if (exponent.den == 1) return IntegerPower(base, exponent.num);
  if (base.IsReal() && base.re < 0 && exponent.den % 2 == 1) {
    // The real root.
    const Value root = RationalPower({-base.re, 0}, exponent);
    if (!root) return {};
    return exponent.num % 2 == 0 ? *root : Number{-root->re, 0};
  }
  if (base.IsReal() && base.re > 0 && exponent.den == 2) {
    if (!budget_.Spend(Steps<Real>::kRoot)) return {};
    return IntegerPower({mp::sqrt(base.re), 0}, exponent.num);
  }
  const Value log = Log(base);
  if (!log) return {};
  const Real power = Real(exponent.num) / Real(exponent.den);
  return Exp(*log * Number{power, 0});
}

template <typename Real>
auto Elementary<Real>::IntegerPower(Number base, int64_t exponent) -> Value {
  if (exponent == 1) return base;
  if (!budget_.Spend(Steps<Real>::kPower)) return {};
  if (exponent < 0) {
    base = Number{1, 0} / base;
    exponent = -exponent;
  }
  Number result{1, 0};
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = result * base;
    base = base * base;
  }
  return IsFinite(result) ? Value(result) : std::nullopt;
}

template <typename Real>
auto Elementary<Real>::Power(const Value& base, const Value& exponent) -> Value {
  if (!base || !exponent) return {};
  if (exponent->IsReal() && exponent->re == mp::floor(exponent->re) &&
      mp::abs(exponent->re) < kMaxMagnitude) {
    return RationalPower(*base, {static_cast<int64_t>(exponent->re), 1});
  }
  const Value log = Log(*base);
  return log ? Exp(*log * *exponent) : std::nullopt;
}

// (e^(ix) - e^(-ix)) / 2i and (e^(ix) + e^(-ix)) / 2, for complex x.
template <typename Real>
auto Elementary<Real>::SinCos(const Number& x, bool sine) -> Value {
  if (!Pay() || Magnitude(x) > kMaxMagnitude) return {};
  if (x.IsReal()) return Number{sine ? mp::sin(x.re) : mp::cos(x.re), 0};
  const Value forth = Exp(x * Number{0, 1});
  const Value back = Exp(x * Number{0, -1});
  if (!forth || !back) return {};
  return sine ? (*forth - *back) / Number{0, 2} : (*forth + *back) / Number{2, 0};
}

template <typename Real>
auto Elementary<Real>::Trigonometric(const std::string& name, const Number& x) -> Value {
  const Value s = name == "cos" || name == "sec" ? Value(Number{1, 0}) : SinCos(x, true);
  const Value c = name == "sin" || name == "csc" ? Value(Number{1, 0}) : SinCos(x, false);
  if (!s || !c) return {};
  const bool over_sine = name == "csc" || name == "cot";
  const Number& below = over_sine ? *s : *c;
  if (name == "sin") return s;
  if (name == "cos") return c;
  if (Magnitude(below) < Tiny<Real>()) return {};
  return (over_sine ? *c : *s) / below;
}

template <typename Real>
auto Elementary<Real>::Hyperbolic(const std::string& name, const Number& x) -> Value {
  const Value forth = Exp(x);
  if (!forth || Magnitude(*forth) == 0) return {};
  const Number back = Number{1, 0} / *forth;
  const Number sinh = (*forth - back) / Number{2, 0};
  const Number cosh = (*forth + back) / Number{2, 0};
  const bool over_sinh = name == "coth" || name == "csch";
  if (name == "sinh") return sinh;
  if (name == "cosh") return cosh;
  if (over_sinh && Magnitude(sinh) < Tiny<Real>()) return {};
  if (name == "tanh") return sinh / cosh;
  if (name == "coth") return cosh / sinh;
  return Number{1, 0} / (over_sinh ? sinh : cosh);
}

template <typename Real>
auto Elementary<Real>::Inverse(const std::string& name, const Number& x) -> Value {
  if (!Pay() || !x.IsReal() || mp::abs(x.re) > mp::pow(Real(10), 20)) return {};
  const Real& v = x.re;
  const bool inside = mp::abs(v) <= 1;
  if (name == "arcsin" && inside) return Number{mp::asin(v), 0};
  if (name == "arccos" && inside) return Number{mp::acos(v), 0};
  if (name == "arctan") return Number{mp::atan(v), 0};
  if (name == "arccot" && v != 0) return Number{mp::atan(1 / v), 0};
  if (name == "arcsec" && mp::abs(v) >= 1) return Number{mp::acos(1 / v), 0};
  if (name == "arccsc" && mp::abs(v) >= 1) return Number{mp::asin(1 / v), 0};
  if (name == "arcsinh") return Number{mp::log(v + mp::sqrt(v * v + 1)), 0};
  if (name == "arccosh" && v >= 1) return Number{mp::log(v + mp::sqrt(v * v - 1)), 0};
  if (name == "arctanh" && mp::abs(v) < 1) return Number{mp::log((1 + v) / (1 - v)) / 2, 0};
  return {};
}

template <typename Real>
auto Elementary<Real>::Step(const std::string& name, const Number& x) -> Value {
  if (!x.IsReal()) return {};
  const Real nearest = mp::floor(x.re + Real(0.5));
  const Real v = mp::abs(x.re - nearest) < Tiny<Real>() ? nearest : x.re;
  if (name == "floor") return Number{mp::floor(v), 0};
  if (name == "ceil") return Number{mp::ceil(v), 0};
  return Number{Real(v > Tiny<Real>() ? 1 : v < -Tiny<Real>() ? -1 : 0), 0};
}

template <typename Real>
auto Elementary<Real>::OfSeveral(const std::string& name, const std::vector<Number>& arguments)
    -> Value {
  const auto real = [](const Number& x) { return x.IsReal(); };
  if (!std::all_of(arguments.begin(), arguments.end(), real)) return {};
  const auto less = [](const Number& a, const Number& b) { return a.re < b.re; };
  if (name == "max") return *std::max_element(arguments.begin(), arguments.end(), less);
  if (name == "min") return *std::min_element(arguments.begin(), arguments.end(), less);
  if (arguments.size() != 2 || arguments[1].re == 0) return {};
  const Value turns = Step("floor", arguments[0] / arguments[1]);
  return Number{arguments[0].re - arguments[1].re * turns->re, 0};
}

template class Elementary<Real50>;
template class Elementary<Real100>;

}  // namespace retort
