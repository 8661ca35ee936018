#include "text/think_parser.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/rng.h"
#include "text/test_data.h"

namespace retort {
namespace {

struct Parsed {
  std::string reasoning, answer;
  bool operator==(const Parsed&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Parsed& parsed) {
  return out << '[' << parsed.reasoning << "][" << parsed.answer << ']';
}

class ThinkCollector {
 public:
  explicit ThinkCollector(bool starts_in_reasoning) : parser_(starts_in_reasoning) {}
  void Push(std::string_view piece) { Add(parser_.Push(piece)); }
  Parsed Finish() {
    Add(parser_.Finish());
    return parsed_;
  }

 private:
  void Add(const ThinkDelta& delta) {
    parsed_.reasoning += delta.reasoning;
    parsed_.answer += delta.answer;
  }
  ThinkParser parser_;
  Parsed parsed_;
};

Parsed ParseWhole(std::string_view text, bool starts_in_reasoning) {
  ThinkCollector collector(starts_in_reasoning);
  collector.Push(text);
  return collector.Finish();
}

Parsed ParseCutAt(std::string_view text, size_t cut, bool starts_in_reasoning) {
  ThinkCollector collector(starts_in_reasoning);
  collector.Push(text.substr(0, cut));
  collector.Push(text.substr(cut));
  return collector.Finish();
}

Parsed ParseInPieces(std::string_view text, Rng* rng, int64_t longest, bool starts_in_reasoning) {
  ThinkCollector collector(starts_in_reasoning);
  while (!text.empty()) {
    const auto n = std::min(static_cast<size_t>(rng->Int(1, longest)), text.size());
    collector.Push(text.substr(0, n));
    text.remove_prefix(n);
  }
  return collector.Finish();
}

struct ThinkCase {
  bool starts_in_reasoning;
  std::string text;
  Parsed parsed;
};

const ThinkCase kCases[] = {
    // The prompt left <think> open.
    {true, "reason</think>answer", {"reason", "answer"}},
    {true, "\nreason\n</think>\n\nanswer", {"\nreason\n", "\n\nanswer"}},
    {true, "no end of it", {"no end of it", ""}},
    {true, "", {"", ""}},
    {true, "</think>answer", {"", "answer"}},
    {true, "\n\n</think>\n\nanswer", {"\n\n", "\n\nanswer"}},
    {true, "reason</think>", {"reason", ""}},
    {true, "<think>reason</think>answer", {"reason", "answer"}},
    {true, "\n<think>\nreason</think>answer", {"\nreason", "answer"}},
    {true, "<think><think>reason</think>answer", {"reason", "answer"}},
    {true, "<think>\n<think>reason</think>answer", {"reason", "answer"}},
    {true, "a <think> b</think>c", {"a <think> b", "c"}},
    {true, "a</think>b</think>c <think>d", {"a", "b</think>c <think>d"}},
    {true, "a</think>\n\n<think>b</think>\n\nc", {"a\n\nb", "\n\nc"}},
    {true, "a</think><think>\n<think>b</think>c<think>", {"ab", "c<think>"}},
    {true, "a</think>\n", {"a", "\n"}},
    {true, "a</think>\n<thi", {"a", "\n<thi"}},
    {true, "a</think>\n<this", {"a", "\n<this"}},
    {true, "a</thin", {"a</thin", ""}},
    {true, "a</thin k></think>b", {"a</thin k>", "b"}},
    {true, "1 < 2 << 3 </ 4</</think>b", {"1 < 2 << 3 </ 4</", "b"}},
    {true, "<thi", {"<thi", ""}},
    {true, "<thigh</think>b", {"<thigh", "b"}},
    // Nothing open: a <think> as the first text starts it.
    {false, "answer", {"", "answer"}},
    {false, "<think>reason</think>answer", {"reason", "answer"}},
    {false, "\n <think>\nreason\n</think>\n\nanswer", {"\nreason\n", "\n\nanswer"}},
    {false, "<think>\n\n</think>\n\nanswer", {"\n\n", "\n\nanswer"}},
    {false, "<think>reason", {"reason", ""}},
    {false, "  \n", {"", "  \n"}},
    {false, "answer <think>x</think> more", {"", "answer <think>x</think> more"}},
    {false, "<thinking>x", {"", "<thinking>x"}},
    {false, "x</think>y", {"", "x</think>y"}},
    {false, "<th", {"", "<th"}},
    {false, "<", {"", "<"}},
    {false, "小明<think>", {"", "小明<think>"}},
};

TEST(ThinkParser, SplitsReasoningFromAnswer) {
  for (const ThinkCase& c : kCases) {
    EXPECT_EQ(ParseWhole(c.text, c.starts_in_reasoning), c.parsed) << c.text;
  }
}

TEST(ThinkParser, EveryCutGivesTheSame) {
  Rng rng(5);
  for (const ThinkCase& c : kCases) {
    for (size_t cut = 0; cut <= c.text.size(); ++cut) {
      EXPECT_EQ(ParseCutAt(c.text, cut, c.starts_in_reasoning), c.parsed)
          << c.text << " at " << cut;
    }
    EXPECT_EQ(ParseInPieces(c.text, &rng, 1, c.starts_in_reasoning), c.parsed) << c.text;
    EXPECT_EQ(ParseInPieces(c.text, &rng, 4, c.starts_in_reasoning), c.parsed) << c.text;
  }
}

TEST(ThinkParser, HoldsBackOnlyWhatMightBeATag) {
  ThinkParser parser(true);
  EXPECT_EQ(parser.Push("a</").reasoning, "a");
  EXPECT_EQ(parser.Push("b").reasoning, "</b");
  EXPECT_EQ(parser.Push("c</think").reasoning, "c");
  EXPECT_TRUE(parser.in_reasoning());
  EXPECT_EQ(parser.Push(">d").answer, "d");
  EXPECT_FALSE(parser.in_reasoning());
  EXPECT_EQ(parser.Push("<thi").answer, "<thi");
}

TEST(ThinkParser, KnowsWhetherAPromptLeavesThinkingOpen) {
  EXPECT_TRUE(ThinkParser::OpensThinking("<｜Assistant｜><think>\n"));
  EXPECT_TRUE(ThinkParser::OpensThinking("<think>"));
  EXPECT_FALSE(ThinkParser::OpensThinking("<think>\n\n</think>\n\n"));
  EXPECT_FALSE(ThinkParser::OpensThinking("<｜Assistant｜>"));
  EXPECT_FALSE(ThinkParser::OpensThinking("<think> hm"));
  EXPECT_FALSE(ThinkParser::OpensThinking(" \n"));
  EXPECT_FALSE(ThinkParser::OpensThinking(""));
}

// Answers in the shape of R1's, written for this test.
TEST(ThinkParser, OwnTracesSurviveEveryCut) {
  const auto lines = ReadLines(TestData("text/traces.jsonl"));
  EXPECT_GE(lines.size(), 5u);
  for (const std::string& line : lines) {
    const auto row = nlohmann::json::parse(line);
    const auto text = row.at("text").get<std::string>();
    const bool open = row.at("open").get<bool>();
    const Parsed expected = {row.at("reasoning"), row.at("answer")};
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      ASSERT_EQ(ParseCutAt(text, cut, open), expected) << "cut at " << cut;
    }
  }
}

TEST(ThinkParser, RealTracesSurviveEveryCut) {
  const auto path = SharedData("data/traces/r1_distill_32b_traces.jsonl.gz");
  if (path.empty()) GTEST_SKIP() << kNoSharedData;
  std::vector<std::string> traces;
  for (const std::string& line : SplitLines(ReadGz(path))) {
    traces.push_back(nlohmann::json::parse(line).at("response").get<std::string>());
  }
  EXPECT_EQ(traces.size(), 736u);
  Rng rng(11);
  size_t every_byte_budget = 40'000'000;  // bytes parsed in the exhaustive part
  for (const std::string& trace : traces) {
    const size_t close = trace.find("</think>");
    for (const bool open : {true, false}) {
      const Parsed whole = ParseWhole(trace, open);
      if (open && close != std::string::npos) {
        ASSERT_TRUE(trace.substr(0, close).ends_with(whole.reasoning));
        ASSERT_EQ(trace.substr(close + 8), whole.answer);
      }
      ASSERT_EQ(ParseInPieces(trace, &rng, 3, open), whole);
      ASSERT_EQ(ParseInPieces(trace, &rng, 40, open), whole);
      if (trace.size() * trace.size() > every_byte_budget) continue;
      every_byte_budget -= trace.size() * trace.size();
      for (size_t cut = 0; cut <= trace.size(); ++cut) {
        ASSERT_EQ(ParseCutAt(trace, cut, open), whole) << "cut at " << cut;
      }
    }
  }
}

}  // namespace
}  // namespace retort
