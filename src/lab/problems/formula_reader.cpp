#include "lab/problems/formula_reader.h"

#include <cctype>
#include <cmath>

namespace retort {
namespace {

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool IsAlpha(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

class Evaluator {
 public:
  Evaluator(const std::string& text, const Unknowns& at) : text_(text), unknowns_(at) {}

  double Whole() {
    const double value = Sum();
    return Peek() == 0 ? value : NAN;
  }

 private:
  char Peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Accept(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }

  double Sum() {
    double sum = Accept('-') ? -Product() : Product();
    while (true) {
      if (Accept('+')) {
        sum += Product();
      } else if (Accept('-')) {
        sum -= Product();
      } else {
        return sum;
      }
    }
  }

  double Product() {
    double product = Factor();
    while (true) {
      if (Accept('*')) {
        product *= Factor();
      } else if (Accept('/')) {
        product /= Factor();
      } else if (Peek() == '(' || IsAlpha(Peek())) {
        product *= Factor();
      } else {
        return product;
      }
    }
  }

  double Factor() {
    const double base = Base();
    return Accept('^') ? std::pow(base, Base()) : base;
  }

  double Base() {
    if (Accept('(')) {
      const double inside = Sum();
      return Accept(')') ? inside : NAN;
    }
    const char c = Peek();
    if (const auto unknown = unknowns_.find(c); unknown != unknowns_.end()) {
      ++at_;
      return unknown->second;
    }
    if (!IsDigit(c)) return NAN;
    double number = 0;
    for (; at_ < text_.size() && IsDigit(text_[at_]); ++at_)
      number = 10 * number + text_[at_] - '0';
    return number;
  }

  const std::string& text_;
  const Unknowns& unknowns_;
  size_t at_ = 0;
};

}  // namespace

std::vector<double> NumbersIn(const std::string& text) {
  std::vector<double> numbers;
  for (size_t at = 0; at < text.size();) {
    if (!IsDigit(text[at])) {
      ++at;
      continue;
    }
    size_t used = 0;
    const double magnitude = std::stod(text.substr(at), &used);
    const bool negative =
        at > 1 && text[at - 1] == '-' && (text[at - 2] == '(' || text[at - 2] == ' ');
    const bool exponent = at > 1 && text[at - 1] == '^' && IsAlpha(text[at - 2]);
    if (!exponent) numbers.push_back(negative ? -magnitude : magnitude);
    at += used;
  }
  return numbers;
}

std::vector<std::string> FormulasIn(const std::string& text) {
  std::vector<std::string> formulas;
  std::string run;
  bool has_digit = false;
  const auto finish = [&] {
    if (has_digit) formulas.push_back(run);
    run.clear();
    has_digit = false;
  };
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool word =
        (at > 0 && IsAlpha(text[at - 1])) || (at + 1 < text.size() && IsAlpha(text[at + 1]));
    if (text.compare(at, 2, "×") == 0) {
      run += '*';
      ++at;
    } else if (IsDigit(c) || std::string("+-*/^()= ").find(c) != std::string::npos ||
               (c >= 'x' && c <= 'z' && !word)) {
      run += c;
      has_digit = has_digit || IsDigit(c);
    } else {
      finish();
    }
  }
  finish();
  return formulas;
}

double Evaluate(const std::string& formula, const Unknowns& at) {
  return Evaluator(formula, at).Whole();
}

double Residual(const std::string& equation, const Unknowns& at) {
  const size_t equals = equation.find('=');
  if (equals == std::string::npos) return NAN;
  return Evaluate(equation.substr(0, equals), at) - Evaluate(equation.substr(equals + 1), at);
}

}  // namespace retort
