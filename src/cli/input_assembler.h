// Joins typed lines into one input: a line that ends with a backslash goes on in the next one, and
// what stands between two """ is taken as it is, over as many lines as it needs.
//
//   InputAssembler input;
//   input.Push("one\\");     // nullopt: more must follow
//   input.Push("two");       // "one\ntwo"
//   input.Push("\"\"\"a");   // nullopt
//   input.Push("b\"\"\"");   // "a\nb"
//
// A value type; not thread-safe.
#pragma once

#include <optional>
#include <string>

namespace retort {

class InputAssembler {
 public:
  // The whole input once it is complete.
  std::optional<std::string> Push(std::string line);
  // Whether lines are held that the next one belongs to.
  bool open() const { return open_; }
  void Clear();

 private:
  std::string held_;
  bool open_ = false;
  bool quoted_ = false;  // between """ and """
};

}  // namespace retort
