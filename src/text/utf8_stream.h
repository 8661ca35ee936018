// Turns tokens' bytes into text that is valid UTF-8 at every moment: an unfinished character is
// held back until its bytes have arrived; bytes that can never become one turn into U+FFFD. Pushing
// piece by piece and then Finish gives exactly Utf8Repair of the whole. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace retort {

class Utf8Stream {
 public:
  std::string Push(std::string_view bytes);
  std::string Finish();
  // Whether no character is unfinished.
  bool whole() const { return held_.empty(); }

 private:
  std::string held_;
};

// Each maximal invalid sequence becomes one U+FFFD, as Python's bytes.decode(errors="replace").
std::string Utf8Repair(std::string_view bytes);

}  // namespace retort
