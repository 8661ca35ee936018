// Ends a thought that would not end: one that is over its budget or has fallen into a loop is
// closed with the tag that its vocabulary has, so that an answer follows. An answer in a loop ends
// the request. A model that does not think is untouched by the budget.
//
//   ThinkingGovernor governor(tokenizer, rendered_prompt, {.budget = 1000});
//   prompt += governor.prompt_suffix();
//   request.on_token = ...governor.Push(token)...;   // once for each generated token
//   switches->answer_now = true;                       // from any thread: enough thought
//
// The budget counts tokens inside the tags, and the tags. From there on the thought is closed where
// a line ends; after another tenth of the budget, wherever it is. Closing costs about four tokens
// of max_tokens, and what the answer needs must be left of them. Thinking that is reopened at once
// is closed at once, and the second time the request ends.
//
// Copies are independent, but for the switches. Not thread-safe. The tokenizer must outlive it.
// docs/thinking.md says more.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
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
  bool in_thought = false;  // the prompt ends in the middle of a thought, not only at its opening

  // Throws kInvalidArgument for a budget below 0.
  void Validate() const;
};

enum class ThinkingEnd : uint8_t {
  kNone,        // there was none, or it did not end
  kModel,       // by itself
  kBudget,      // closed where a line ended, or not begun
  kBudgetHard,  // closed in the middle of a line
  kLoop,        // closed because it repeated itself
  kAsked,       // closed because somebody wanted the answer
};
// "none", "model", "budget", "budget_hard", "loop", "asked"
std::string_view ThinkingEndName(ThinkingEnd end);

// What may be turned on while a request runs, for all of its choices. Thread-safe.
struct ThinkingSwitches {
  std::atomic<bool> answer_now = false;  // closes a thought with the next token
};

class ThinkingGovernor {
 public:
  ThinkingGovernor(const Tokenizer& tokenizer, std::string_view prompt,
                   const ThinkingLimits& limits,
                   std::shared_ptr<const ThinkingSwitches> switches = nullptr);

  // What to add to the prompt: closes thinking that it opens and the budget does not allow.
  std::string_view prompt_suffix() const { return prompt_suffix_; }
  // `forced`: the token is known to have been forced by another governor.
  Steering Push(int32_t token, bool forced = false);
  // Of the tokens pushed so far.
  ThinkingEnd end() const { return end_; }

 private:
  Steering Thinking(int32_t token);
  Steering Close(ThinkingEnd why);
  bool asked() const { return switches_ && switches_->answer_now.load(std::memory_order_relaxed); }

  const Tokenizer& tokenizer_;
  ThinkingLimits limits_;
  ShownText text_;
  ThinkParser parser_;
  std::string prompt_suffix_;
  std::optional<LoopGuard> guard_;  // of the thought or of the answer; none if not wanted
  int64_t thinking_tokens_ = 0;
  size_t forced_left_ = 0;  // tokens to come that are our own
  int closings_ = 0;
  bool at_line_end_ = false;  // the last token ended a line
  std::shared_ptr<const ThinkingSwitches> switches_;
  ThinkingEnd end_ = ThinkingEnd::kNone;
};

}  // namespace retort
