#include "lab/problems.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/error.h"

namespace retort {
namespace {

std::vector<Problem> Generate(uint64_t seed, int count) {
  ProblemSpec spec;
  spec.seed = seed;
  spec.count = count;
  return GenerateProblems(spec);
}

// Largest minus smallest count over the values that occur anywhere in the list.
template <typename Key>
int Imbalance(const std::vector<Problem>& problems, size_t prefix, const Key& key) {
  std::map<decltype(key(problems[0])), int> counts;
  for (const Problem& problem : problems) counts[key(problem)];
  for (size_t i = 0; i < prefix; ++i) ++counts[key(problems[i])];
  const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto [low, high] = std::minmax_element(counts.begin(), counts.end(), less);
  return high->second - low->second;
}

TEST(Problems, EveryPrefixIsBalanced) {
  const std::vector<Problem> problems = Generate(1, 130);
  for (size_t prefix = 1; prefix <= problems.size(); ++prefix) {
    SCOPED_TRACE(prefix);
    EXPECT_LE(Imbalance(problems, prefix, [](const Problem& p) { return p.type; }), 1);
    EXPECT_LE(Imbalance(problems, prefix, [](const Problem& p) { return p.language; }), 1);
    EXPECT_LE(Imbalance(problems, prefix, [](const Problem& p) { return p.level; }), 1);
    EXPECT_LE(Imbalance(problems, prefix,
                        [](const Problem& p) { return std::tuple(p.type, p.language, p.level); }),
              1);
  }
}

TEST(Problems, AreDistinctAndThousandsOfEachTypeExist) {
  const std::vector<Problem> problems = Generate(7, 9000);
  std::set<std::string> questions;
  std::set<std::string> ids;
  std::map<ProblemType, int> types;
  for (const Problem& problem : problems) {
    EXPECT_TRUE(questions.insert(problem.question).second) << problem.question;
    EXPECT_TRUE(ids.insert(problem.id).second) << problem.id;
    ++types[problem.type];
  }
  for (const auto& [type, count] : types) EXPECT_EQ(count, 3000) << ProblemTypeName(type);
}

TEST(Problems, DependOnTheSeedAlone) {
  const std::vector<Problem> problems = Generate(3, 200);
  const std::vector<Problem> longer = Generate(3, 300);
  const std::vector<Problem> other = Generate(4, 200);
  int same = 0;
  for (size_t i = 0; i < problems.size(); ++i) {
    EXPECT_EQ(problems[i].question, longer[i].question);
    EXPECT_EQ(problems[i].id, longer[i].id);
    EXPECT_EQ(problems[i].answer_text, longer[i].answer_text);
    same += problems[i].question == other[i].question ? 1 : 0;
  }
  EXPECT_LT(same, 20);
}

// Pins the list itself: results of different versions are comparable only while it stays.
TEST(Problems, TheFirstOnesStayAsTheyAre) {
  const std::vector<Problem> problems = Generate(1, 9);
  EXPECT_EQ(problems[0].id, "algebra/en/1/1-0");
  EXPECT_EQ(problems[0].question,
            "Find the sum of 10 and 15.\nPut your final answer within \\boxed{}.");
  EXPECT_EQ(problems[0].answer_text, "25");
  EXPECT_EQ(problems[1].id, "geometry/zh/2/1-0");
  EXPECT_EQ(
      problems[1].question,
      "绕着长 23 米、宽 8 米的长方形操场走一圈，要走多少米？\n请一步一步推理，并把最终答案写在 "
      "\\boxed{} 里。");
  EXPECT_EQ(problems[1].answer_text, "62");
  EXPECT_EQ(problems[8].id, "word/en/4/1-0");
  EXPECT_EQ(problems[8].answer_text, "184/31");
}

// Texts hold no left-over place holders, and Chinese ones use full-width punctuation.
TEST(Problems, TextsAreWhole) {
  for (const Problem& problem : Generate(5, 3000)) {
    SCOPED_TRACE(problem.question);
    const size_t instruction = problem.question.find('\n');
    ASSERT_NE(instruction, std::string::npos);
    EXPECT_NE(problem.question.find("\\boxed{}", instruction), std::string::npos);
    const std::string task = problem.question.substr(0, instruction);
    EXPECT_EQ(task.find('{'), std::string::npos);
    EXPECT_EQ(task.find("  "), std::string::npos);
    const bool ascii_punctuation = task.find_first_of("?;") != std::string::npos;
    const bool chinese_punctuation =
        task.find("。") != std::string::npos || task.find("？") != std::string::npos ||
        task.find("，") != std::string::npos || task.find("：") != std::string::npos;
    if (problem.language == Language::kChinese) {
      EXPECT_FALSE(ascii_punctuation);
      EXPECT_TRUE(chinese_punctuation);
    } else {
      EXPECT_FALSE(chinese_punctuation);
    }
  }
}

TEST(Problems, KeepToTheSpec) {
  ProblemSpec spec;
  spec.types = {ProblemType::kGeometry};
  spec.languages = {Language::kChinese};
  spec.levels = {2, 5};
  spec.count = 40;
  int second = 0;
  for (const Problem& problem : GenerateProblems(spec)) {
    EXPECT_EQ(problem.type, ProblemType::kGeometry);
    EXPECT_EQ(problem.language, Language::kChinese);
    EXPECT_TRUE(problem.level == 2 || problem.level == 5);
    second += problem.level == 2 ? 1 : 0;
  }
  EXPECT_EQ(second, 20);
}

TEST(Problems, RefuseImpossibleSpecs) {
  ProblemSpec none;
  none.levels = {};
  ProblemSpec twice;
  twice.languages = {Language::kEnglish, Language::kEnglish};
  ProblemSpec level;
  level.levels = {6};
  ProblemSpec count;
  count.count = 0;
  ProblemSpec too_many;
  too_many.count = 50000;
  too_many.types = {ProblemType::kAlgebra};
  too_many.languages = {Language::kChinese};
  too_many.levels = {1};
  for (const ProblemSpec& spec : {none, twice, level, count, too_many}) {
    try {
      GenerateProblems(spec);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << error.what();
    }
  }
}

TEST(Answers, AreFormattedExactly) {
  EXPECT_EQ(FormatAnswer(NumberAnswer({-7})), "-7");
  EXPECT_EQ(FormatAnswer(NumberAnswer(Fraction(6, -9))), "-2/3");
  EXPECT_EQ(FormatAnswer(NumberAnswer(Fraction(3, 4))), "3/4 = 0.75");
  EXPECT_EQ(FormatAnswer(NumberAnswer(Fraction(19, 2))), "19/2 = 9.5");
  EXPECT_EQ(FormatAnswer(NumberAnswer({25, 1, 1, true})), "25π");
  EXPECT_EQ(FormatAnswer(NumberAnswer({1, 3, 1, true})), "π/3");
  EXPECT_EQ(FormatAnswer(NumberAnswer({-1, 1, 5, false})), "-√5");
  EXPECT_EQ(FormatAnswer(NumberAnswer({9, 4, 3, false})), "9√3/4");
  EXPECT_EQ(FormatAnswer(NamedAnswer({{"x", {4}}, {"y", {-7}}})), "x = 4, y = -7");
  EXPECT_EQ(FormatAnswer(SetAnswer({{5}, {-2}})), "-2 or 5");
  EXPECT_EQ(FormatAnswer(PointAnswer({{5}, {-2}})), "(5, -2)");
  EXPECT_EQ(FormatAnswer(RoundedAnswer(Fraction(2, 3), 2)), "0.67");
  EXPECT_EQ(FormatAnswer(RoundedAnswer(Fraction(-1, 8), 2)), "-0.13");
  EXPECT_EQ(FormatAnswer(RoundedAnswer(Fraction(-1, 1000), 2)), "0.00");
}

}  // namespace
}  // namespace retort
