#include "lab/grading/repetition.h"

#include <gtest/gtest.h>

#include <string>

namespace retort {
namespace {

std::string Repeat(const std::string& unit, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += unit;
  return text;
}

// Words that hardly repeat.
std::string Varied(int words) {
  std::string text;
  for (int i = 0; i < words; ++i) text += "w" + std::to_string(i * 7919 % 10007) + " ";
  return text;
}

TEST(Repetition, FindsAPeriodicEnd) {
  EXPECT_TRUE(HasPeriodicTail(Varied(300) + Repeat("Wait, let me check. ", 12)));
  EXPECT_TRUE(HasPeriodicTail(Varied(300) + Repeat("我们再检查一遍。", 12)));
  EXPECT_TRUE(HasPeriodicTail(Repeat("\n", 300)));
  EXPECT_TRUE(HasPeriodicTail(Repeat(Varied(50), 5) + "w0 w79"));     // cut within a round
  EXPECT_FALSE(HasPeriodicTail(Varied(300) + Repeat("Wait. ", 12)));  // too short to say
  EXPECT_FALSE(HasPeriodicTail(Repeat("Wait, let me check. ", 12) + Varied(100)));
  EXPECT_FALSE(HasPeriodicTail(""));
}

TEST(Repetition, CountsRunsThatHaveBeenThere) {
  EXPECT_EQ(RepeatedRunShare("a b c"), 0);
  EXPECT_EQ(RepeatedRunShare("a b c d e f"), 0);
  EXPECT_DOUBLE_EQ(RepeatedRunShare("a b c d a b c d"), 1 - 4.0 / 5);
  EXPECT_DOUBLE_EQ(RepeatedRunShare("甲乙丙丁甲乙丙丁"), 1 - 4.0 / 5);
}

TEST(Repetition, FindsLoopsThatVaryAFewWords) {
  std::string text = Varied(50);
  for (int i = 0; i < 30; ++i) {
    text += "So maybe the number of the apples is equal to " + std::to_string(i) +
            ", but that does not fit the total, let me try the next one. ";
  }
  EXPECT_FALSE(HasPeriodicTail(text));
  EXPECT_TRUE(LooksLooped(text));
}

TEST(Repetition, LeavesLongAndShortTextsAlone) {
  EXPECT_FALSE(LooksLooped(Varied(5000)));
  EXPECT_FALSE(LooksLooped("12 + 12 = 24, 12 + 12 = 24"));
  EXPECT_FALSE(LooksLooped(""));
}

}  // namespace
}  // namespace retort
