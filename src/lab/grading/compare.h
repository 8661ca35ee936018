// Compares what a model wrote with the right answer. The policies stand in lab/grading.h.
//
//   Matches(ToExact(NumberAnswer({3, 4})), "\\frac{6}{8}")   // true
//
// Any bytes are accepted; texts over kMaxExpressionLength never match. Stateless, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/answer.h"
#include "lab/grading/quantity.h"

namespace retort {

// As Answer, in the grader's numbers.
struct ExactAnswer {
  struct Part {
    std::string name;
    Quantity value;
  };
  std::vector<Part> parts;
  bool ordered = false;
  int decimals = -1;
};

ExactAnswer ToExact(const Answer& answer);

bool Matches(const ExactAnswer& gold, std::string_view written);

// The value that follows the last "name =" in normalised text, up to the end of its expression.
std::optional<std::string_view> LastEquation(std::string_view normalized, std::string_view name);

}  // namespace retort
