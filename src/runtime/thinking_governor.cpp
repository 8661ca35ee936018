#include "runtime/thinking_governor.h"

#include <array>
#include <utility>

#include "base/error.h"

namespace retort {
namespace {

constexpr int32_t kGraceShare = 10;  // a tenth of the budget
constexpr int kMaxClosings = 2;

bool BeginsInThought(std::string_view prompt, const ThinkingLimits& limits) {
  return limits.in_thought || ThinkParser::OpensThinking(prompt);
}

}  // namespace

void ThinkingLimits::Validate() const {
  if (budget && *budget < 0) {
    Fail(ErrorCode::kInvalidArgument,
         "the thinking budget is {}; it must be at least 0 (0: no thinking at all)", *budget);
  }
}

std::string_view ThinkingEndName(ThinkingEnd end) {
  constexpr std::array<std::string_view, 6> kNames = {"none",        "model", "budget",
                                                      "budget_hard", "loop",  "asked"};
  return kNames[static_cast<size_t>(end)];
}

ThinkingGovernor::ThinkingGovernor(const Tokenizer& tokenizer, std::string_view prompt,
                                   const ThinkingLimits& limits,
                                   std::shared_ptr<const ThinkingSwitches> switches)
    : tokenizer_(tokenizer),
      limits_(limits),
      text_(tokenizer, {}),
      parser_(BeginsInThought(prompt, limits) && limits.budget != 0),
      switches_(std::move(switches)) {
  limits.Validate();
  if (limits.loop_guard) guard_.emplace();
  if (BeginsInThought(prompt, limits) && limits.budget == 0) {
    prompt_suffix_ = prompt.ends_with('\n') ? "\n</think>\n\n" : "\n\n</think>\n\n";
    end_ = ThinkingEnd::kBudget;
  }
}

Steering ThinkingGovernor::Push(int32_t token, bool forced) {
  // Before this token is looked at: what closes a thought depends on the one in front of it.
  if (forced && forced_left_ == 0) Close(ThinkingEnd::kAsked);
  at_line_end_ = tokenizer_.TokenBytes(token).ends_with('\n');
  const bool was_thinking = parser_.in_reasoning();
  parser_.Push(text_.Push(token));
  const bool thinking = parser_.in_reasoning();
  if (was_thinking || thinking) ++thinking_tokens_;
  if (was_thinking && !thinking && end_ == ThinkingEnd::kNone) end_ = ThinkingEnd::kModel;
  if (was_thinking != thinking && guard_) guard_.emplace();
  if (forced_left_ > 0) {
    --forced_left_;
    return {};
  }
  if (thinking) return Thinking(token);
  if (guard_ && guard_->Push(token)) return {.finish = FinishReason::kLoop};
  return {};
}

Steering ThinkingGovernor::Thinking(int32_t token) {
  if (closings_ > 0) return Close(end_);
  // A character that is not whole yet is, after three more tokens at most; a told loop stays told.
  const bool whole = text_.whole();
  if (guard_ && guard_->Push(token) && whole) return Close(ThinkingEnd::kLoop);
  if (asked() && whole) return Close(ThinkingEnd::kAsked);
  if (!limits_.budget || thinking_tokens_ < *limits_.budget) return {};
  if (*limits_.budget == 0 || at_line_end_) return Close(ThinkingEnd::kBudget);
  const bool spent = thinking_tokens_ >= *limits_.budget + *limits_.budget / kGraceShare;
  return spent && whole ? Close(ThinkingEnd::kBudgetHard) : Steering();
}

Steering ThinkingGovernor::Close(ThinkingEnd why) {
  if (++closings_ > kMaxClosings) return {.finish = FinishReason::kLoop};
  end_ = why;
  Steering steering;
  steering.force = tokenizer_.Encode(at_line_end_ ? "</think>\n\n" : "\n</think>\n\n");
  forced_left_ = steering.force.size();
  return steering;
}

}  // namespace retort
