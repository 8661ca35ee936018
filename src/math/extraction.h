// Finds in a model's text what it gave as its answer.
//
//   FindPhrase("The final answer is 12 cm.")->rest      // "12 cm."
//   LastNumber("3 apples and 4 pears")->text            // "4"
//
// Linear in the text, but for what is looked at in its last 4,000 bytes. Stateless, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "math/boxes.h"
#include "math/form.h"

namespace retort {

struct Phrase {
  size_t begin = 0;
  bool final = false;     // "final answer", "答案": not just "answer is"
  std::string_view rest;  // what follows to the end of its line
};
std::optional<Phrase> FindPhrase(std::string_view text);

// What such a rest of a line says, in its first sentence and behind its last "is": the whole of it,
// a formula, or the last number.
std::string AnswerOfPhrase(std::string_view rest, Algebra& algebra);
std::string AnswerOfPhrase(std::string_view rest);  // with a budget of its own

struct Formula {
  size_t end = 0;  // behind the closing delimiter
  std::string_view content;
};
// $...$ and \(...\) in one line, $$...$$ and \[...\], in the last part of the text; the last first.
std::vector<Formula> LastFormulas(std::string_view text);

struct FoundNumber {
  size_t begin = 0;  // in the text after ToLatex
  std::string text;  // with what belongs to it: "3/4", "25\pi", "-7"
};
// The last number in the last part of the text.
std::optional<FoundNumber> LastNumber(std::string_view text, Algebra& algebra);
std::optional<FoundNumber> LastNumber(std::string_view text);  // with a budget of its own

// The value of the last "name = value" in the last part of the text.
std::optional<std::string> LastEquation(std::string_view text, std::string_view name);

// The answer part of a model's output: what follows the last </think>.
std::string_view WithoutThinking(std::string_view text);

}  // namespace retort
