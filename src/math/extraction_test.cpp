#include "math/extraction.h"

#include <gtest/gtest.h>

#include <string>

namespace retort {
namespace {

TEST(FindBoxes, TakesCompleteOnesWithContent) {
  const std::string text = "\\boxed{} \\boxed{\\frac{1}{2}} {\\boxed{3} \\boxed{4";
  const std::vector<Box> boxes = FindBoxes(text);
  ASSERT_EQ(boxes.size(), 2u);
  EXPECT_EQ(boxes[0].content, "\\frac{1}{2}");
  EXPECT_EQ(boxes[1].content, "3");
}

TEST(FindBoxes, TakesTheOuterOfNestedOnesAndSkipsEscapedBraces) {
  const std::vector<Box> boxes = FindBoxes("\\boxed{\\{1, \\boxed{2}\\}}");
  ASSERT_EQ(boxes.size(), 1u);
  EXPECT_EQ(boxes[0].content, "\\{1, \\boxed{2}\\}");
}

TEST(JoinLastBoxes, JoinsWhatStandsTogether) {
  EXPECT_EQ(JoinLastBoxes("\\boxed{4}, \\boxed{7}", 2), "4, 7");
  EXPECT_EQ(JoinLastBoxes("$y = \\boxed{7}$ and $x = \\boxed{4}$", 2), "y = 7, x = 4");
  EXPECT_EQ(JoinLastBoxes("\\boxed{1} \\boxed{4}, \\boxed{7}", 2), "4, 7");
  EXPECT_EQ(JoinLastBoxes("\\boxed{4}, \\boxed{7}", 1), "7");
  EXPECT_EQ(JoinLastBoxes("\\boxed{4}" + std::string(500, '.') + "\\boxed{7}", 2), "7");
  EXPECT_EQ(JoinLastBoxes("\\boxed{x = 1, y = 2} \\boxed{x = 4, y = 7}", 2), "x = 4, y = 7");
  EXPECT_FALSE(JoinLastBoxes("no box", 1));
}

TEST(FindPhrase, TakesTheLastOneToTheEndOfItsLine) {
  EXPECT_EQ(FindPhrase("The answer is 3. The final answer is 12 cm.\nBye")->rest, "12 cm.");
  EXPECT_EQ(FindPhrase("**Final Answer:**\n\n12")->rest, "12");
  EXPECT_EQ(FindPhrase("答案是：15元。")->rest, "：15元。");
  EXPECT_EQ(FindPhrase("#### 72")->rest, "72");
  EXPECT_FALSE(FindPhrase("I answer nothing"));
}

TEST(LastFormulas, FindsAllDelimitersLastFirst) {
  const auto formulas = LastFormulas("$a$ then \\(b\\) then \\[c\\] then $$d$$ and $e");
  ASSERT_EQ(formulas.size(), 4u);
  EXPECT_EQ(formulas[0].content, "d");
  EXPECT_EQ(formulas[3].content, "a");
}

}  // namespace
}  // namespace retort
