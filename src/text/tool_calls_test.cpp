#include "text/tool_calls.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "text/test_tool_calls.h"

namespace retort {
namespace {

class CallCollector {
 public:
  explicit CallCollector(ToolCallStyle style) : parser_(style, kToolNames) {}
  void Push(std::string_view piece) { Add(parser_.Push(piece)); }
  ParsedAnswer Finish() {
    Add(parser_.Finish());
    return parsed_;
  }

 private:
  void Add(const ToolDelta& delta) {
    parsed_.text += delta.text;
    parsed_.calls.insert(parsed_.calls.end(), delta.calls.begin(), delta.calls.end());
  }
  ToolCallParser parser_;
  ParsedAnswer parsed_;
};

ParsedAnswer ParseCut(ToolCallStyle style, std::string_view text, size_t first, size_t second) {
  CallCollector collector(style);
  collector.Push(text.substr(0, first));
  collector.Push(text.substr(first, second - first));
  collector.Push(text.substr(second));
  return collector.Finish();
}

ParsedAnswer ParseUncut(ToolCallStyle style, std::string_view text) {
  return ParseCut(style, text, 0, 0);
}

TEST(ToolCallParser, SplitsCallsFromText) {
  for (const ToolCallCase& c : AllToolCallCases())
    EXPECT_EQ(ParseUncut(c.style, c.text), c.parsed) << c.text;
}

TEST(ToolCallParser, EveryCutGivesTheSame) {
  for (const ToolCallCase& c : AllToolCallCases()) {
    for (size_t cut = 0; cut <= c.text.size(); ++cut) {
      ASSERT_EQ(ParseCut(c.style, c.text, cut, cut), c.parsed) << c.text << " at " << cut;
    }
    CallCollector collector(c.style);
    for (const char byte : c.text) collector.Push(std::string_view(&byte, 1));
    EXPECT_EQ(collector.Finish(), c.parsed) << c.text;
  }
}

TEST(ToolCallParser, EveryPairOfCutsGivesTheSame) {
  for (const ToolCallCase& c : AllToolCallCases()) {
    if (c.text.size() > 150) continue;
    for (size_t first = 0; first <= c.text.size(); ++first) {
      for (size_t second = first; second <= c.text.size(); ++second) {
        ASSERT_EQ(ParseCut(c.style, c.text, first, second), c.parsed)
            << c.text << " at " << first << " and " << second;
      }
    }
  }
}

// Texts put together of what calls are made of, so that most are nearly some.
TEST(ToolCallParser, RandomTextsAreNeitherLostNorDependOnCuts) {
  const std::vector<std::string> parts = {"<tool_call>",
                                          "</tool_call>",
                                          "{",
                                          "}",
                                          R"({"name": "get")",
                                          R"(, "arguments": {)",
                                          ";",
                                          "\n",
                                          R"(, "parameters": {})",
                                          kGet,
                                          "<|python_tag|>",
                                          kBegin,
                                          kEnd,
                                          kCallBegin,
                                          kCallEnd,
                                          kSep,
                                          "function",
                                          "get",
                                          "\n```json\n",
                                          "```",
                                          "\"",
                                          " ",
                                          "x",
                                          "<",
                                          Fenced("get", "{}")};
  Rng rng(7);
  int with_calls = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto style = static_cast<ToolCallStyle>(rng.Int(1, 4));
    std::string text;
    for (int64_t n = rng.Int(1, 12); n > 0; --n) {
      text += parts[static_cast<size_t>(rng.Int(0, std::ssize(parts) - 1))];
    }
    const ParsedAnswer whole = ParseUncut(style, text);
    if (whole.calls.empty()) {
      ASSERT_EQ(whole.text, text);
    } else {
      ++with_calls;
    }
    CallCollector collector(style);
    for (std::string_view rest = text; !rest.empty();) {
      const auto n = std::min(static_cast<size_t>(rng.Int(1, 6)), rest.size());
      collector.Push(rest.substr(0, n));
      rest.remove_prefix(n);
    }
    ASSERT_EQ(collector.Finish(), whole) << text;
  }
  EXPECT_GT(with_calls, 100);
}

TEST(ToolCallParser, GivesCallsOutWhenTheyAreComplete) {
  ToolCallParser hermes(kHermes, kToolNames);
  EXPECT_EQ(hermes.Push("I look. <tool").text, "I look.");
  EXPECT_TRUE(hermes.Push("_call>\n" + kGet + "\n</tool_call").calls.empty());
  EXPECT_EQ(hermes.Push(">").calls, std::vector{kGetCall});
  EXPECT_EQ(hermes.Finish().text, "");
  ToolCallParser llama(kLlama, kToolNames);
  EXPECT_TRUE(llama.Push(kGet).calls.empty());
  EXPECT_EQ(llama.Push(";").calls, std::vector{kGetCall});
  EXPECT_TRUE(llama.Push(kGet).calls.empty());
  EXPECT_EQ(llama.Finish().calls, std::vector{kGetCall});
}

TEST(ToolCallParser, HoldsBackOnlyWhatMightBeACall) {
  ToolCallParser hermes(kHermes, kToolNames);
  EXPECT_EQ(hermes.Push("a <").text, "a");
  EXPECT_EQ(hermes.Push("b").text, " <b");
  EXPECT_EQ(hermes.Push("<tool_call>{\"n").text, "");
  EXPECT_EQ(hermes.Push("o").text, "<tool_call>{\"no");
  ToolCallParser llama(kLlama, kToolNames);
  EXPECT_EQ(llama.Push(R"({"name": "ge)").text, "");
  EXPECT_EQ(llama.Push("o").text, R"({"name": "geo)");
  EXPECT_EQ(llama.Push("\"} ").text, "\"} ");
}

TEST(ToolCallParser, WithoutStyleOrNamesAllIsText) {
  const std::string text = Hermes(kGet) + " \n";
  ToolCallParser no_style(ToolCallStyle::kNone, kToolNames), no_names(kHermes, {});
  EXPECT_EQ(no_style.Push(text).text, text);
  EXPECT_EQ(no_names.Push(text).text, text);
  EXPECT_EQ(no_names.Finish().text, "");
}

// Held-back text is bounded, and where it becomes text does not depend on how it is cut.
TEST(ToolCallParser, ALongCallIsText) {
  const auto call = [](size_t bytes) {
    const std::string text = Hermes(R"({"name": "get", "arguments": {"x": ""}})");
    const size_t at = text.find("\"\"") + 1;
    return text.substr(0, at) + std::string(bytes - text.size(), 'x') + text.substr(at);
  };
  EXPECT_EQ(ParseUncut(kHermes, call(kMaxToolCallBytes)).calls.size(), 1u);
  const std::string longer = call(kMaxToolCallBytes + 1) + Hermes(kGet);
  const ParsedAnswer expected = {longer.substr(0, longer.size() - Hermes(kGet).size()), {kGetCall}};
  EXPECT_TRUE(ParseUncut(kHermes, longer) == expected);
  for (const size_t cut : {size_t{5}, kMaxToolCallBytes - 1, kMaxToolCallBytes}) {
    EXPECT_TRUE(ParseCut(kHermes, longer, cut, cut + 1) == expected) << cut;
  }
  ToolCallParser endless(kHermes, kToolNames);
  const std::string piece(1000, 'x');
  const std::string begin = R"(<tool_call>{"name": "get", "arguments": {"x": ")";
  size_t pushed = begin.size(), shown = endless.Push(begin).text.size();
  for (int i = 0; i < 2000; ++i) {
    pushed += piece.size();
    shown += endless.Push(piece).text.size();
    ASSERT_LE(pushed - shown, kMaxToolCallBytes);
  }
  EXPECT_GT(shown, 0u);
}

TEST(ToolCallParser, MuchWhiteSpaceIsText) {
  const std::string blanks(3 * kMaxHeldBlanks + 7, '\n');
  EXPECT_TRUE(ParseUncut(kHermes, blanks) == (ParsedAnswer{blanks, {}}));
  const ParsedAnswer before = ParseUncut(kHermes, blanks + Hermes(kGet));
  EXPECT_EQ(before.text.size(), 3 * kMaxHeldBlanks);
  EXPECT_EQ(before.calls.size(), 1u);
}

TEST(ToolCallParser, WholeCharactersInWholeCharactersOut) {
  const std::string text =
      "思考＜<＜<｜<｜tool▁calls▁begin｜<｜tool▁calls▁begi＞<｜tool▁call▁begin｜>考 é\n" +
      Fenced("get", "{\"é\": \"思\"}") + "考" + kCallBegin + "function" + kSep + "geé";
  ToolCallParser parser(kDeepSeek, kToolNames);
  const auto is_start = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; };
  size_t calls = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    while (end < text.size() && !is_start(text[end])) ++end;
    const ToolDelta delta = parser.Push(std::string_view(text).substr(at, end - at));
    EXPECT_EQ(ValidUtf8Prefix(delta.text), delta.text.size()) << delta.text;
    calls += delta.calls.size();
    at = end;
  }
  EXPECT_EQ(calls, 1u);
}

// Calls that begin and never end inside each other must not be read again and again.
TEST(ToolCallParser, TakesLinearTime) {
  for (const std::string& part :
       {std::string("<tool_call>{\"name\": \"get\", \"arguments\": {\"<tool_call>{\": \""),
        std::string("<tool_call>{\"name\": \"get\", \"arguments\": {}}"), kBegin,
        kCallBegin + "get", std::string("{\"name\": \"get\", \"parameters\": {\"a\": [")}) {
    std::string text;
    while (text.size() < 2'500'000) text += part;
    for (const ToolCallStyle style : {kHermes, kLlama, kDeepSeek}) {
      EXPECT_EQ(ParseUncut(style, text).text.size(), text.size());
    }
  }
}

}  // namespace
}  // namespace retort
