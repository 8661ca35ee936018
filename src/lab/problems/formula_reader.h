// For tests: reads numbers and formulas back from the text of a generated problem.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace retort {

using Unknowns = std::map<char, double>;

// All numbers of a text in order; a minus sign directly before a digit and after "(" or a space
// belongs to the number. Exponents of letters, as in x^2, are left out.
std::vector<double> NumbersIn(const std::string& text);

// Runs of digits, x, y, z, operators and brackets that hold a digit, e.g. "3x - y = 5".
std::vector<std::string> FormulasIn(const std::string& text);

// The value of a formula without "="; NAN where it cannot be read to its end.
double Evaluate(const std::string& formula, const Unknowns& at);

// Left side minus right side.
double Residual(const std::string& equation, const Unknowns& at);

}  // namespace retort
