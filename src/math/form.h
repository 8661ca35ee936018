// Exact canonical forms of expressions: quotients of sums of terms, a term being a rational number
// times powers of atoms. √12 is 2·2^(1/2)... so that equal expressions of school mathematics mostly
// have equal forms:
//
//   Algebra algebra;
//   Form root = *algebra.Power(Form(Rational(12)), Form(Rational(1, 2)));     // 2·3^(1/2)
//   algebra.IsZero(*algebra.Subtract(*algebra.Multiply(root, root), Form(Rational(12))))   // true
//
// Atoms: prime numbers below a fractional power, i, π, e, ∞, variables, powers with a symbolic
// exponent or a sum below a root, and functions of forms (sin, ln, ...). What is known of atoms is
// i² = -1, that the primes' powers are positive and multiply, exp and ln of products of primes; all
// else (sin² + cos² = 1, nested roots) is left to numeric.h.
//
// Every operation returns nothing where the value does not exist (1/0) or where the result would
// pass a limit below; so time and memory stay bounded for any input. An Algebra counts its work and
// refuses everything once its budget is spent; it belongs to one thread. Forms are plain values.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "math/budget.h"
#include "math/number.h"

namespace retort {

struct Atom;
using AtomPtr = std::shared_ptr<const Atom>;

// Atoms with their exponents, ordered by Atom::key; no exponent is 0.
using Monomial = std::vector<std::pair<AtomPtr, Exponent>>;
struct MonomialLess {
  bool operator()(const Monomial& a, const Monomial& b) const;
};
// Terms with their coefficients, none of which is 0. No terms: 0.
using Polynomial = std::map<Monomial, Rational, MonomialLess>;

class Form {
 public:
  Form();  // 0
  explicit Form(const Rational& value);
  // above / below; below is not 0.
  Form(Polynomial above, Polynomial below) : above_(std::move(above)), below_(std::move(below)) {}

  const Polynomial& above() const { return above_; }
  // 1 unless the divisor has several terms: negative exponents stand for the others.
  const Polynomial& below() const { return below_; }
  bool IsPolynomial() const;
  // The value, if no atom is left in it.
  std::optional<Rational> AsRational() const;
  // The name, if the form is a variable alone.
  std::optional<std::string> AsVariable() const;
  // A text that determines the form.
  std::string Key() const;
  int64_t KeySteps() const;  // what that takes

 private:
  Polynomial above_, below_;
};

struct Atom {
  enum class Kind { kPrime, kImaginary, kPi, kEuler, kInfinity, kVariable, kPower, kFunction };
  Kind kind = Kind::kVariable;
  std::string name;             // of a variable or function
  std::vector<Form> arguments;  // of a function; base and exponent of a power
  int64_t prime = 0;
  std::string key;  // equal for equal atoms, different for different ones
};

Form Pi();
Form EulerNumber();
Form ImaginaryUnit();
Form Infinity();
Form Variable(std::string name);
// Names of all variables in it, at any depth.
std::vector<std::string> VariablesOf(const Form& form);
bool HasInfinity(const Form& form);
bool IsEulerNumber(const Form& form);
// Values for variables, by name.
using VariableValues = std::map<std::string, Rational>;

class Algebra {
 public:
  static constexpr size_t kMaxTerms = 100;
  static constexpr size_t kMaxBits = 4096;      // of a coefficient's numerator plus denominator
  static constexpr size_t kMaxKeyBytes = 3000;  // of an atom

  using Result = std::optional<Form>;

  Result Add(const Form& a, const Form& b);
  Result Subtract(const Form& a, const Form& b);
  Result Multiply(const Form& a, const Form& b);
  Result Divide(const Form& a, const Form& b);
  Form Negate(const Form& a);
  // Roots of negative numbers: the real one where the root's degree is odd, else the principal one.
  Result Power(const Form& base, const Form& exponent);
  Result SquareRoot(const Form& a) { return Power(a, Form(Rational(1, 2))); }
  // By LaTeX name: "sin", "ln", "abs", "floor", "factorial", "binom", "gcd", ... Evaluated where
  // the arguments are rational and the value too; unknown names become atoms.
  Result Function(std::string_view name, const std::vector<Form>& arguments);

  bool Spend(int64_t steps) { return budget_.Spend(steps); }
  Budget& budget() { return budget_; }

 private:
  std::optional<Polynomial> AddTerms(const Polynomial& a, const Polynomial& b);
  std::optional<Polynomial> MultiplyTerms(const Polynomial& a, const Polynomial& b);
  std::optional<std::pair<Monomial, Rational>> MultiplyTerm(const Monomial& a, const Monomial& b);
  Result Quotient(Polynomial above, Polynomial below);
  Result PowerAtom(const Form& base, const Form& exponent);
  Result IntegerPower(const Form& base, int64_t exponent);
  Result RationalPower(const Form& base, const Rational& exponent);
  Result MonomialPower(const Monomial& base, const Exponent& exponent);
  Result PositivePower(const Rational& base, const Exponent& exponent);
  Result SymbolicPower(const Form& base, const Form& exponent);
  Result FunctionAtom(std::string_view name, const std::vector<Form>& arguments);
  Result Logarithm(const Form& a);
  bool Bounded(const Polynomial& terms);

  Budget budget_;
};

}  // namespace retort
