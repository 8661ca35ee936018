// The \boxed{...} in a text, where models are asked to put their answers.
//
//   FindBoxes("so \\boxed{4} and \\boxed{7}")             // two boxes
//   JoinLastBoxes("x = \\boxed{4}, y = \\boxed{7}", 2)    // "x = 4, y = 7"
//
// Any bytes are accepted; a box that is not closed is none. Linear in the text. Stateless,
// thread-safe.
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

}  // namespace retort
