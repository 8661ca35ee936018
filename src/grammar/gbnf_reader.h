// The characters of a grammar's text: where they stand, blanks and comments, and escapes.
//
//   GbnfReader reader(text, "answer.gbnf");
//   reader.SkipBlanks(/*newlines=*/true);
//   if (!reader.Take("::=")) reader.Refuse("::=");   // "answer.gbnf: line 1, column 6: ..."
//
// Errors: kInvalidArgument. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retort {

class GbnfReader {
 public:
  // Throws for text that is not UTF-8.
  GbnfReader(std::string_view text, std::string_view source);

  // White space and comments; over the ends of lines only if told.
  void SkipBlanks(bool newlines);
  bool AtEnd() const { return at_ == text_.size(); }
  // At the end of a line or of the text.
  bool AtLineEnd() const { return AtEnd() || Peek() == '\n' || Peek() == '\r'; }
  // The next byte, 0 at the end.
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Take(std::string_view expected);
  // A name of letters, digits, - and _; empty if there is none.
  std::string_view TakeName();
  // A whole number of at most `most`.
  int32_t TakeNumber(int32_t most);
  // The next character of a literal or class, escaped or not.
  uint32_t TakeCharacter();

  size_t place() const { return at_; }
  void GoTo(size_t place) { at_ = place; }
  [[noreturn]] void Refuse(std::string_view wanted) const;

 private:
  uint32_t TakeHex(int digits);

  std::string_view text_;
  std::string source_;
  size_t at_ = 0;
};

}  // namespace retort
