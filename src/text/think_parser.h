// Splits a stream of generated text into reasoning and answer at <think> … </think>. A tag never
// leaks and never gets lost, whichever way the bytes are cut.
//
//   ThinkParser parser(ThinkParser::OpensThinking(rendered_prompt));
//   ThinkDelta d = parser.Push(piece);   // d.reasoning, d.answer
//   ThinkDelta rest = parser.Finish();   // what was held back
//
// Rules: the state starts in reasoning iff the rendered prompt ends with an open <think>; otherwise
// a <think> as the first non-blank text starts it. A <think> repeated at the start of reasoning is
// dropped, with the white space before it. After a </think>, a <think> as the first text that is
// not blank goes on with the reasoning; anything else starts the answer, which is verbatim from the
// </think> on. Tags that stand anywhere else are text. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace retort {

struct ThinkDelta {
  std::string reasoning;
  std::string answer;
};

class ThinkParser {
 public:
  // Whether a prompt leaves a <think> open at its end (trailing white space ignored).
  static bool OpensThinking(std::string_view rendered_prompt);

  explicit ThinkParser(bool starts_in_reasoning);
  ThinkDelta Push(std::string_view piece);
  ThinkDelta Finish();
  // What the next text would be, as far as is known: true from an open <think> to its </think>.
  bool in_reasoning() const {
    return state_ == State::kReasoningStart || state_ == State::kReasoning;
  }

 private:
  enum class State { kUndecided, kReasoningStart, kReasoning, kAnswerStart, kAnswer };
  bool Advance(ThinkDelta& delta);
  bool LeaveStart(ThinkDelta& delta);

  State state_;
  std::string held_;  // bytes that may be the beginning of a tag
};

}  // namespace retort
