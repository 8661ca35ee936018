#include "checkpoint/gguf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/mapped_file.h"
#include "checkpoint/test_values.h"
#include "tests/support/gguf_writer.h"

namespace retort {
namespace {

using testing::TestWithParam;

// One key of every type, and tensors of several element types.
GgufWriter FileOfEveryType(uint32_t version = 3) {
  GgufWriter writer(version);
  writer.Add("u8", uint8_t{255});
  writer.Add("i8", int8_t{-128});
  writer.Add("u16", uint16_t{65535});
  writer.Add("i16", int16_t{-32768});
  writer.Add("u32", uint32_t{4294967295});
  writer.Add("i32", int32_t{-2147483647});
  writer.Add("u64", uint64_t{9223372036854775807});
  writer.Add("i64", std::numeric_limits<int64_t>::min());
  writer.Add("f32", 0.5f);
  writer.Add("f64", 0.1);
  writer.Add("yes", true);
  writer.Add("no", false);
  writer.Add("text", "größe");
  writer.Add("empty", "");
  writer.Add("strings", std::vector<std::string>{"a", "", "ccc"});
  writer.Add("ints", std::vector<int32_t>{3, -1});
  writer.Add("floats", std::vector<float>{1.5f, -2.0f});
  writer.Add("bools", std::vector<bool>{true, false, true});
  writer.Add("none", std::vector<std::string>{});
  writer.AddTensor("norm.weight", DType::kF32, Shape{5}, Ramp(5));
  writer.AddTensor("embd.weight", DType::kQ8_0, Shape{3, 64}, Ramp(192));
  writer.AddTensor("cube", DType::kF16, Shape{2, 3, 4}, Ramp(24));
  return writer;
}

class GgufVersionTest : public TestWithParam<uint32_t> {};

TEST_P(GgufVersionTest, ReadsEveryValueType) {
  const std::vector<std::byte> bytes = FileOfEveryType(GetParam()).Bytes();
  const GgufContents contents = ParseGguf(bytes, "m.gguf");
  EXPECT_EQ(contents.version, GetParam());
  const Metadata& m = contents.metadata;
  EXPECT_EQ(m.values().size(), 19u);
  EXPECT_EQ(m.GetInt("u8"), 255);
  EXPECT_EQ(m.GetInt("i8"), -128);
  EXPECT_EQ(m.GetInt("u16"), 65535);
  EXPECT_EQ(m.GetInt("i16"), -32768);
  EXPECT_EQ(m.GetInt("u32"), 4294967295);
  EXPECT_EQ(m.GetInt("i32"), -2147483647);
  EXPECT_EQ(m.GetInt("u64"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(m.GetInt("i64"), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(m.GetDouble("f32"), 0.5);
  EXPECT_EQ(m.GetDouble("f64"), 0.1);
  EXPECT_EQ(m.FindBool("yes"), true);
  EXPECT_EQ(m.FindBool("no"), false);
  EXPECT_EQ(m.GetString("text"), "größe");
  EXPECT_EQ(m.GetString("empty"), "");
  EXPECT_EQ(*m.FindStrings("strings"), (std::vector<std::string>{"a", "", "ccc"}));
  EXPECT_EQ(*m.FindInts("ints"), (std::vector<int64_t>{3, -1}));
  EXPECT_EQ(std::get<std::vector<double>>(m.values().at("floats")),
            (std::vector<double>{1.5, -2.0}));
  EXPECT_EQ(std::get<std::vector<bool>>(m.values().at("bools")),
            (std::vector<bool>{true, false, true}));
  EXPECT_TRUE(m.FindStrings("none")->empty());
}

TEST_P(GgufVersionTest, ReadsTensorsOutermostDimensionFirst) {
  const std::vector<std::byte> bytes = FileOfEveryType(GetParam()).Bytes();
  const GgufContents contents = ParseGguf(bytes, "m.gguf");
  ASSERT_EQ(contents.tensors.size(), 3u);
  EXPECT_EQ(contents.tensors[0].name, "norm.weight");
  EXPECT_EQ(contents.tensors[0].view.shape, Shape{5});
  EXPECT_EQ(contents.tensors[0].view.f32()[4], 4.0f);
  EXPECT_EQ(contents.tensors[1].view.dtype, DType::kQ8_0);
  EXPECT_EQ(contents.tensors[1].view.shape, (Shape{3, 64}));
  EXPECT_EQ(contents.tensors[2].view.shape, (Shape{2, 3, 4}));
  // The last tensor ends with the file.
  EXPECT_EQ(contents.tensors[2].view.data + contents.tensors[2].view.bytes(),
            bytes.data() + bytes.size());
}

INSTANTIATE_TEST_SUITE_P(Versions, GgufVersionTest, testing::Values(2u, 3u));

// Files that PyPI's gguf has written (tools/make_gguf_fixtures.py).
MappedFile Fixture(const std::string& name) {
  return MappedFile(std::string(RETORT_SOURCE_DIR) + "/tests/fuzz/corpus/gguf/" + name);
}

class GgufFixtureTest : public TestWithParam<const char*> {};

TEST_P(GgufFixtureTest, ReadsMetadataWrittenByGguf) {
  const MappedFile file = Fixture(GetParam());
  const Metadata m = ParseGguf(file.bytes(), file.path()).metadata;
  EXPECT_EQ(m.values().size(), 16u);
  EXPECT_EQ(m.GetString("general.architecture"), "llama");
  EXPECT_EQ(m.GetInt("k.u8"), 200);
  EXPECT_EQ(m.GetInt("k.i8"), -100);
  EXPECT_EQ(m.GetInt("k.u16"), 60000);
  EXPECT_EQ(m.GetInt("k.i16"), -30000);
  EXPECT_EQ(m.GetInt("k.u32"), 4000000000);
  EXPECT_EQ(m.GetInt("k.i32"), -2000000000);
  EXPECT_EQ(m.GetInt("k.u64"), int64_t{1} << 62);
  EXPECT_EQ(m.GetInt("k.i64"), -(int64_t{1} << 62));
  EXPECT_EQ(m.GetDouble("k.f32"), 0.25);
  EXPECT_EQ(m.GetDouble("k.f64"), 0.1);
  EXPECT_EQ(m.FindBool("k.bool"), true);
  EXPECT_EQ(m.GetString("k.string"), "é模");
  EXPECT_EQ(*m.FindInts("k.ints"), (std::vector<int64_t>{1, -2, 3}));
  EXPECT_EQ(*m.FindStrings("k.strings"), (std::vector<std::string>{"a", "bc"}));
}

INSTANTIATE_TEST_SUITE_P(Versions, GgufFixtureTest,
                         testing::Values("metadata.gguf", "version2.gguf"),
                         [](const auto& param) { return std::string(param.param).substr(0, 8); });

TEST(Gguf, ReadsTensorsWrittenByGguf) {
  const MappedFile file = Fixture("tensors.gguf");
  const GgufContents contents = ParseGguf(file.bytes(), file.path());
  ASSERT_EQ(contents.tensors.size(), static_cast<size_t>(kNumDTypes));
  EXPECT_EQ(contents.tensors[0].view.shape, (Shape{2, 3}));
  EXPECT_EQ(contents.tensors[0].view.f32()[5], 5.0f);
  EXPECT_EQ(contents.tensors[3].name, "Q8_0");
  EXPECT_EQ(contents.tensors[3].view.dtype, DType::kQ8_0);
  EXPECT_EQ(contents.tensors[3].view.shape, (Shape{2, 32}));
  EXPECT_EQ(contents.tensors[8].view.shape, (Shape{1, 256}));
  EXPECT_EQ(contents.tensors[8].view.data[209], std::byte{0x11});

  const MappedFile aligned = Fixture("aligned.gguf");
  const GgufContents other = ParseGguf(aligned.bytes(), aligned.path());
  EXPECT_EQ(other.tensors[1].view.shape, (Shape{1, 1, 2, 2}));
  EXPECT_EQ(other.tensors[1].view.data - other.tensors[0].view.data, 64);
}

TEST(Gguf, AFileWithoutTensorsOrMetadataIsLegal) {
  EXPECT_TRUE(ParseGguf(GgufWriter().Bytes(), "m.gguf").tensors.empty());
}

TEST(Gguf, HonoursItsAlignment) {
  GgufWriter writer(3, 256);
  writer.Add("general.alignment", uint32_t{256});
  writer.AddTensor("a", DType::kF32, Shape{2}, Ramp(2));
  writer.AddTensor("b", DType::kF32, Shape{3}, Ramp(3));
  const std::vector<std::byte> bytes = writer.Bytes();
  const GgufContents contents = ParseGguf(bytes, "m.gguf");
  EXPECT_EQ(contents.tensors[1].view.f32()[2], 2.0f);
  EXPECT_EQ(contents.tensors[1].view.data - contents.tensors[0].view.data, 256);
}

// One line that begins with the file's name.
void ExpectClear(const std::string& message) {
  EXPECT_TRUE(message.starts_with("m.gguf: ")) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

TEST(Gguf, EveryTruncationIsAnError) {
  const std::vector<std::byte> whole = FileOfEveryType().Bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    // A copy of its own, so that the sanitizer sees every byte read beyond the end.
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<long>(size));
    try {
      ParseGguf(cut, "m.gguf");
      ADD_FAILURE() << "accepted with " << size << " bytes of " << whole.size();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt) << error.what();
      ExpectClear(error.what());
      EXPECT_NE(std::string(error.what()).find("download it again"), std::string::npos)
          << error.what();
    }
  }
}

TEST(Gguf, NoSingleDamagedByteBreaksTheReader) {
  const std::vector<std::byte> whole = FileOfEveryType().Bytes();
  int rejected = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    for (int flip : {0x01, 0x80, 0xFF}) {
      std::vector<std::byte> damaged = whole;
      damaged[i] ^= static_cast<std::byte>(flip);
      try {
        for (const NamedTensor& tensor : ParseGguf(damaged, "m.gguf").tensors) {
          ASSERT_GE(tensor.view.data, damaged.data());
          ASSERT_LE(tensor.view.data + tensor.view.bytes(), damaged.data() + damaged.size());
        }
      } catch (const Error& error) {
        ++rejected;
        ExpectClear(error.what());
      }
    }
  }
  EXPECT_GT(rejected, 1000);
}

}  // namespace
}  // namespace retort
