// Exact grading of a model's text against a problem's answer, with the cause of every miss.
//
//   Graded graded = Grade(problem, "... so \\boxed{x = 4, y = 7}", /*reasoning_text=*/"", false);
//   graded.verdict    // Verdict::kCorrect
//   graded.extracted  // "x = 4, y = 7"
//   graded.path       // "boxed"
//
// Where the answer is looked for, in the answer part only, best first: the last complete \boxed{}
// (neighbouring boxes are joined), a phrase ("final answer is", "答案是", "Answer:", "####"), the
// last "x = ..." of a named unknown, the last $...$, the last number. `path` says which.
//
// What counts as equal: exact arithmetic over rationals, square roots and pi, never a tolerance,
// except half a unit of the last place where the question asks for rounding. 6/8 is 3/4; 0.75 is
// 3/4; 0.33 is not 1/3; 3.14 is not pi. Units, currency signs and degree signs are dropped. n% is
// accepted for n (the question asks for a percentage), n/100 is not. Sets ignore order, points do
// not, named unknowns are matched by name, or by position where the text gives no names.
//
// A text that hit the token limit counts by its \boxed{} if the answer part holds a complete one;
// other guesses from unfinished text are not taken, and the verdict is kLooped where the tail
// repeats itself, else kTruncated.
//
// Errors: none; any bytes are accepted, in time linear in the text. Stateless and thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "lab/problems.h"

namespace retort {

enum class Verdict {
  kCorrect,
  kWrong,      // an answer was found and it is not the right one
  kNoAnswer,   // the text ended by itself and holds nothing to grade
  kTruncated,  // the token limit cut the text before an answer
  kLooped,     // as kTruncated, because the text kept repeating itself
};

// "correct", "wrong", "no answer", "truncated", "looped"
const char* VerdictName(Verdict verdict);

struct Graded {
  Verdict verdict = Verdict::kNoAnswer;
  std::string extracted;  // what was graded, as the model wrote it, at most 200 bytes
  // "boxed", "final answer phrase", "last equation", "last formula", "last number"; "" for none
  std::string path;
};

// `answer_text`: what follows the thinking (everything, for a model that does not think; empty
// when the thinking never ended). `reasoning_text`: the thinking. `truncated`: the text ended at
// the token limit.
Graded Grade(const Problem& problem, std::string_view answer_text, std::string_view reasoning_text,
             bool truncated);

}  // namespace retort
