// Reads one tool call, byte by byte from its first on. The first byte that cannot belong to a call
// ends the attempt, so that text which only begins like one is held back no longer than needed.
//
//   ToolCallReader reader(ToolCallStyle::kHermes, {"f"});
//   for (char c : R"(<tool_call>{"name": "f", "arguments": {}}</tool_call>)") reader.Push(c);
//   reader.TakeCall();                     // the last Push gave kCall; call it once, then Reset()
//
// ToolCallParser (tool_calls.h) finds the places where calls begin and keeps what is around them.
// Time is linear in the text, memory bounded by kMaxToolCallBytes and what stands in them. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/json_object_scanner.h"
#include "text/tool_call_style.h"

namespace retort {

inline constexpr size_t kMaxToolCallBytes = size_t{1} << 20;  // a longer call is text

struct ParsedToolCall {
  std::string name;
  std::string arguments;  // JSON text of an object, as the model wrote it
  bool operator==(const ParsedToolCall&) const = default;
};

class ToolCallReader {
 public:
  enum class Reading : uint8_t {
    kMore,
    kCall,        // a call is complete; TakeCall has it
    kSectionEnd,  // what closes a list of calls, after one
    kNot,         // no call; sure_text() says what of text() is text
  };

  // Only calls of these names are calls. A style of kNone has none.
  ToolCallReader(ToolCallStyle style, std::vector<std::string> tool_names);

  Reading Push(char byte);
  // The text ends here: kCall or kNot.
  Reading Finish();
  // All since the last Reset.
  const std::string& text() const { return text_; }
  // After kNot: the bytes of text() that belong to no call. Those behind them, if any, may begin
  // one.
  size_t sure_text() const { return sure_text_; }
  ParsedToolCall TakeCall() { return std::move(call_); }
  void Reset();

 private:
  enum class Place : uint8_t {
    kOpening,
    kBeforeCall,  // DeepSeek: the list of calls is open
    kHead,        // DeepSeek: "function", or the name
    kSeparator,
    kBehindSeparator,
    kName,
    kFence,
    kBeforeObject,
    kObject,
    kBehindObject,
    kBehindFence,
    kComplete,
    kSectionEnd
  };
  struct Opening {
    std::string_view tag;
    Place next;
  };

  bool is_deepseek() const {
    return style_ == ToolCallStyle::kDeepSeek || style_ == ToolCallStyle::kDeepSeekBare;
  }
  std::string_view Token() const { return std::string_view(text_).substr(token_begin_); }
  bool IsName(std::string_view text) const;
  bool MayBeName(std::string_view text) const;
  bool SkipsBlanks() const;

  Reading Step(char byte);
  Reading StepOpening();
  Reading StepTag(std::string_view tag, Place next);
  Reading StepHead(char byte);
  Reading StepBehindSeparator(char byte);
  Reading StepName(char byte);
  Reading StepObject(char byte);
  Reading StepBehindObject(char byte);
  Reading Enter(Place place);
  Reading BeginObject();
  Reading Complete();
  bool FillCall();
  bool MembersFit() const;
  std::string_view ObjectPart(size_t begin, size_t end) const;
  Reading NotFrom(size_t sure_text);
  // No call: what came before the last byte is text.
  Reading NotBefore() { return NotFrom(text_.size() - 1); }

  ToolCallStyle style_;
  std::vector<std::string> names_, quoted_names_;  // [tool], the latter as JSON strings
  std::vector<Opening> openings_;
  bool in_section_ = false;  // DeepSeek: a call has been, and the list is not closed yet

  Place place_ = Place::kOpening;
  std::string text_;
  size_t token_begin_ = 0;  // where the tag or name at hand begins
  std::string head_, name_;
  bool fenced_ = false;
  JsonObjectScanner scanner_;
  size_t object_begin_ = 0, object_end_ = 0;
  ParsedToolCall call_;
  size_t sure_text_ = 0;
};

}  // namespace retort
