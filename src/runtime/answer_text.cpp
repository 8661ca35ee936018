#include "runtime/answer_text.h"

#include <utility>

namespace retort {

AnswerText::AnswerText(const Tokenizer& tokenizer, std::string_view prompt,
                       const AnswerTextOptions& options)
    : raw_(options.raw),
      text_(tokenizer, options.stop_in_thinking ? options.stops : std::vector<std::string>()),
      parser_(options.in_thought || ThinkParser::OpensThinking(prompt)),
      stops_(options.stop_in_thinking ? std::vector<std::string>() : options.stops) {
  if (raw_ && ThinkParser::OpensThinking(prompt)) seeded_ = prompt.substr(prompt.rfind("<think>"));
}

ThinkDelta AnswerText::Push(int32_t token) {
  if (stopped()) return {};
  return Take(text_.Push(token));
}

ThinkDelta AnswerText::Take(const std::string& piece) {
  const bool was_reasoning = parser_.in_reasoning();
  ThinkDelta delta = parser_.Push(piece);
  if (was_reasoning || parser_.in_reasoning()) in_gap_ = true;
  if (raw_) return {.reasoning = {}, .answer = TakeRaw(piece, was_reasoning)};
  delta.answer = Match(delta.answer);
  return delta;
}

std::string AnswerText::TakeRaw(const std::string& piece, bool was_reasoning) {
  std::string shown = std::exchange(seeded_, {});
  if (was_reasoning || parser_.in_reasoning()) return shown + stops_.Finish() + piece;
  return shown + Match(piece);
}

std::string AnswerText::Match(const std::string& answer) {
  if (!in_gap_) return stops_.Push(answer);
  const size_t begin = answer.find_first_not_of("\r\n");
  if (begin == std::string::npos) return answer;
  in_gap_ = false;
  return answer.substr(0, begin) + stops_.Push(answer.substr(begin));
}

ThinkDelta AnswerText::Finish() {
  ThinkDelta delta = Take(text_.Finish());
  if (!raw_) {
    const ThinkDelta rest = parser_.Finish();
    delta.reasoning += rest.reasoning;
    delta.answer += Match(rest.answer);
  }
  delta.answer += stops_.Finish();
  return delta;
}

}  // namespace retort
