#include "text/tool_call_style.h"

#include <gtest/gtest.h>

#include <map>

#include "text/chat_template.h"
#include "text/test_data.h"
#include "text/tool_calls.h"

namespace retort {
namespace {

// Templates of the four styles, written for this test; each ends a turn with <END>.
const std::map<ToolCallStyle, std::string> kTemplates = {
    {ToolCallStyle::kHermes,
     R"({%- for m in messages %}{{- '<' + m.role + '>' }}{{- m.content or '' }}
{%- for call in m.tool_calls or [] %}
{{- '\n<tool_call>\n{"name": "' + call.function.name + '", "arguments": ' }}
{{- call.function.arguments | tojson }}{{- '}\n</tool_call>' }}{%- endfor %}{{- '<END>' }}
{%- endfor %})"},
    {ToolCallStyle::kLlamaJson,
     R"({%- for m in messages %}{{- '<|start_header_id|>' + m.role + '<|end_header_id|>\n\n' }}
{{- m.content or '' }}{%- for call in m.tool_calls or [] %}
{%- if not loop.first %}{{- '; ' }}{%- endif %}
{{- '{"name": "' + call.function.name + '", ' + '"parameters": ' }}
{{- call.function.arguments | tojson }}{{- '}' }}{%- endfor %}{{- '<END>' }}{%- endfor %})"},
    {ToolCallStyle::kDeepSeek,
     R"({%- for m in messages %}{{- '<' + m.role + '>' }}{{- m.content or '' }}
{%- if m.tool_calls %}{{- '<｜tool▁calls▁begin｜>' }}{%- for call in m.tool_calls %}
{{- '<｜tool▁call▁begin｜>' + call.type + '<｜tool▁sep｜>' + call.function.name + '\n```json\n' }}
{{- call.function.arguments | tojson }}{{- '\n```<｜tool▁call▁end｜>' }}{%- endfor %}
{{- '<｜tool▁calls▁end｜>' }}{%- endif %}{{- '<END>' }}{%- endfor %})"},
    {ToolCallStyle::kDeepSeekBare,
     R"({%- for m in messages %}{{- '<' + m.role + '>' }}{{- m.content or '' }}
{%- if m.tool_calls %}{{- '<｜tool▁calls▁begin｜>' }}{%- for call in m.tool_calls %}
{{- '<｜tool▁call▁begin｜>' + call.function.name + '<｜tool▁sep｜>' }}
{{- call.function.arguments | tojson }}{{- '<｜tool▁call▁end｜>' }}{%- endfor %}
{{- '<｜tool▁calls▁end｜>' }}{%- endif %}{{- '<END>' }}{%- endfor %})"},
};

TEST(ToolCallStyle, IsSeenInTheTemplate) {
  for (const auto& [style, source] : kTemplates) EXPECT_EQ(DetectToolCallStyle(source), style);
  for (const char* source :
       {"", "{{ messages[0].content }}", "<think>", "{{ tools }} <tool_response>",
        // XML between the same tags.
        "<tool_call>\n<function=name>\n<parameter=a>", "<tool_call>{{ call.arguments }}<arg_key>",
        // Only a tool's description.
        R"({"name": "f", "parameters": {}})"}) {
    EXPECT_EQ(DetectToolCallStyle(source), ToolCallStyle::kNone) << source;
  }
}

TEST(ToolCallStyle, IsSeenInRealTemplates) {
  const std::map<std::string, ToolCallStyle> expected = {
      {"deepseek-r1", ToolCallStyle::kDeepSeek},
      {"deepseek-v3", ToolCallStyle::kDeepSeek},
      {"llama3-instruct", ToolCallStyle::kNone},
      {"llama3.1-instruct", ToolCallStyle::kLlamaJson},
      {"llama3.2-instruct", ToolCallStyle::kLlamaJson},
      {"qwen1.5-chat", ToolCallStyle::kNone},
      {"qwen2.5-instruct", ToolCallStyle::kHermes},
      {"qwen3", ToolCallStyle::kHermes},
      {"r1-distill", ToolCallStyle::kDeepSeek},
      {"r1-distill-2025-01-20", ToolCallStyle::kDeepSeek},
  };
  if (SharedData("data/templates/qwen3.jinja").empty()) GTEST_SKIP() << kNoSharedData;
  for (const auto& [name, style] : expected) {
    const std::string path = SharedData("data/templates/" + name + ".jinja");
    ASSERT_FALSE(path.empty()) << name;
    EXPECT_EQ(DetectToolCallStyle(ReadFile(path)), style) << name;
  }
}

// What an assistant's turn says: behind its header, up to what ends it or stands behind it.
std::string TurnIn(const std::string& rendered, const std::vector<std::string>& headers) {
  size_t begin = 0;
  for (const std::string& header : headers) {
    const size_t at = rendered.find(header);
    if (at != std::string::npos) begin = at + header.size();
  }
  std::string turn = rendered.substr(begin);
  for (const char* end :
       {"<END>", "<|im_end|>", "<|eot_id|>", "<｜end▁of▁sentence｜>", "<｜tool▁outputs▁begin｜>"}) {
    turn.resize(std::min(turn.size(), turn.find(end)));
  }
  return turn;
}

ToolDelta Parse(ToolCallStyle style, const std::string& text) {
  ToolCallParser parser(style, {"get_weather", "now"});
  ToolDelta whole = parser.Push(text);
  const ToolDelta rest = parser.Finish();
  whole.text += rest.text;
  whole.calls.insert(whole.calls.end(), rest.calls.begin(), rest.calls.end());
  return whole;
}

TEST(ToolCallStyle, WhatTemplatesWriteIsParsed) {
  const nlohmann::ordered_json calls = nlohmann::ordered_json::parse(R"([
    {"type": "function", "function": {"name": "get_weather", "arguments": {"city": "北京", "n": 2}}},
    {"type": "function", "function": {"name": "now", "arguments": {}}}])");
  for (const auto& [style, source] : kTemplates) {
    const bool says = style != ToolCallStyle::kLlamaJson;
    const nlohmann::ordered_json messages = {
        {{"role", "user"}, {"content", "q"}},
        {{"role", "assistant"}, {"content", says ? "I look.\n" : ""}, {"tool_calls", calls}}};
    const std::string rendered =
        ChatTemplate(source, "own").Render({{"messages", messages}, {"tools", nullptr}});
    const ToolDelta parsed =
        Parse(style, TurnIn(rendered, {"<assistant>", "assistant<|end_header_id|>\n\n"}));
    EXPECT_EQ(parsed.text, says ? "I look." : "") << rendered;
    const std::vector<ParsedToolCall> expected = {{"get_weather", R"({"city": "北京", "n": 2})"},
                                                  {"now", "{}"}};
    EXPECT_EQ(parsed.calls, expected) << rendered;
  }
}

TEST(ToolCallStyle, WhatRealTemplatesWriteIsParsed) {
  const std::string golden = SharedData("data/templates/golden.jsonl");
  if (golden.empty()) GTEST_SKIP() << kNoSharedData;
  int parsed = 0;
  for (const std::string& line : ReadLines(golden)) {
    const auto row = nlohmann::json::parse(line);
    const auto name = row.at("template").get<std::string>();
    const ToolCallStyle style =
        DetectToolCallStyle(ReadFile(SharedData("data/templates/" + name + ".jinja")));
    if (style == ToolCallStyle::kNone || !row.contains("rendered")) continue;
    for (const auto& message : row.at("messages")) {
      if (!message.contains("tool_calls")) continue;
      // Templates take arguments as text or as an object, and garble the other.
      const bool as_text = message.at("tool_calls")[0].at("function").at("arguments").is_string();
      if (as_text != (style == ToolCallStyle::kDeepSeek)) continue;
      const std::string turn =
          TurnIn(row.at("rendered"), {"<｜Assistant｜>", "<|im_start|>assistant",
                                      "<|start_header_id|>assistant<|end_header_id|>\n\n"});
      const ToolDelta delta = Parse(style, turn);
      EXPECT_EQ(delta.text.find_first_not_of('\n'), std::string::npos) << turn;
      ASSERT_EQ(delta.calls.size(), message.at("tool_calls").size()) << turn;
      for (size_t i = 0; i < delta.calls.size(); ++i) {
        const auto& function = message.at("tool_calls")[i].at("function");
        EXPECT_EQ(delta.calls[i].name, function.at("name"));
        const auto arguments = nlohmann::json::parse(delta.calls[i].arguments);
        EXPECT_EQ(arguments,
                  as_text ? nlohmann::json::parse(function.at("arguments").get<std::string>())
                          : function.at("arguments"));
        ++parsed;
      }
    }
  }
  EXPECT_GE(parsed, 15);
}

TEST(ToolCallStyle, SpellingsAreParsed) {
  for (const auto& [style, source] : kTemplates) {
    const ToolCallSpelling spelling = SpellingOf(style);
    const std::string quote = spelling.quoted_name ? "\"" : "";
    const auto call = [&](const std::string& name, const std::string& arguments) {
      return spelling.begin + quote + name + quote + spelling.between + arguments + spelling.end;
    };
    const std::string text = spelling.whole_begin + call("now", "{}") + spelling.separator +
                             call("get_weather", R"({"a": "</tool_call>"})") + spelling.whole_end;
    const ToolDelta parsed = Parse(style, text);
    EXPECT_EQ(parsed.text, "") << text;
    const std::vector<ParsedToolCall> expected = {{"now", "{}"},
                                                  {"get_weather", R"({"a": "</tool_call>"})"}};
    EXPECT_EQ(parsed.calls, expected) << text;
  }
  EXPECT_EQ(SpellingOf(ToolCallStyle::kNone).begin, "");
}

}  // namespace
}  // namespace retort
