#include "checkpoint/gguf_split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "tests/support/expect_error.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/paths.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

struct Part {
  uint16_t index;
  uint16_t count = 3;
  int32_t tensors = 4;
  std::vector<std::string> names = {};
  std::string model = "";  // general.name; the first part has it, others may
};

GgufWriter Writer(const Part& part) {
  GgufWriter writer;
  writer.Add("split.no", part.index);
  writer.Add("split.count", part.count);
  writer.Add("split.tensors.count", part.tensors);
  if (!part.model.empty()) writer.Add("general.name", part.model);
  for (const std::string& name : part.names) {
    // Each value says which tensor of which part it is.
    const float value = static_cast<float>(name.back()) + 100.0f * part.index;
    writer.AddTensor(name, DType::kF32, Shape{2}, std::vector<float>{value, value});
  }
  return writer;
}

class SplitGguf : public testing::Test {
 protected:
  SplitGguf() {
    Write(1, {.index = 0, .names = {}, .model = "whole"});
    Write(2, {.index = 1, .names = {"a", "b"}});
    Write(3, {.index = 2, .names = {"c", "d"}});
  }
  std::string PathOf(int number) const {
    return dir_.File(fmt::format("model-{:05}-of-00003.gguf", number));
  }
  void Write(int number, const Part& part) const { Writer(part).Write(PathOf(number)); }

  TempDir dir_;
};

TEST_F(SplitGguf, AnyPartBringsTheOthers) {
  for (int given = 1; given <= 3; ++given) {
    const auto model = OpenCheckpoint(PathOf(given));
    EXPECT_EQ(model->path(), PathOf(given));
    EXPECT_EQ(model->format(), "GGUF v3, 3 files");
    EXPECT_EQ(model->metadata().GetString("general.name"), "whole");
    ASSERT_EQ(model->tensors().size(), 4u);
    EXPECT_EQ(model->tensors()[3].name, "d");
    EXPECT_EQ(model->Tensor("b", Shape{2}).f32()[1], 100.0f + 'b');
    EXPECT_EQ(model->Tensor("d", Shape{2}).f32()[0], 200.0f + 'd');
    EXPECT_EQ(model->files().size(), 3u);
    int64_t bytes = 0;
    for (int i = 1; i <= 3; ++i)
      bytes += static_cast<int64_t>(std::filesystem::file_size(PathOf(i)));
    EXPECT_EQ(model->file_bytes(), bytes);
  }
}

TEST_F(SplitGguf, MissingPartsAreNamed) {
  std::filesystem::remove(PathOf(2));
  ExpectError(ErrorCode::kNotFound, {PathOf(3), "part 2 of 3", PathOf(2)},
              [&] { OpenCheckpoint(PathOf(3)); });
}

TEST_F(SplitGguf, APartNeedsTheNameThatLeadsToTheOthers) {
  const std::string renamed = dir_.File("renamed.gguf");
  std::filesystem::rename(PathOf(2), renamed);
  ExpectError(ErrorCode::kInvalidArgument, {renamed, "part 2 of 3", "-00002-of-00003.gguf"},
              [&] { OpenCheckpoint(renamed); });
}

TEST_F(SplitGguf, PartsThatDoNotBelongTogetherAreRefused) {
  const auto expect = [&](const Part& second, const std::vector<std::string>& parts) {
    Write(2, second);
    ExpectError(ErrorCode::kCorrupt, parts, [&] { OpenCheckpoint(PathOf(1)); });
  };
  expect({.index = 1, .count = 2, .names = {"a", "b"}}, {PathOf(2), "part 2 of 2", "2 of 3"});
  expect({.index = 2, .names = {"a", "b"}}, {PathOf(2), "part 3 of 3", "2 of 3", "split.no"});
  expect({.index = 1, .names = {"a", "c"}}, {PathOf(3), "'c'", PathOf(2)});
  expect({.index = 1, .names = {"a"}}, {PathOf(1), "3 tensors", "split.tensors.count says 4"});
  expect({.index = 1, .tensors = 5, .names = {"a", "b"}},
         {PathOf(2), "split.tensors.count is 5, not 4", "no parts of one model"});
  expect({.index = 1, .names = {"a", "b"}, .model = "another"},
         {PathOf(2), "general.name", "'another'", "'whole'"});
}

TEST_F(SplitGguf, NumbersOutOfRangeAreRefused) {
  for (const auto& [index, count] : {std::pair<int, int>{3, 3}, {7, 2}}) {
    Write(1, {.index = static_cast<uint16_t>(index), .count = static_cast<uint16_t>(count)});
    ExpectError(ErrorCode::kCorrupt,
                {PathOf(1), fmt::format("split.no is {} and split.count is {}", index, count)},
                [&] { OpenCheckpoint(PathOf(1)); });
  }
  for (const int64_t count : {int64_t{-1}, int64_t{100'000}, INT64_MIN}) {
    GgufWriter writer;
    writer.Add("split.count", count);
    writer.Write(PathOf(1));
    ExpectError(ErrorCode::kCorrupt, {PathOf(1), "split.count is"},
                [&] { OpenCheckpoint(PathOf(1)); });
  }
}

// Written by PyPI's gguf, the parts one after the other.
TEST(SplitGgufOfOthers, IsRead) {
  const std::string parts = ReadFile(TestData("../fuzz/corpus/split/three.parts"));
  std::vector<GgufContents> contents;
  for (size_t start = 0; start < parts.size();) {
    const size_t end = std::min(parts.find("GGUF", start + 1), parts.size());
    contents.push_back(
        ParseGguf(std::as_bytes(std::span(parts).subspan(start, end - start)), "part"));
    start = end;
  }
  ASSERT_EQ(contents.size(), 3u);
  const GgufContents whole = JoinGgufParts(std::move(contents));
  EXPECT_EQ(whole.metadata.GetString("general.name"), "split");
  ASSERT_EQ(whole.tensors.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(whole.tensors[i].name, std::string(1, static_cast<char>('a' + i)));
    EXPECT_EQ(whole.tensors[i].view.shape, (Shape{2, 3}));
  }
}

TEST_F(SplitGguf, OneOfOneIsAWholeFile) {
  const std::string path = dir_.File("any.gguf");
  Writer({.index = 0, .count = 1, .tensors = 1, .names = {"a"}}).Write(path);
  EXPECT_EQ(OpenCheckpoint(path)->format(), "GGUF v3");
}

}  // namespace
}  // namespace retort
