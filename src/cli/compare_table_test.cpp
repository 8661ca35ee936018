#include "cli/compare_table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "lab/compare/made_up_comparison.h"

namespace retort {
namespace {

std::string TableOf(const Comparison& comparison, Language language = Language::kEnglish) {
  const Wording say(language);
  const Summary summary = Summarize(comparison, say);
  return CompareTable(comparison, summary, DescribeVerdict(comparison, summary, say), Style(false),
                      80, say);
}

Comparison SmallAndBig() {
  return MadeUpComparison({{.name = "small-小", .right = 6, .tokens_per_s = 152},
                           {.name = "big", .right = 25, .tokens_per_s = 61}});
}

std::string LineWith(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "";
}

TEST(CompareTableTest, MarksWinnersWithoutColour) {
  const std::string table = TableOf(SmallAndBig());
  EXPECT_NE(LineWith(table, "all problems (60)").find("42 ± 13 *"), std::string::npos) << table;
  EXPECT_NE(LineWith(table, "speed, three prompts").find("152 ± 1 *"), std::string::npos) << table;
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_NE(table.find("big gets 42 % of the problems right"), std::string::npos) << table;
}

TEST(CompareTableTest, ColumnsAreAligned) {
  const std::string table = TableOf(SmallAndBig());
  const int width = DisplayWidth(LineWith(table, "all problems (60)"));
  for (const char* row : {"algebra (20)", "speed, 128 in, 128 out", "memory after load"})
    EXPECT_EQ(DisplayWidth(LineWith(table, row)), width) << LineWith(table, row);
}

TEST(CompareTableTest, NothingIsWiderThanTheTerminal) {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    std::istringstream lines(TableOf(SmallAndBig(), language));
    std::string line;
    while (std::getline(lines, line)) {
      EXPECT_LE(DisplayWidth(line), 80) << line;
      // A mark that closes does not open a line.
      for (const char* mark : {"，", "。", "）"}) EXPECT_FALSE(line.starts_with(mark)) << line;
    }
  }
}

TEST(CompareTableTest, SpeaksChinese) {
  const std::string table = TableOf(SmallAndBig(), Language::kChinese);
  EXPECT_NE(LineWith(table, "全部题目 (60)").find("42 ± 13 *"), std::string::npos) << table;
  EXPECT_NE(table.find("big 答对 42 % 的题目"), std::string::npos) << table;
  const int width = DisplayWidth(LineWith(table, "全部题目 (60)"));
  EXPECT_EQ(DisplayWidth(LineWith(table, "加载后内存")), width) << table;
}

TEST(CompareTableTest, NamesCannotSteerTheTerminal) {
  Comparison comparison = SmallAndBig();
  comparison.models[0].facts.name = "evil\x1b[2J";
  comparison.models[0].facts.backend = "\x1b[31m";
  EXPECT_EQ(TableOf(comparison).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace retort
