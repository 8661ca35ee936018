// Splits the text of an answer into what is said and the tools that are called, as it comes.
//
//   ToolCallParser parser(DetectToolCallStyle(chat_template_source), {"get_weather"});
//   ToolDelta d = parser.Push(piece);   // d.text may be shown; d.calls are whole ones
//   ToolDelta rest = parser.Finish();   // what was held back
//
// Rules: a call is what reads as one in the model's style (tool_call_style.h): its name is one of
// those that are given, its arguments are a JSON object. No byte of it comes as text, and it is
// given out when its last byte has come (of kLlamaJson, where nothing marks the end: with the next
// ';', or with Finish). Everything else is text, verbatim: broken JSON in a call, a name that is
// not known, a call that is not finished or longer than kMaxToolCallBytes. White space before a
// call is dropped, and behind the last one where the answer ends with it. In kLlamaJson, calls are
// the whole of an answer: from the first byte on that belongs to none, all is text.
//
// How the text is cut into pieces changes nothing but when its parts come; whole characters in,
// whole characters out. What is held back: white space (at most kMaxHeldBlanks bytes) and what may
// still be a call. Within one piece, text and calls are not told in their order.
//
// Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/tool_call_reader.h"
#include "text/tool_call_style.h"

namespace retort {

inline constexpr size_t kMaxHeldBlanks = 4096;

struct ToolDelta {
  std::string text;
  std::vector<ParsedToolCall> calls;
};

class ToolCallParser {
 public:
  // Without a style or without names, all is text.
  ToolCallParser(ToolCallStyle style, std::vector<std::string> tool_names);
  ToolDelta Push(std::string_view piece);
  ToolDelta Finish();

 private:
  void Step(char byte, ToolDelta& delta);
  void TakeCall(ToolDelta& delta);
  void GiveUp(ToolDelta& delta);
  void AddText(std::string_view text, ToolDelta& delta);
  void HoldBlank(char byte, ToolDelta& delta);

  ToolCallStyle style_;
  ToolCallReader reader_;
  bool plain_;               // no call can come any more
  std::string blanks_;       // seen last, and dropped if a call comes next
  bool after_call_ = false;  // nothing but `blanks_` has come since a call
};

}  // namespace retort
