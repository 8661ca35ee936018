// Equality of canonical forms, and the values of constant ones.
//
//   CompareForms(sin²x + cos²x, 1, algebra)   // Equality::kEqual
//   CompareForms(√2, 1.41421356, algebra)     // Equality::kDifferent
//
// How it is decided, and why no luck of floating point is in it:
// 1. The difference a - b is brought to its canonical form in exact arithmetic. 0: equal. A
// rational
//    number: different.
// 2. Else its numerator, an exact polynomial in atoms, is evaluated at fixed points in floating
//    point of 50 digits, then of 100. It counts as 0 only if it is below 10^-42 and then below
//    10^-85 of the sum of its terms' magnitudes: a difference that is not 0 would have to be met
//    within 10^-85 at every point. Constants have one point; expressions with variables have six,
//    of both signs, and count where both sides are real (so √(x²) is not x, but ln x² is 2 ln x);
//    where none is, all six complex values must agree.
// 3. What cannot be evaluated (overflow, unknown functions aside, which are given a value by their
//    arguments) is undecided, which callers take as different.
// All of it is paid from the algebra's budget. Stateless and thread-safe.
#pragma once

#include <optional>

#include "math/form.h"

namespace retort {

enum class Equality { kEqual, kDifferent, kUndecided };

Equality CompareForms(const Form& a, const Form& b, Algebra& algebra);

// The value of a real constant within 10^-40 of its magnitude, exact where it is rational; nothing
// if it has other variables, is not real, or is beyond 10^60.
std::optional<Rational> Approximate(const Form& form, Algebra& algebra,
                                    const VariableValues& variables = {});

}  // namespace retort
