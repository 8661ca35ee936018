#include "runtime/tool_answer.h"

#include <string>

#include "base/error.h"
#include "base/quote.h"

namespace retort {

GrammarTree ToolAnswerGrammar(ToolCallStyle style, const std::vector<ToolSignature>& tools,
                              bool parallel) {
  if (style == ToolCallStyle::kNone) {
    Fail(ErrorCode::kUnsupported,
         "a tool call is demanded, but the model's chat template has none in a way that is known");
  }
  const ToolCallSpelling spelling = SpellingOf(style);
  for (const ToolSignature& tool : tools) {
    // Written as it is, such a name could not be told from what comes behind it.
    if (spelling.quoted_name || tool.name.find_first_of("<\n") == std::string::npos) continue;
    Fail(ErrorCode::kInvalidArgument, "the model cannot call a tool of the name {}; rename it",
         Quoted(tool.name));
  }
  return ToolCallGrammar({.whole_begin = spelling.whole_begin,
                          .whole_end = spelling.whole_end,
                          .begin = spelling.begin,
                          .between = spelling.between,
                          .end = spelling.end,
                          .separator = spelling.separator,
                          .quoted_name = spelling.quoted_name},
                         tools, parallel);
}

}  // namespace retort
