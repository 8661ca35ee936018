#include "base/new_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/mapped_file.h"
#include "tests/support/expect_error.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(NewFile, AppearsWholeWithItsPiecesInAnyOrder) {
  const TempDir folder;
  const std::string path = folder.path() + "/file";
  NewFile file(path, 6);
  file.Write(3, Bytes("def"));
  file.Write(0, Bytes("abc"));
  EXPECT_FALSE(std::filesystem::exists(path));
  file.Commit();
  const MappedFile written(path);
  ASSERT_EQ(written.bytes().size(), 6u);
  EXPECT_EQ(static_cast<char>(written.bytes()[4]), 'e');
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

TEST(NewFile, LeavesNothingBehindWithoutCommit) {
  const TempDir folder;
  {
    NewFile file(folder.path() + "/file", 3);
    file.Write(0, Bytes("abc"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NewFile, RefusesWhatTheDiskCannotHold) {
  const TempDir folder;
  ExpectError(ErrorCode::kResourceExhausted, {folder.File("file"), "MB free"},
              [&] { NewFile(folder.File("file"), uint64_t{1} << 62); });
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NewFile, NamesThePlaceThatCannotBeWritten) {
  ExpectError(ErrorCode::kUnavailable, {"/nowhere/file"}, [] { NewFile("/nowhere/file", 1); });
}

}  // namespace
}  // namespace retort
