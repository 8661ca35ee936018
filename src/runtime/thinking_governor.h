// Ends a thought that would not end: one that is over its budget or has fallen into a loop is
// closed with the tag that its vocabulary has, so that an answer follows. An answer in a loop ends
// the request. A model that does not think is untouched by the budget.
//
//   ThinkingGovernor governor(tokenizer, rendered_prompt, {.budget = 1000});
//   prompt += governor.prompt_suffix();
//   request.on_token = ...governor.Push(token)...;   // once for each generated token
//
// The budget counts tokens inside the tags, and the tags. From there on the thought is closed where
// a line ends; after another tenth of the budget, wherever it is. Closing costs about four tokens
// of max_tokens, and what the answer needs must be left of them. Thinking that is reopened at once
// is closed at once, and the second time the request ends.
//
// Copies are independent. Not thread-safe. The tokenizer must outlive it. docs/thinking.md says
// more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/loop_guard.h"
#include "engine/request.h"
#include "runtime/shown_text.h"
#include "text/think_parser.h"

namespace retort {

struct ThinkingLimits {
  std::optional<int32_t> budget = {};  // tokens; 0: no thinking at all; nullopt: no limit
  bool loop_guard = true;              // for thoughts, and for answers

  // Throws kInvalidArgument for a budget below 0.
  void Validate() const;
};

enum class ThinkingEnd : uint8_t {
  kNone,        // there was none, or it did not end
  kModel,       // by itself
  kBudget,      // closed where a line ended, or not begun
  kBudgetHard,  // closed in the middle of a line
  kLoop,        // closed because it repeated itself
};
std::string_view ThinkingEndName(
    ThinkingEnd end);  // "none", "model", "budget", "budget_hard", "loop"

class ThinkingGovernor {
 public:
  ThinkingGovernor(const Tokenizer& tokenizer, std::string_view prompt,
                   const ThinkingLimits& limits);

  // What to add to the prompt: closes thinking that it opens and the budget does not allow.
  std::string_view prompt_suffix() const { return prompt_suffix_; }
  Steering Push(int32_t token);
  // Of the tokens pushed so far.
  ThinkingEnd end() const { return end_; }

 private:
  Steering Thinking(int32_t token);
  Steering Close(ThinkingEnd why, int32_t token);

  const Tokenizer& tokenizer_;
  ThinkingLimits limits_;
  ShownText text_;
  ThinkParser parser_;
  std::string prompt_suffix_;
  std::optional<LoopGuard> guard_;  // of the thought or of the answer; none if not wanted
  int64_t thinking_tokens_ = 0;
  size_t forced_left_ = 0;  // tokens to come that are our own
  int closings_ = 0;
  ThinkingEnd end_ = ThinkingEnd::kNone;
};

}  // namespace retort
