// Finds in a model's text what it gave as its answer. One pass over the text; `view`s point into
// it.
//
//   FindBoxes("so \\boxed{4} and \\boxed{7}")   // two boxes
//   FindPhrase("The final answer is 12 cm.")     // "12 cm."
//
// Stateless and thread-safe.
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

// The last box; where `wanted` > 1 answers are wanted, with the boxes close before it, each with
// the "x =" that stands before it: "x = 4, y = 7".
std::optional<std::string> JoinLastBoxes(std::string_view text, size_t wanted);

// What follows the last "final answer is", "答案是", "Answer:", "####" or the like, to the end of
// its line.
std::optional<std::string_view> FindPhrase(std::string_view text);

// The contents of $...$, \(...\) and \[...\] in the last part of the text, the last first.
std::vector<std::string_view> LastFormulas(std::string_view text);

}  // namespace retort
