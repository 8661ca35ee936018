#include "base/mapped_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "base/error.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

std::string Text(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

ErrorCode CodeOf(const std::string& path) {
  try {
    MappedFile file(path);
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
    return error.code();
  }
  ADD_FAILURE() << path << " was opened";
  return ErrorCode::kInternal;
}

class MappedFileTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content) {
    std::ofstream(dir_.File(name), std::ios::binary) << content;
    return dir_.File(name);
  }

  TempDir dir_;
};

TEST_F(MappedFileTest, ShowsTheFilesBytes) {
  const std::string path = Write("a", std::string("x\0y", 3));
  const MappedFile file(path);
  EXPECT_EQ(Text(file), std::string("x\0y", 3));
  EXPECT_EQ(file.path(), path);
}

TEST_F(MappedFileTest, MovesKeepTheMapping) {
  MappedFile first(Write("a", "first"));
  MappedFile second(Write("b", "second"));
  MappedFile moved(std::move(first));
  EXPECT_EQ(Text(moved), "first");
  moved = std::move(second);
  EXPECT_EQ(Text(moved), "second");
}

TEST_F(MappedFileTest, OutlivesTheFilesName) {
  const std::string path = Write("a", "still here");
  const MappedFile file(path);
  std::filesystem::remove(path);
  EXPECT_EQ(Text(file), "still here");
}

TEST_F(MappedFileTest, RejectsWhatCannotBeMapped) {
  EXPECT_EQ(CodeOf(dir_.File("absent")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(dir_.path()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf("/dev/null"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Write("empty", "")), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace retort
