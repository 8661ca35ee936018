#include "lab/compare/verdict.h"

#include <gtest/gtest.h>

#include "lab/compare/made_up_comparison.h"
#include "tests/support/run_program.h"

namespace retort {
namespace {

VerdictText VerdictOf(const Comparison& comparison) {
  return DescribeVerdict(comparison, Summarize(comparison));
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

TEST(VerdictTest, SaysWhoIsMoreAccurateAndAtWhatSpeed) {
  const VerdictText verdict = VerdictOf(
      MadeUpComparison({{.name = "small", .right = 6, .tokens_per_s = 152, .resident = 200'000'000},
                        {.name = "big", .right = 25, .tokens_per_s = 61}}));
  EXPECT_TRUE(
      Has(verdict.headline, "big gets 42 % of the problems right, 32 points more than small"))
      << verdict.headline;
  EXPECT_TRUE(Has(verdict.headline, "p < 0.001")) << verdict.headline;
  EXPECT_TRUE(Has(verdict.headline, "at 0.40 times its speed.")) << verdict.headline;
  const std::string advice = Joined(verdict.advice);
  EXPECT_TRUE(Has(advice, "Choose big where a wrong answer costs")) << advice;
  EXPECT_TRUE(
      Has(advice,
          "Choose small where speed or memory decides and 10 % right is enough: 152 against 61.0"))
      << advice;
  EXPECT_TRUE(Has(Joined(verdict.cautions), "300 would place it within"))
      << Joined(verdict.cautions);
}

TEST(VerdictTest, TheOrderOfTheFilesDoesNotMatter) {
  const MadeUpModel small{.name = "small", .right = 6, .tokens_per_s = 152};
  const MadeUpModel big{.name = "big", .right = 25, .tokens_per_s = 61};
  EXPECT_EQ(VerdictOf(MadeUpComparison({small, big})).headline,
            VerdictOf(MadeUpComparison({big, small})).headline);
}

TEST(VerdictTest, SaysSoWhereThereIsNoSignificantDifference) {
  const VerdictText verdict =
      VerdictOf(MadeUpComparison({{.name = "x", .right = 20, .tokens_per_s = 100},
                                  {.name = "y", .right = 22, .tokens_per_s = 50}}));
  EXPECT_TRUE(Has(verdict.headline, "No significant difference in accuracy")) << verdict.headline;
  EXPECT_TRUE(Has(verdict.headline, "x writes 2.0 times as fast as y")) << verdict.headline;
  EXPECT_TRUE(Has(Joined(verdict.advice), "Choose x:")) << Joined(verdict.advice);

  const VerdictText same =
      VerdictOf(MadeUpComparison({{.name = "x", .right = 20, .tokens_per_s = 50},
                                  {.name = "y", .right = 20, .tokens_per_s = 50}}));
  EXPECT_TRUE(Has(same.headline, "No significant difference in accuracy")) << same.headline;
  EXPECT_TRUE(Has(same.headline, "no significant difference in speed")) << same.headline;
  EXPECT_TRUE(same.advice.empty());
}

TEST(VerdictTest, TheBetterOneInEverythingNeedsNoTradeOff) {
  const VerdictText verdict =
      VerdictOf(MadeUpComparison({{.name = "good", .right = 40, .tokens_per_s = 100},
                                  {.name = "bad", .right = 10, .tokens_per_s = 50}}));
  EXPECT_TRUE(Has(Joined(verdict.advice), "Choose good: it is more accurate, and nothing"))
      << Joined(verdict.advice);
}

TEST(VerdictTest, SpeedAloneWhenNothingWasGraded) {
  Comparison comparison = MadeUpComparison({{.name = "x", .tokens_per_s = 100}, {.name = "y"}}, 0);
  const VerdictText verdict = VerdictOf(comparison);
  EXPECT_TRUE(verdict.headline.starts_with("x writes 2.0 times as fast")) << verdict.headline;
  EXPECT_TRUE(Has(verdict.headline, "accuracy was not measured")) << verdict.headline;

  comparison.models[1].prompts.clear();
  EXPECT_EQ(VerdictOf(comparison).headline, "x and y were not timed; accuracy was not measured.");
}

TEST(VerdictTest, ManyCutAnswersAreACaution) {
  Comparison comparison = MadeUpComparison({{.name = "x", .right = 5}, {.name = "y", .right = 5}});
  for (int i = 30; i < 60; ++i)
    comparison.models[0].answers[static_cast<size_t>(i)].finish = "length";
  const std::string cautions = Joined(VerdictOf(comparison).cautions);
  EXPECT_TRUE(Has(cautions, "50 % of x's answers did not end within 2048 tokens")) << cautions;
  EXPECT_FALSE(Has(cautions, "y's answers")) << cautions;
}

TEST(VerdictTest, AModelThatFailedMakesNoVerdict) {
  Comparison comparison = MadeUpComparison({{.name = "x", .right = 5}, {.name = "y"}});
  comparison.models[1].failure = "B (y): its process ended (killed by signal 9 (Killed))";
  const VerdictText verdict = VerdictOf(comparison);
  EXPECT_TRUE(Has(verdict.headline, "y did not finish")) << verdict.headline;
  EXPECT_TRUE(Has(Joined(verdict.cautions), "killed by signal 9")) << Joined(verdict.cautions);
}

TEST(VerdictTest, ThreeModelsNameTheFastestToo) {
  const VerdictText verdict =
      VerdictOf(MadeUpComparison({{.name = "x", .right = 2, .tokens_per_s = 200},
                                  {.name = "y", .right = 20},
                                  {.name = "z", .right = 45, .tokens_per_s = 30}}));
  EXPECT_TRUE(Has(verdict.headline, "z gets 75 %")) << verdict.headline;
  EXPECT_TRUE(Has(verdict.headline, "corrected for 3 pairs")) << verdict.headline;
  EXPECT_TRUE(Has(Joined(verdict.advice), "x is the fastest, 200 tokens/s"))
      << Joined(verdict.advice);
}

}  // namespace
}  // namespace retort
