#include "serve/watched_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace retort::serve {
namespace {

class WatchedFilesTest : public testing::Test {
 protected:
  WatchedFilesTest() {
    Fill(a_, "a");
    Fill(b_, "b");
  }
  static void Fill(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }

  TempDir dir_;
  const std::string a_ = dir_.File("a"), b_ = dir_.File("b"), c_ = dir_.File("c");
};

TEST_F(WatchedFilesTest, TellOnceOfEachChange) {
  WatchedFiles watched({a_, b_});
  EXPECT_FALSE(watched.HaveChanged());
  Fill(b_, "longer");
  EXPECT_TRUE(watched.HaveChanged());
  EXPECT_FALSE(watched.HaveChanged());
  Fill(c_, "x");
  EXPECT_FALSE(watched.HaveChanged()) << "not theirs";
  std::filesystem::rename(c_, a_);
  EXPECT_TRUE(watched.HaveChanged()) << "another file of the same size";
}

TEST_F(WatchedFilesTest, HaveNotChangedWhileOneIsMissing) {
  WatchedFiles watched({a_, b_});
  Fill(a_, "longer");
  std::filesystem::remove(b_);
  EXPECT_FALSE(watched.HaveChanged());
  Fill(b_, "new");
  EXPECT_TRUE(watched.HaveChanged());
}

TEST_F(WatchedFilesTest, SeeThroughLinks) {
  const std::string link = dir_.File("link");
  std::filesystem::create_symlink(a_, link);
  WatchedFiles watched({link});
  std::filesystem::create_symlink(b_, c_);
  std::filesystem::rename(c_, link);  // as Kubernetes replaces a secret
  EXPECT_TRUE(watched.HaveChanged());
}

TEST_F(WatchedFilesTest, NoFilesNeverChange) {
  EXPECT_FALSE(WatchedFiles({}).HaveChanged());
  EXPECT_FALSE(WatchedFiles({""}).HaveChanged()) << "not given";
}

}  // namespace
}  // namespace retort::serve
