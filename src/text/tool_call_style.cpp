#include "text/tool_call_style.h"

namespace retort {

ToolCallStyle DetectToolCallStyle(std::string_view template_source) {
  const auto has = [&](std::string_view part) {
    return template_source.find(part) != std::string_view::npos;
  };
  if (has("<｜tool▁call▁begin｜>")) {
    return has("```json") ? ToolCallStyle::kDeepSeek : ToolCallStyle::kDeepSeekBare;
  }
  // Other families put XML between the same tags; theirs say nothing of "arguments" in quotes.
  if (has("<tool_call>") && has("\"arguments")) return ToolCallStyle::kHermes;
  // A template that only shows the tools has these keys, too; the turns' headers make it Llama's.
  const bool is_llama = has("<|start_header_id|>") || has("<|python_tag|>");
  if (is_llama && has("{\"name\": ") && has("\"parameters\": ")) return ToolCallStyle::kLlamaJson;
  return ToolCallStyle::kNone;
}

ToolCallSpelling SpellingOf(ToolCallStyle style) {
  switch (style) {
    case ToolCallStyle::kNone:
      break;
    case ToolCallStyle::kHermes:
      return {.begin = "<tool_call>\n{\"name\": ",
              .between = ", \"arguments\": ",
              .end = "}\n</tool_call>",
              .separator = "\n",
              .quoted_name = true};
    case ToolCallStyle::kLlamaJson:
      return {.begin = "{\"name\": ",
              .between = ", \"parameters\": ",
              .end = "}",
              .separator = "; ",
              .quoted_name = true};
    case ToolCallStyle::kDeepSeek:
      return {.whole_begin = "<｜tool▁calls▁begin｜>",
              .whole_end = "<｜tool▁calls▁end｜>",
              .begin = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>",
              .between = "\n```json\n",
              .end = "\n```<｜tool▁call▁end｜>",
              .separator = "\n"};
    case ToolCallStyle::kDeepSeekBare:
      return {.whole_begin = "<｜tool▁calls▁begin｜>",
              .whole_end = "<｜tool▁calls▁end｜>",
              .begin = "<｜tool▁call▁begin｜>",
              .between = "<｜tool▁sep｜>",
              .end = "<｜tool▁call▁end｜>"};
  }
  return {};
}

}  // namespace retort
