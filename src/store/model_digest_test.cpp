#include "store/model_digest.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/hash.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

std::string HashOf(const std::string& text) {
  Sha256 hash;
  hash.Update(text);
  return hash.Hex();
}

class ModelDigestTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(dir_.File(name)).parent_path());
    std::ofstream(dir_.File(name)) << text;
    return dir_.File(name);
  }
  // The digest, and how many bytes had to be read for it.
  std::pair<std::string, int64_t> Digest(const std::string& path) {
    int64_t read = 0;
    const auto files = std::filesystem::is_directory(path) ? FolderFiles(path) : std::vector{path};
    const std::string digest = ModelDigest(store_, files, [&](int64_t done, int64_t total) {
      read = done;
      EXPECT_LE(done, total);
    });
    return {digest, read};
  }

  TempDir dir_;
  RunStore store_{dir_.File("runs.db")};
};

TEST_F(ModelDigestTest, IsTheSha256OfTheFileAndReadOnce) {
  const std::string path = Write("a.gguf", "weights");
  EXPECT_EQ(Digest(path), std::pair(HashOf("weights"), int64_t{7}));
  EXPECT_EQ(Digest(path), std::pair(HashOf("weights"), int64_t{0}));
  EXPECT_EQ(Digest(dir_.path() + "/./a.gguf"), std::pair(HashOf("weights"), int64_t{0}));
  EXPECT_EQ(BytesOf({path}), 7);
}

TEST_F(ModelDigestTest, IsReadAgainWhenTheFileMayHaveChanged) {
  const std::string path = Write("a.gguf", "weights");
  Digest(path);
  const timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 0}};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
  EXPECT_EQ(Digest(path).second, 7);
  EXPECT_EQ(Digest(path).second, 0);
  // The same size and time of change, another file.
  std::filesystem::rename(Write("b.gguf", "WEIGHTS"), path);
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
  EXPECT_EQ(Digest(path), std::pair(HashOf("WEIGHTS"), int64_t{7}));
}

TEST_F(ModelDigestTest, OfAFolderIsThatOfItsFilesAndNames) {
  Write("model/b.safetensors", "bb");
  Write("model/a.safetensors", "a");
  Write("model/.lock", "ignored");
  const std::string list = HashOf("a") + "  a.safetensors\n" + HashOf("bb") + "  b.safetensors\n";
  EXPECT_EQ(Digest(dir_.File("model")), std::pair(HashOf(list), int64_t{3}));
  EXPECT_EQ(BytesOf(FolderFiles(dir_.File("model"))), 3);
  Write("model/b.safetensors", "bbb");
  EXPECT_NE(Digest(dir_.File("model")).first, HashOf(list));
}

TEST_F(ModelDigestTest, WhatProgressThrowsEndsIt) {
  const std::string path = Write("a.gguf", "weights");
  EXPECT_THROW(ModelDigest(store_, {path},
                           [](int64_t, int64_t) { Fail(ErrorCode::kCancelled, "interrupted"); }),
               Error);
  EXPECT_EQ(Digest(path).second, 7) << "nothing was remembered";
}

TEST_F(ModelDigestTest, AFileThatIsNotThereIsNamed) {
  try {
    ModelDigest(store_, {dir_.File("nothing.gguf")});
    FAIL() << "should have failed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("nothing.gguf"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace retort
