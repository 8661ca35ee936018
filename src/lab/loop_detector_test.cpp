#include "lab/loop_detector.h"

#include <gtest/gtest.h>

#include <string>

namespace retort {
namespace {

std::string Repeat(const std::string& passage, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += passage;
  return text;
}

TEST(LoopDetectorTest, SeesRepeatedPassagesAtTheEnd) {
  const std::string sentence = "So the answer is 4. Wait, let me check that again. ";
  EXPECT_TRUE(EndsInLoop("Let x = 3. " + Repeat(sentence, 10)));
  EXPECT_TRUE(EndsInLoop(Repeat("所以答案是四。", 30)));
  EXPECT_TRUE(EndsInLoop(std::string(400, 'a')));
}

TEST(LoopDetectorTest, SeesThemCutAnywhere) {
  const std::string looped = "Intro. " + Repeat("one two three four five six seven. ", 20);
  for (size_t cut = 0; cut < 70; ++cut)
    EXPECT_TRUE(EndsInLoop(looped.substr(0, looped.size() - cut)));
}

TEST(LoopDetectorTest, NeedsFourRoundsAndFourHundredBytes) {
  const std::string passage = "p" + std::string(198, 'q') + "r";  // 200 bytes
  EXPECT_FALSE(EndsInLoop("x" + Repeat(passage, 3)));
  EXPECT_TRUE(EndsInLoop("x" + Repeat(passage, 4)));
  EXPECT_FALSE(EndsInLoop("x" + Repeat("ab", 199)));
  EXPECT_TRUE(EndsInLoop("x" + Repeat("ab", 200)));
}

TEST(LoopDetectorTest, SeesTheLongestPassage) {
  std::string passage;
  for (int i = 0; passage.size() < 1000; ++i) passage += std::to_string(i * i) + ",";
  passage.resize(1000);
  EXPECT_TRUE(EndsInLoop("x" + Repeat(passage, 4)));
  EXPECT_FALSE(EndsInLoop("x" + Repeat(passage + "y", 4)));
}

TEST(LoopDetectorTest, OrdinaryTextIsNone) {
  EXPECT_FALSE(EndsInLoop(""));
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "Step " + std::to_string(i) + ": add " + std::to_string(i * 7) + ". ";
  EXPECT_FALSE(EndsInLoop(text));
  // A loop that ended is none.
  EXPECT_FALSE(EndsInLoop(Repeat("again and again ", 100) + "Anyway, the answer is 7."));
}

}  // namespace
}  // namespace retort
