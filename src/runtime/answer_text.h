// The text of a stream of tokens, split into reasoning and answer and cut before the first stop
// string: what is shown of a generation (runtime/shown_text.h), with the thinking known.
//
//   AnswerText text(tokenizer, prompt, {.stops = {"\nUser:"}});
//   ThinkDelta delta = text.Push(token);    // may be empty: bytes, tags, stops are held back
//   if (text.stopped()) text.stop_string();
//   ThinkDelta rest = text.Finish();
//
// Stop strings are looked for in the answer alone: thoughts talk about everything. The line ends
// that models put behind their </think> do not count as the answer's. With `stop_in_thinking` they
// are looked for in all of the text, tags included.
// Raw text is not split: all of it is the answer, with its tags as they came. It begins with the
// <think> that the prompt ends with, if it does, so that it is whole.
//
// The engine's thread and the reader of a stream each run one over the same tokens, and so agree on
// where the answer ends. Errors: kInvalidArgument for an empty stop string. The tokenizer must
// outlive it. Copies are independent. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/shown_text.h"
#include "text/stop_matcher.h"
#include "text/think_parser.h"

namespace retort {

struct AnswerTextOptions {
  std::vector<std::string> stops = {};
  bool stop_in_thinking = false;
  bool raw = false;
  bool in_thought = false;  // the prompt ends in the middle of a thought
};

class AnswerText {
 public:
  // `prompt`: all that stands before the first token, rendered.
  AnswerText(const Tokenizer& tokenizer, std::string_view prompt, const AnswerTextOptions& options);

  ThinkDelta Push(int32_t token);
  ThinkDelta Finish();
  bool stopped() const { return text_.stopped() || stops_.stopped(); }
  // Empty if none has come.
  const std::string& stop_string() const {
    return text_.stopped() ? text_.matched() : stops_.matched();
  }
  bool in_reasoning() const { return parser_.in_reasoning(); }

 private:
  ThinkDelta Take(const std::string& piece);
  std::string TakeRaw(const std::string& piece, bool was_reasoning);
  std::string Match(const std::string& answer);

  bool raw_;
  bool in_gap_ = false;  // behind a thought, before the answer's first words
  std::string seeded_;   // of raw text, not given yet
  ShownText text_;       // with the stop strings of the whole text
  ThinkParser parser_;
  StopMatcher stops_;  // those of the answer
};

}  // namespace retort
