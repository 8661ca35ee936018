// Finds in a model's text what it gave as its answer.
//
//   FindBoxes("so \\boxed{4} and \\boxed{7}")          // two boxes
//   FindPhrase("The final answer is 12 cm.")            // "12 cm."
//
// Linear in the text, but for what is looked at in its last 4,000 bytes. Stateless, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct Box {
  size_t begin = 0;  // of the backslash
  size_t end = 0;    // behind the closing brace
  std::string_view content;
};

// All complete \boxed{...} and \fbox{...} with content, in the order in which they end; of nested
// ones the outer only.
std::vector<Box> FindBoxes(std::string_view text);

// The last box; where the question asks for `wanted` > 1 values, with the boxes close before it,
// each with the "x =" that stands before it: "x = 4, y = 7". With 0, if that is not known, the
// boxes before it in the same breath: "\boxed{1} or \boxed{2}".
std::optional<std::string> JoinLastBoxes(std::string_view text, size_t wanted);

struct Phrase {
  size_t begin = 0;
  bool final = false;     // "final answer", "答案": not just "answer is"
  std::string_view rest;  // what follows to the end of its line
};
std::optional<Phrase> FindPhrase(std::string_view text);

// What such a rest of a line says, in its first sentence and behind its last "is": the whole of it,
// a formula, or the last number.
std::string AnswerOfPhrase(std::string_view rest);

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
std::optional<FoundNumber> LastNumber(std::string_view text);

// The value of the last "name = value" in the last part of the text.
std::optional<std::string> LastEquation(std::string_view text, std::string_view name);

// The answer part of a model's output: what follows the last </think>.
std::string_view WithoutThinking(std::string_view text);

}  // namespace retort
