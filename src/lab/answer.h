// The exact answer of a generated problem: one number, named unknowns, a set of roots, or a point.
//
//   Answer answer = NumberAnswer({3, 4});                   // 3/4
//   Answer answer = NamedAnswer({{"x", {4}}, {"y", {7}}});  // x = 4, y = 7, in any order
//   FormatAnswer(answer)                                    // "x = 4, y = 7"
//
// Values are exact: a reduced fraction, optionally times a square root, optionally times pi.
// Errors: none. Plain values, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace retort {

// numerator / denominator * sqrt(radicand) * (pi if times_pi)
struct ExactValue {
  int64_t numerator = 0;
  int64_t denominator = 1;  // > 0
  int64_t radicand = 1;     // >= 1
  bool times_pi = false;
  bool operator==(const ExactValue&) const = default;
};

// A fraction in lowest terms with a positive denominator.
ExactValue Fraction(int64_t numerator, int64_t denominator);

struct AnswerPart {
  std::string name;  // "x" where the question names the unknown, else empty
  ExactValue value;
  bool operator==(const AnswerPart&) const = default;
};

struct Answer {
  std::vector<AnswerPart> parts;  // at least one
  // Several unnamed parts: a point or tuple, in this order; otherwise a set.
  bool ordered = false;
  // Not negative: the question asks to round to so many decimals, and half a unit of the last one
  // is accepted. Otherwise the value must be met exactly.
  int decimals = -1;
};

Answer NumberAnswer(ExactValue value);
Answer NamedAnswer(std::vector<AnswerPart> parts);
// In any order, of rational values.
Answer SetAnswer(std::vector<ExactValue> values);
Answer PointAnswer(const std::vector<ExactValue>& values);
// The exact value, of which `decimals` places are asked for.
Answer RoundedAnswer(ExactValue value, int decimals);

// "-1/3", "25π", "2√3", and "3/4 = 0.75" where two decimals are exact.
std::string FormatValue(const ExactValue& value);
// "7", "x = 4, y = 7", "2 or 5", "(1, -2)"; a rounded answer as its decimals, "12.57".
std::string FormatAnswer(const Answer& answer);

}  // namespace retort
