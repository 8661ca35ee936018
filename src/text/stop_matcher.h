// Finds stop strings in streamed text, across the borders of pieces: text that might be the start
// of a stop string is held back; a stop string itself is never shown. The stop string that is
// complete first wins; of several that end at the same byte, the longest. Not thread-safe.
//
//   StopMatcher matcher({"\nUser:"});
//   Show(matcher.Push("Yes.\nUs"));   // "Yes."
//   Show(matcher.Push("er: and"));    // "", and matcher.stopped()
//   Show(matcher.Finish());           // what was held back, if nothing stopped
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort {

class StopMatcher {
 public:
  // Empty strings are rejected with kInvalidArgument.
  explicit StopMatcher(std::vector<std::string> stops);
  // Text that may be shown now. After stopped() turns true, everything further is dropped.
  std::string Push(std::string_view piece);
  std::string Finish();
  bool stopped() const { return !matched_.empty(); }
  const std::string& matched() const { return matched_; }

 private:
  std::vector<std::string> stops_;
  std::string held_, matched_;
};

}  // namespace retort
