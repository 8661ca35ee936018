// How models write that they call a tool. Each model was taught the way of its chat template:
//
//   kHermes        <tool_call>\n{"name": "f", "arguments": {...}}\n</tool_call>
//                  Qwen2.5, Qwen3, Hermes
//   kLlamaJson     {"name": "f", "parameters": {...}}    and nothing else in the answer
//                  Llama 3.1, 3.2; more than one with "; " between, perhaps behind <|python_tag|>
//   kDeepSeek <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{...}
//                  \n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>
//                  V3, R1 and its distills
//   kDeepSeekBare  the same without the word and the fence:
//   ...begin｜>f<｜tool▁sep｜>{...}<｜tool...
//                  V3.1
//
//   const ToolCallStyle style = DetectToolCallStyle(chat_template_source);
//   ToolCallParser parser(style, {"get_weather"});       // text/tool_calls.h
//   ToolCallSpelling spelling = SpellingOf(style);       // to write calls, or to demand them
//
// Stateless, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retort {

enum class ToolCallStyle : uint8_t { kNone, kHermes, kLlamaJson, kDeepSeek, kDeepSeekBare };

// kNone for templates that have no tool calls, or write them in a way that is not known here.
ToolCallStyle DetectToolCallStyle(std::string_view template_source);

// What stands around the names and arguments of an answer that is nothing but calls:
//   whole_begin  begin NAME between ARGUMENTS end  separator  begin NAME ... end  whole_end
struct ToolCallSpelling {
  std::string whole_begin = {}, whole_end = {};
  std::string begin = {}, between = {}, end = {};
  std::string separator = {};
  bool quoted_name = false;  // the name is a JSON string
};

// Empty for kNone.
ToolCallSpelling SpellingOf(ToolCallStyle style);

}  // namespace retort
