#include "cli/input_history.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace retort {
namespace {

using Entries = std::vector<std::string>;

class InputHistoryTest : public testing::Test {
 protected:
  TempDir dir_;
  std::string path_ = dir_.path() + "/state/history";
};

TEST_F(InputHistoryTest, LastsFromOneSessionToTheNext) {
  InputHistory(path_).Add("first");
  InputHistory second(path_);
  second.Add("two\nlines, \"quoted\", 中文");
  EXPECT_EQ(InputHistory(path_).entries(), (Entries{"first", "two\nlines, \"quoted\", 中文"}));
}

TEST_F(InputHistoryTest, IsReadableByItsOwnerAlone) {
  InputHistory(path_).Add("secret");
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(InputHistoryTest, LeavesOutBlanksAndRepetitions) {
  InputHistory history(path_);
  for (const char* text : {"a", "a", "", "  \n", "b", "a"}) history.Add(text);
  EXPECT_EQ(history.entries(), (Entries{"a", "b", "a"}));
  EXPECT_EQ(InputHistory(path_).entries(), history.entries());
}

TEST_F(InputHistoryTest, PassesOverLinesThatAreNoJsonStrings) {
  InputHistory(path_).Add("good");
  std::ofstream(path_, std::ios::app) << "\xff\xfe\n{\"a\": 1}\n\"cut of";
  EXPECT_EQ(InputHistory(path_).entries(), (Entries{"good"}));
}

TEST_F(InputHistoryTest, KeepsTheNewestAndItsFileBounded) {
  {
    InputHistory history(path_);
    for (size_t i = 0; i < 2 * InputHistory::kMostEntries + 1; ++i) history.Add(std::to_string(i));
  }
  const InputHistory again(path_);
  ASSERT_EQ(again.entries().size(), InputHistory::kMostEntries);
  EXPECT_EQ(again.entries().back(), "2000");
  EXPECT_EQ(again.entries().front(), "1001");
  std::ifstream file(path_);
  EXPECT_EQ(std::count(std::istreambuf_iterator<char>(file), {}, '\n'), 1000);
}

TEST(InputHistory, WorksWhereNothingCanBeWritten) {
  InputHistory history("/proc/retort/history");
  history.Add("kept for now");
  EXPECT_EQ(history.entries(), (Entries{"kept for now"}));
}

}  // namespace
}  // namespace retort
