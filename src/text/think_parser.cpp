#include "text/think_parser.h"

#include <algorithm>
#include <utility>

namespace retort {
namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::string_view kAsciiSpace = " \t\n\v\f\r";

// Length of the longest suffix of `text` that is the beginning, but not all, of `tag`.
size_t PartialTag(std::string_view text, std::string_view tag) {
  for (size_t n = std::min(text.size(), tag.size() - 1); n > 0; --n) {
    if (tag.starts_with(text.substr(text.size() - n))) return n;
  }
  return 0;
}

}  // namespace

bool ThinkParser::OpensThinking(std::string_view rendered_prompt) {
  const size_t last = rendered_prompt.find_last_not_of(kAsciiSpace);
  if (last == std::string_view::npos) return false;
  return rendered_prompt.substr(0, last + 1).ends_with(kOpen);
}

ThinkParser::ThinkParser(bool starts_in_reasoning)
    : state_(starts_in_reasoning ? State::kReasoningStart : State::kUndecided) {}

ThinkDelta ThinkParser::Push(std::string_view piece) {
  ThinkDelta delta;
  held_.append(piece);
  while (Advance(delta)) {
  }
  return delta;
}

// Hands out what is sure of the held text; whether that led to another state.
bool ThinkParser::Advance(ThinkDelta& delta) {
  if (state_ == State::kAnswer) {
    delta.answer += std::exchange(held_, {});
    return false;
  }
  if (state_ != State::kReasoning) return LeaveStart(delta);
  const size_t close = held_.find(kClose);
  if (close == std::string::npos) {
    const size_t shown = held_.size() - PartialTag(held_, kClose);
    delta.reasoning += held_.substr(0, shown);
    held_.erase(0, shown);
    return false;
  }
  delta.reasoning += held_.substr(0, close);
  held_.erase(0, close + kClose.size());
  state_ = State::kAnswerStart;
  return true;
}

// The starting states wait for the first text that is not blank: is it a <think>?
bool ThinkParser::LeaveStart(ThinkDelta& delta) {
  const size_t begin = std::min(held_.find_first_not_of(kAsciiSpace), held_.size());
  const std::string_view rest = std::string_view(held_).substr(begin);
  if (rest.starts_with(kOpen)) {
    if (state_ == State::kAnswerStart) delta.reasoning += held_.substr(0, begin);
    held_.erase(0, begin + kOpen.size());
    state_ = State::kReasoningStart;
    return true;
  }
  if (kOpen.starts_with(rest)) return false;
  state_ = state_ == State::kReasoningStart ? State::kReasoning : State::kAnswer;
  return true;
}

ThinkDelta ThinkParser::Finish() {
  ThinkDelta delta;
  (in_reasoning() ? delta.reasoning : delta.answer) = std::exchange(held_, {});
  return delta;
}

}  // namespace retort
