// Judges whether a prediction gives the gold answer of a mathematics question, both being free
// text: LaTeX, plain or Chinese, bare answers or long solutions.
//
//   GradeMath("$\\frac{1}{2}$", "Therefore x = \\boxed{0.5}.").correct      // true
//   GradeMath("(3, 1)", "\\boxed{(1, 3)}").cause                            // "wrong"
//
// Where the answer is looked for, behind a last </think>: the last \boxed{} (close ones are one
// list) or a "final answer is" behind it; else the whole text where it is an answer alone; a phrase
// ("answer:", "答案是", "####"); the last formula or number, whichever stands later. `path` says
// which.
//
// What counts as the same:
//   numbers     exact, over rationals, roots, π, e, i and functions (numeric.h says how): 6/8, 0.75
//               and 3/4; never 0.33 for 1/3. No relative tolerance. Where the gold is a decimal,
//               half a unit of its last place is accepted: 3.14159 for 3.14.
//   expressions equal wherever both are real: (x+1)^2 and x^2+2x+1, tan^2 y + 1 and sec^2 y
//   percent     n% is n where only one side has the sign; 0.28 will do for 28%, not 28% for 0.28
//   units       dropped, as are currency and degree signs; "3 million" and "3万" are multiplied
//   fractions   need not be reduced
//   lists, sets in any order; tuples, points and matrices in theirs
//   names       "x = 5" for 5; named values by name; x = 5 is not y = 5
//   equations   multiples of each other
//   intervals   as the inequalities that they are; unions merged
//   ratios      2:4 for 1:2, but not 0.5; times as written
//   text        regardless of case, spaces and punctuation; no abbreviations
//   1,234       one number or two, as the gold needs it; 1,5 is 1.5 where the other is a decimal
//
// Errors: none; any bytes are accepted. Work is bounded: answers over 1,000 bytes, brackets nested
// deeper than 64, numbers over 1,000 digits are not read, and all that a call computes is paid from
// one Budget; what that does not decide is not the same. Stateless and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "math/compare.h"
#include "math/extraction.h"

namespace retort {

// Named as in Math-Verify and its test data.
struct GradeOptions : CompareOptions {
  // What is looked for: formulas in \boxed{} or $...$, and bare numbers and expressions.
  bool latex = true;
  bool expr = true;
  // 0: of a box and a final answer phrase the later counts. 50: the phrase before any box.
  int boxed_match_priority = 0;
};

struct MathGrade {
  bool correct = false;
  std::string extracted;  // what was judged, at most 200 bytes
  std::string path;       // "boxed", "final answer phrase", "whole text", "last formula", ...
  std::string cause;      // "" if correct, else "wrong", "no answer" or "unparsable"
  int64_t steps = 0;      // of work, at most Budget::kSteps
};

MathGrade GradeMath(std::string_view gold, std::string_view prediction,
                    const GradeOptions& options = {});

// Whether `written`, an answer that is already extracted, means the gold one. What commas between
// digits mean is tried both ways.
bool MeansGold(std::string_view gold, std::string_view written, const CompareOptions& options);
bool MeansGold(const Value& gold, std::string_view written, const CompareOptions& options);

}  // namespace retort
