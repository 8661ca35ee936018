#include "lab/wording/wording.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <vector>

namespace retort {
namespace {

// The replacement fields of a format string, with their numbers: "{} {:.0f}" as {"0", "1:.0f"}.
std::multiset<std::string> Fields(const std::string& format) {
  static const std::regex field(R"(\{(\d*)(:[^}]*)?\})");
  std::multiset<std::string> found;
  int next = 0;
  for (std::sregex_iterator at(format.begin(), format.end(), field), end; at != end; ++at) {
    const std::string number = (*at)[1].str().empty() ? std::to_string(next++) : (*at)[1].str();
    found.insert(number + (*at)[2].str());
  }
  return found;
}

TEST(WordingTest, EnglishIsTheTextItself) {
  EXPECT_EQ(Wording()("best"), "best");
  EXPECT_EQ(Wording()("{} to {}", 3, "x"), "3 to x");
}

TEST(WordingTest, ChineseComesFromTheCatalogueAndElseStays) {
  const Wording say(Language::kChinese);
  EXPECT_EQ(say("best"), "最佳");
  EXPECT_EQ(say("{} to {}", 3, "x"), "3 至 x");
  EXPECT_EQ(say("no such text"), "no such text");
}

TEST(WordingTest, CounterpartsHaveTheSameFields) {
  for (const auto& [english, chinese] : ChineseWords())
    EXPECT_EQ(Fields(english), Fields(chinese)) << english;
}

TEST(WordingTest, CounterpartsAreChinese) {
  // A few are names and signs that both languages share.
  int same = 0;
  for (const auto& [english, chinese] : ChineseWords()) {
    EXPECT_FALSE(chinese.empty()) << english;
    same += english == chinese ? 1 : 0;
  }
  EXPECT_EQ(same, 0);
}

}  // namespace
}  // namespace retort
