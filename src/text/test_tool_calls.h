// Answers with tool calls in each style, with what is nearly one among them, and what they are
// parsed to. The tools are kToolNames.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "text/tool_calls.h"

namespace retort {

struct ParsedAnswer {
  std::string text;
  std::vector<ParsedToolCall> calls;
  bool operator==(const ParsedAnswer&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const ParsedAnswer& parsed) {
  out << '[' << parsed.text << ']';
  for (const ParsedToolCall& call : parsed.calls) out << call.name << ' ' << call.arguments << ';';
  return out;
}

inline const std::vector<std::string> kToolNames = {"get", "get_all", "a\"b", "function"};

struct ToolCallCase {
  ToolCallStyle style;
  std::string text;
  ParsedAnswer parsed;
};

inline constexpr ToolCallStyle kHermes = ToolCallStyle::kHermes;
inline constexpr ToolCallStyle kLlama = ToolCallStyle::kLlamaJson;
inline constexpr ToolCallStyle kDeepSeek = ToolCallStyle::kDeepSeek;
inline constexpr ToolCallStyle kBare = ToolCallStyle::kDeepSeekBare;

// A text that is no call, whole or in part.
inline ToolCallCase Plain(ToolCallStyle style, const std::string& text) {
  return {style, text, {text, {}}};
}

inline std::string Hermes(const std::string& object) {
  return "<tool_call>\n" + object + "\n</tool_call>";
}
inline const std::string kGet = R"({"name": "get", "arguments": {"x": 1}})";
inline const ParsedToolCall kGetCall = {"get", R"({"x": 1})"};

inline std::vector<ToolCallCase> HermesCases() {
  const std::string get = Hermes(kGet);
  return {
      Plain(kHermes, ""),
      Plain(kHermes, "Just text."),
      Plain(kHermes, " a < b \n\n"),
      {kHermes, get, {"", {kGetCall}}},
      {kHermes, "\n\n" + get + "\n", {"", {kGetCall}}},
      {kHermes, "I look.\n\n" + get, {"I look.", {kGetCall}}},
      {kHermes, get + "\n" + get + " \n", {"", {kGetCall, kGetCall}}},
      {kHermes, "a " + get + "\n b\n" + get + "\nc ", {"a\n b\nc ", {kGetCall, kGetCall}}},
      {kHermes, "<tool_call>" + kGet + "</tool_call>", {"", {kGetCall}}},
      {kHermes,
       Hermes(R"({"arguments":{"x":[{}]},"name":"get_all"})"),
       {"", {{"get_all", R"({"x":[{}]})"}}}},
      {kHermes, Hermes(R"({"name": "get", "parameters": {}})"), {"", {{"get", "{}"}}}},
      {kHermes, Hermes(R"({"name": "get"})"), {"", {{"get", "{}"}}}},
      {kHermes, Hermes(R"({"name": "a\"b", "arguments": {}})"), {"", {{"a\"b", "{}"}}}},
      // The closing tag inside a string ends nothing.
      {kHermes,
       Hermes(R"({"name": "get", "arguments": {"x": "</tool_call>\""}})"),
       {"", {{"get", R"({"x": "</tool_call>\""})"}}}},
      // What is wrong is text, and what comes behind it is not.
      Plain(kHermes, Hermes(R"({"name": "put", "arguments": {}})") + "\n"),
      Plain(kHermes, Hermes(R"({"name": "ge", "arguments": {}})")),
      Plain(kHermes, "x \n" + Hermes(R"({"name": "get", "arguments": {"x": }})") + " y"),
      Plain(kHermes, Hermes(R"({"name": "get", "arguments": {"x": 1, "x": 2}})")),
      Plain(kHermes, Hermes(R"({"name": "get", "arguments": {"x": "\q"}})")),
      Plain(kHermes, Hermes(R"({"name": "get", "arguments": {}, "parameters": {}})")),
      Plain(kHermes, Hermes(R"({"name": "get", "arguments": {"x": 1.2.3}})")),
      Plain(kHermes, Hermes(R"({"name": "get", "name": "get"})")),
      Plain(kHermes, Hermes(R"({"name": "get", "arguments": []})")),
      Plain(kHermes, Hermes(R"({"name": "get", "arguments": "{}"})")),
      Plain(kHermes, Hermes(R"({"name": 1})")),
      Plain(kHermes, Hermes(R"({"arguments": {}})")),
      Plain(kHermes, Hermes("{}")),
      Plain(kHermes, Hermes("[]")),
      Plain(kHermes, "<tool_call>\n" + kGet + "\n"),
      Plain(kHermes, "<tool_call>\n" + kGet + "}\n</tool_call>"),
      Plain(kHermes, "</tool_call> <tool_cal <tool_call>"),
      Plain(kHermes, "x \n" + get.substr(0, get.size() - 1)),
      {kHermes,
       "<<tool_call>  \n <tool_call><tool_call" + get,
       {"<<tool_call>  \n <tool_call><tool_call", {kGetCall}}},
      {kHermes,
       "<tool_call>\n{\"name\": \"get\", " + get,
       {"<tool_call>\n{\"name\": \"get\",", {kGetCall}}},
      {kHermes,
       "<tool_call>\n" + kGet + "\n<tool_call>\n" + kGet + "</tool_call>",
       {"<tool_call>\n" + kGet, {kGetCall}}},
      {kHermes,
       Hermes(R"({"name": "put"})") + get + "\n",
       {Hermes(R"({"name": "put"})"), {kGetCall}}},
  };
}

inline std::vector<ToolCallCase> LlamaCases() {
  const std::string get = R"({"name": "get", "parameters": {"x": 1}})";
  return {
      Plain(kLlama, ""),
      Plain(kLlama, "Just text. {}"),
      Plain(kLlama, " \n"),
      {kLlama, get, {"", {kGetCall}}},
      {kLlama, "\n" + get + "\n", {"", {kGetCall}}},
      {kLlama, "<|python_tag|>" + get, {"", {kGetCall}}},
      {kLlama, get + "; " + get, {"", {kGetCall, kGetCall}}},
      {kLlama, "<|python_tag|> " + get + ";" + get + " ;\n", {"", {kGetCall, kGetCall}}},
      {kLlama, kGet, {"", {kGetCall}}},
      {kLlama, R"({"parameters":{},"name":"get_all"})", {"", {{"get_all", "{}"}}}},
      {kLlama, get + "; then", {"; then", {kGetCall}}},
      {kLlama, get + " ;\n{\"name\": \"put\"} ", {";\n{\"name\": \"put\"} ", {kGetCall}}},
      // JSON that is an answer.
      Plain(kLlama, R"({"name": "get"})"),
      Plain(kLlama, R"({"name": "Ada", "age": 3})"),
      Plain(kLlama, R"({"name": "get", "age": 3})"),
      Plain(kLlama, R"({"a": )" + get + "}"),
      Plain(kLlama, "[" + get + "]"),
      Plain(kLlama, R"({"name": "get", "parameters": {}, "z": 1})"),
      Plain(kLlama, R"({"name": "get", "parameters": {"x": 01}})"),
      Plain(kLlama, "{}"),
      Plain(kLlama, "\n{ \"name\""),
      Plain(kLlama, get + " I call it."),
      Plain(kLlama, get + get),
      Plain(kLlama, "I call " + get),
      Plain(kLlama, "<|python_tag|>print(1)\n" + get),
      Plain(kLlama, get.substr(0, get.size() - 1)),
  };
}

inline const std::string kBegin = "<｜tool▁calls▁begin｜>", kEnd = "<｜tool▁calls▁end｜>";
inline const std::string kCallBegin = "<｜tool▁call▁begin｜>", kCallEnd = "<｜tool▁call▁end｜>";
inline const std::string kSep = "<｜tool▁sep｜>";

inline std::string Fenced(const std::string& name, const std::string& arguments) {
  return kCallBegin + "function" + kSep + name + "\n```json\n" + arguments + "\n```" + kCallEnd;
}

inline std::vector<ToolCallCase> DeepSeekCases() {
  const std::string get = Fenced("get", R"({"x": 1})");
  const std::string bare = kCallBegin + "get" + kSep + R"({"x": 1})" + kCallEnd;
  const std::string bad = Fenced("put", "{}");
  return {
      Plain(kDeepSeek, "Just text.\n"),
      Plain(kDeepSeek, "a ＜ b <｜User｜> ｜"),
      {kDeepSeek, kBegin + get + kEnd, {"", {kGetCall}}},
      {kDeepSeek, kBegin + get, {"", {kGetCall}}},
      {kDeepSeek,
       "I look.\n" + kBegin + "\n" + get + "\n" + get + "\n" + kEnd + "\n",
       {"I look.", {kGetCall, kGetCall}}},
      {kDeepSeek, get, {"", {kGetCall}}},
      {kDeepSeek, kBegin + bare + bare + kEnd, {"", {kGetCall, kGetCall}}},
      {kBare, kBegin + bare + get + kEnd + " a ", {" a ", {kGetCall, kGetCall}}},
      {kBare,
       kBegin + kCallBegin + "function" + kSep + "{}" + kCallEnd + kEnd,
       {"", {{"function", "{}"}}}},
      {kDeepSeek,
       kBegin + Fenced("get_all", "{\n \"a\": \"```<｜tool▁call▁end｜>\"\n}"),
       {"", {{"get_all", "{\n \"a\": \"```<｜tool▁call▁end｜>\"\n}"}}}},
      {kDeepSeek,
       kBegin + bad + get + kEnd + "\n" + kEnd,
       {kBegin + bad + "\n" + kEnd, {kGetCall}}},
      {kDeepSeek, kBegin + get + "\n" + bad + "\n" + kEnd, {"\n" + bad, {kGetCall}}},
      {kDeepSeek, kCallBegin + "function" + get, {kCallBegin + "function", {kGetCall}}},
      {kDeepSeek,
       kCallBegin + "function" + kSep + "get\n```json\n{}" + get,
       {kCallBegin + "function" + kSep + "get\n```json\n{}", {kGetCall}}},
      Plain(kDeepSeek, kBegin + kEnd),
      Plain(kDeepSeek, kBegin + bad + kEnd + "\n"),
      Plain(kDeepSeek, kEnd + kCallEnd + kSep),
      Plain(kDeepSeek, kBegin + Fenced("get", "[]")),
      Plain(kDeepSeek, kBegin + Fenced("get", R"({"x": 1, "x": 2})") + kEnd),
      Plain(kDeepSeek, kCallBegin + "tool" + kSep + "get\n```json\n{}\n```" + kCallEnd),
      Plain(kDeepSeek, kCallBegin + "put" + kSep + "{}" + kCallEnd),
      Plain(kDeepSeek, kCallBegin + "get" + kSep + "get\n```json\n{}\n```" + kCallEnd),
      Plain(kDeepSeek, kCallBegin + "function" + kSep + "get\n```\n{}\n```" + kCallEnd),
      Plain(kDeepSeek, kBegin + get.substr(0, get.size() - 1)),
      Plain(kDeepSeek, kBegin.substr(0, kBegin.size() - 1)),
  };
}

inline std::vector<ToolCallCase> AllToolCallCases() {
  std::vector<ToolCallCase> cases = HermesCases();
  for (const ToolCallCase& c : LlamaCases()) cases.push_back(c);
  for (const ToolCallCase& c : DeepSeekCases()) cases.push_back(c);
  return cases;
}

}  // namespace retort
