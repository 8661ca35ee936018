#include "checkpoint/checkpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "tests/support/expect_error.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

Metadata Example() {
  return Metadata("m.gguf", {{"int", int64_t{7}},
                             {"number", 0.5},
                             {"flag", true},
                             {"text", std::string("hello")},
                             {"ints", std::vector<int64_t>{1, 2}},
                             {"strings", std::vector<std::string>{"a"}}});
}

TEST(Metadata, FindsWhatIsThereAndNothingElse) {
  const Metadata m = Example();
  EXPECT_EQ(m.FindInt("int"), 7);
  EXPECT_EQ(m.FindDouble("number"), 0.5);
  EXPECT_EQ(m.FindDouble("int"), 7.0);  // writers store whole numbers either way
  EXPECT_EQ(m.FindBool("flag"), true);
  EXPECT_EQ(*m.FindString("text"), "hello");
  EXPECT_EQ(m.FindInts("ints")->size(), 2u);
  EXPECT_EQ(m.FindStrings("strings")->size(), 1u);
  EXPECT_EQ(m.FindInt("absent"), std::nullopt);
  EXPECT_EQ(m.FindDouble("absent"), std::nullopt);
  EXPECT_EQ(m.FindBool("absent"), std::nullopt);
  EXPECT_EQ(m.FindString("absent"), nullptr);
  EXPECT_EQ(m.FindStrings("absent"), nullptr);
  EXPECT_EQ(m.FindInts("absent"), nullptr);
}

TEST(Metadata, WrongTypesNameKeyValueAndExpectation) {
  const Metadata m = Example();
  const auto expect = [](const std::vector<std::string>& parts, auto action) {
    ExpectError(ErrorCode::kCorrupt, parts, action);
  };
  expect({"m.gguf", "'text'", "'hello'", "an integer"}, [&] { m.FindInt("text"); });
  expect({"'number'", "0.5", "an integer"}, [&] { m.GetInt("number"); });
  expect({"'text'", "a number"}, [&] { m.FindDouble("text"); });
  expect({"'int'", "integer 7", "true or false"}, [&] { m.FindBool("int"); });
  expect({"'flag'", "true", "a string"}, [&] { m.GetString("flag"); });
  expect({"'ints'", "2 elements", "array of strings"}, [&] { m.FindStrings("ints"); });
  expect({"'int'", "array of integers"}, [&] { m.FindInts("int"); });
}

TEST(Metadata, MissingKeysAreNamed) {
  const Metadata m = Example();
  const auto expect = [](auto action) {
    ExpectError(ErrorCode::kCorrupt, {"m.gguf", "'absent'", "missing"}, action);
  };
  expect([&] { m.GetInt("absent"); });
  expect([&] { m.GetDouble("absent"); });
  expect([&] { m.GetString("absent"); });
}

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() : path_(dir_.File("tiny.gguf")) {
    GgufWriter writer;
    writer.Add("general.architecture", "llama");
    writer.AddTensor("a", DType::kF32, Shape{2}, std::vector<float>{1, 2});
    writer.AddTensor("b", DType::kF32, Shape{1, 3}, std::vector<float>{3, 4, 5});
    writer.Write(path_);
  }

  TempDir dir_;
  std::string path_;
};

TEST_F(CheckpointTest, OpensAFile) {
  const auto checkpoint = OpenCheckpoint(path_);
  EXPECT_EQ(checkpoint->path(), path_);
  EXPECT_EQ(checkpoint->format(), "GGUF v3");
  EXPECT_EQ(checkpoint->metadata().source(), path_);
  EXPECT_EQ(checkpoint->metadata().GetString("general.architecture"), "llama");
  EXPECT_GT(checkpoint->file_bytes(), 0);
  EXPECT_EQ(checkpoint->Tensor("b", Shape{1, 3}).f32()[2], 5.0f);
  EXPECT_EQ(checkpoint->Find("a")->view.f32()[0], 1.0f);
  EXPECT_EQ(checkpoint->Find("c"), nullptr);
}

TEST_F(CheckpointTest, MissingAndMisshapenTensorsAreNamed) {
  const auto checkpoint = OpenCheckpoint(path_);
  ExpectError(ErrorCode::kCorrupt, {path_, "'c'", "[4, 4]", "missing"}, [&] {
    checkpoint->Tensor("c", Shape{4, 4});
  });
  ExpectError(ErrorCode::kCorrupt, {path_, "'b'", "[1, 3]", "[3, 1]"}, [&] {
    checkpoint->Tensor("b", Shape{3, 1});
  });
}

TEST_F(CheckpointTest, PathsThatAreNoModelFiles) {
  ExpectError(ErrorCode::kNotFound, {"absent.gguf"}, [&] { OpenCheckpoint("absent.gguf"); });
  ExpectError(ErrorCode::kNotFound, {dir_.path(), "config.json", "or a GGUF file"},
              [&] { OpenCheckpoint(dir_.path()); });
}

}  // namespace
}  // namespace retort
