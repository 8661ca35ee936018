#include "math/grade.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/paths.h"

namespace retort {
namespace {

MathGrade Judge(const std::string& gold, const std::string& prediction) {
  return GradeMath(gold, prediction);
}

// Every form and policy, by hand.
TEST(GradeMath, DecidesTheRepositorysCases) {
  std::ifstream file(TestData("grading/math_cases.jsonl"));
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json row = nlohmann::json::parse(line);
    const std::string gold = row.at("gold"), prediction = row.at("prediction");
    const MathGrade grade = Judge(gold, prediction);
    EXPECT_EQ(grade.correct, row.at("expected") == 1) << line;
    EXPECT_LT(grade.steps, Budget::kSteps / 3) << line;  // the budget is far from what people need
    ++cases;
  }
  EXPECT_GE(cases, 200);
}

TEST(GradeMath, SaysWhereTheAnswerStood) {
  EXPECT_EQ(Judge("4", "so \\boxed{4}.").path, "boxed");
  EXPECT_EQ(Judge("4", "The final answer is 4.").path, "final answer phrase");
  EXPECT_EQ(Judge("4", "$4$").path, "whole text");
  EXPECT_EQ(Judge("4", "We get $4$").path, "last formula");
  EXPECT_EQ(Judge("4", "We get $3$ and then 4 apples").path, "last number");
  EXPECT_EQ(Judge("B", "I think that it is B").path, "last letter");
}

TEST(GradeMath, SaysWhyNot) {
  EXPECT_EQ(Judge("4", "\\boxed{5}").cause, "wrong");
  EXPECT_EQ(Judge("4", "\\boxed{4}").cause, "");
  EXPECT_EQ(Judge("4", "").cause, "no answer");
  EXPECT_EQ(Judge("4", "I do not\nknow").cause, "no answer");
  EXPECT_EQ(Judge("4", "\\boxed{((}").cause, "unparsable");
}

TEST(GradeMath, LooksBehindTheThinking) {
  EXPECT_EQ(Judge("4", "\\boxed{4}</think>so it is \\boxed{5}").extracted, "5");
  EXPECT_TRUE(Judge("4", "<think>\\boxed{5}</think>\\boxed{4}").correct);
}

TEST(GradeMath, TakesTheLaterOfBoxAndPhraseUnlessToldOtherwise) {
  const std::string text = "The final answer is 3, that is, \\boxed{4}";
  EXPECT_TRUE(GradeMath("4", text).correct);
  GradeOptions options;
  options.boxed_match_priority = 50;
  EXPECT_TRUE(GradeMath("3", "The final answer is 3.\n\nIt is \\boxed{4}", options).correct);
}

TEST(GradeMath, ObeysItsOptions) {
  GradeOptions options;
  EXPECT_FALSE(GradeMath("1/3", "0.333", options).correct);
  options.precision = 3;
  EXPECT_TRUE(GradeMath("1/3", "0.333", options).correct);
  EXPECT_TRUE(GradeMath("(1, 2)", "\\{1, 2\\}", {{.strict = false}}).correct);
  EXPECT_FALSE(GradeMath("(1, 2)", "\\{1, 2\\}", {{.strict = true}}).correct);
  EXPECT_TRUE(GradeMath("f(x)", "f(y)", {{.strict = false}}).correct);
  EXPECT_FALSE(GradeMath("f(x)", "f(y)", {{.strict = true}}).correct);
  EXPECT_TRUE(GradeMath("x + 2y = 1", "2a + 4b = 2", {{.strict = false}}).correct);
  EXPECT_TRUE(GradeMath("\\sin^2 x + a", "a + \\sin^2 t", {{.strict = false}}).correct);
  EXPECT_FALSE(GradeMath("x + 2y = 1", "2b + 4a = 2", {{.strict = false}}).correct);
  EXPECT_FALSE(GradeMath("x + y", "2x", {{.strict = false}}).correct);
  EXPECT_TRUE(GradeMath("(2, \\infty)", "x > 2", {{.allow_set_relation_comp = true}}).correct);
  EXPECT_FALSE(GradeMath("(2, \\infty)", "x > 2", {{.allow_set_relation_comp = false}}).correct);
  EXPECT_TRUE(GradeMath("x > 2", "(2, \\infty)", {{.allow_set_relation_comp = false}}).correct);
  options.expr = false;
  EXPECT_EQ(GradeMath("4", "it is 4", options).cause, "no answer");
  EXPECT_TRUE(GradeMath("4", "it is $4$", options).correct);
}

// A double root is said by saying it twice; a set has each item once.
TEST(GradeMath, CountsTheItemsOfListsButNotOfSets) {
  EXPECT_FALSE(Judge("-2, 5", "-2, 5, 5").correct);
  EXPECT_FALSE(Judge("-2, 5, 5", "-2, 5").correct);
  EXPECT_TRUE(Judge("\\{1, 2\\}", "\\{1, 1, 2\\}").correct);
  EXPECT_TRUE(Judge("\\{1, 2\\}", "1, 1, 2").correct);
  EXPECT_FALSE(Judge("\\{1, 2\\}", "[1, 1, 2]").correct);
}

// Brackets with nothing but punctuation in them once made a list without items.
TEST(GradeMath, ReadsBracketsOfPunctuation) {
  for (const char* text : {"{.,.}", "(!,!)", "\\{.,.\\}", "1, {.,.}", "{.;.} = 1"}) {
    EXPECT_FALSE(Judge("4", text).correct) << text;
    EXPECT_FALSE(Judge(text, "4").correct) << text;
  }
}

}  // namespace
}  // namespace retort
