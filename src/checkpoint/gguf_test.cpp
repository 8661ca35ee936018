#include "checkpoint/gguf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/mapped_file.h"
#include "tests/support/gguf_writer.h"

namespace retort {
namespace {

using testing::TestWithParam;

std::vector<float> Ramp(size_t count) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i);
  return values;
}

// One key of every type, and tensors of several element types.
GgufWriter GoodFile(uint32_t version = 3) {
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

std::string ErrorOf(const std::vector<std::byte>& bytes, ErrorCode code) {
  try {
    ParseGguf(bytes, "m.gguf");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "the file was accepted";
  return "";
}

void ExpectParts(const std::string& message, const std::vector<std::string>& parts) {
  EXPECT_TRUE(message.starts_with("m.gguf: ")) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  for (const std::string& part : parts) {
    EXPECT_NE(message.find(part), std::string::npos) << "'" << part << "' is not in: " << message;
  }
}

void ExpectCorrupt(const GgufWriter& writer, const std::vector<std::string>& parts) {
  ExpectParts(ErrorOf(writer.Bytes(), ErrorCode::kCorrupt), parts);
}

void ExpectUnsupported(const GgufWriter& writer, const std::vector<std::string>& parts) {
  ExpectParts(ErrorOf(writer.Bytes(), ErrorCode::kUnsupported), parts);
}

class GgufVersionTest : public TestWithParam<uint32_t> {};

TEST_P(GgufVersionTest, ReadsEveryValueType) {
  const std::vector<std::byte> bytes = GoodFile(GetParam()).Bytes();
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
  const std::vector<std::byte> bytes = GoodFile(GetParam()).Bytes();
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

TEST(Gguf, EveryTruncationIsAnError) {
  const std::vector<std::byte> whole = GoodFile().Bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    // A copy of its own, so that the sanitizer sees every byte read beyond the end.
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<long>(size));
    ExpectParts(ErrorOf(cut, ErrorCode::kCorrupt), {"download it again"});
  }
}

TEST(Gguf, NoSingleDamagedByteBreaksTheReader) {
  const std::vector<std::byte> whole = GoodFile().Bytes();
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
        ExpectParts(error.what(), {});
      }
    }
  }
  EXPECT_GT(rejected, 1000);
}

TEST(GgufLiars, WrongKindOfFile) {
  const auto of = [](std::string_view text, ErrorCode code = ErrorCode::kUnsupported) {
    const auto bytes = std::as_bytes(std::span(text));
    return ErrorOf({bytes.begin(), bytes.end()}, code);
  };
  ExpectParts(of("", ErrorCode::kCorrupt), {"0 bytes"});
  ExpectParts(of("GG", ErrorCode::kCorrupt), {"2 bytes", "download it again"});
  ExpectParts(of("version https://git-lfs.github.com/spec/v1"), {"'vers'", "git lfs pull"});
  ExpectParts(of("<!DOCTYPE html>"), {"web page"});
  ExpectParts(of("PK\x03\x04zip"), {"zip", "convert"});
  ExpectParts(of("tjgg\x03"), {"before GGUF"});
  ExpectParts(of("\x1b[2J oh"), {"\\x1b[2J", "GGUF"});
}

TEST(GgufLiars, Versions) {
  ExpectUnsupported(GgufWriter(0), {"version 0"});
  ExpectUnsupported(GgufWriter(1), {"version 1", "convert"});
  ExpectUnsupported(GgufWriter(4), {"version 4", "update Retort"});
  ExpectUnsupported(GgufWriter(0x03000000), {"0x03000000", "big-endian", "convert"});
}

// Overwrites the count at `position` of the header.
std::vector<std::byte> WithCount(size_t position, uint64_t count) {
  std::vector<std::byte> bytes = GoodFile().Bytes();
  const std::vector<std::byte> encoded = GgufWriter::Encode(count);
  std::copy(encoded.begin(), encoded.end(), bytes.begin() + static_cast<long>(position));
  return bytes;
}

TEST(GgufLiars, CountsBeyondTheFile) {
  for (uint64_t count : {uint64_t{1} << 60, UINT64_MAX, uint64_t{1000}}) {
    const std::string value = std::to_string(count);
    ExpectParts(ErrorOf(WithCount(8, count), ErrorCode::kCorrupt), {"tensor count", value});
    ExpectParts(ErrorOf(WithCount(16, count), ErrorCode::kCorrupt), {"metadata count", value});
  }
}

// The payload of an array: element type, count, and whatever follows.
std::vector<std::byte> ArrayPayload(uint32_t type, uint64_t count) {
  std::vector<std::byte> payload = GgufWriter::Encode(type);
  GgufWriter::Append(payload, GgufWriter::Encode(count));
  return payload;
}

TEST(GgufLiars, Metadata) {
  GgufWriter twice;
  twice.Add("a.key", uint32_t{1});
  twice.Add("a.key", uint32_t{1});
  ExpectCorrupt(twice, {"'a.key'", "appears twice"});

  GgufWriter nested;
  nested.AddRaw("list", 9, ArrayPayload(9, 1));
  nested.Add("padding", std::string(64, 'x'));
  ExpectCorrupt(nested, {"'list'", "array of arrays"});

  GgufWriter long_array;
  long_array.AddRaw("list", 9, ArrayPayload(5, uint64_t{1} << 62));
  ExpectCorrupt(long_array, {"'list'", "length", "4611686018427387904"});

  GgufWriter long_string;
  long_string.AddRaw("text", 8, GgufWriter::Encode(UINT64_MAX));
  ExpectCorrupt(long_string, {"'text'", "18446744073709551615"});

  GgufWriter unknown;
  unknown.AddRaw("odd", 13, GgufWriter::Encode(uint64_t{0}));
  ExpectCorrupt(unknown, {"'odd'", "value type 13"});

  GgufWriter unknown_element;
  unknown_element.AddRaw("odd", 9, ArrayPayload(4711, 0));
  ExpectCorrupt(unknown_element, {"'odd'", "value type 4711"});

  GgufWriter large;
  large.Add("n", uint64_t{1} << 63);
  ExpectCorrupt(large, {"'n'", "9223372036854775808"});

  GgufWriter maybe;
  maybe.AddRaw("flag", 7, GgufWriter::Encode(uint8_t{2}));
  maybe.Add("padding", uint64_t{0});
  ExpectCorrupt(maybe, {"'flag'", "truth value of 2"});

  GgufWriter nameless;
  nameless.Add("", uint64_t{0});
  ExpectCorrupt(nameless, {"no name"});

  GgufWriter long_key;
  long_key.Add(std::string(65537, 'k'), uint32_t{0});
  ExpectCorrupt(long_key, {"metadata key 0", "65537", "65536"});

  GgufWriter escape;
  escape.AddRaw("\x1b]0;title\x07", 13, GgufWriter::Encode(uint64_t{0}));
  ExpectCorrupt(escape, {"'\\x1b]0;title\\x07'"});
}

// The limit is on all arrays together, and checked before an array is read.
TEST(GgufLiars, ArraysThatWouldFillTheMemory) {
  constexpr uint64_t kLimit = 1 << 24;
  std::vector<std::byte> payload = ArrayPayload(0, kLimit);
  payload.resize(payload.size() + kLimit);
  GgufWriter writer;
  writer.Add("small", std::vector<uint8_t>{1});
  writer.AddRaw("large", 9, payload);
  ExpectUnsupported(writer, {"'large'", "array elements", "16777217", "16777216"});
}

TEST(GgufLiars, Alignments) {
  for (uint32_t alignment : {0u, 3u, 48u, 1u << 20, 0x80000000u}) {
    GgufWriter writer;
    writer.Add("general.alignment", alignment);
    ExpectCorrupt(writer, {"general.alignment", std::to_string(alignment), "power of two"});
  }
  GgufWriter signed_alignment;
  signed_alignment.Add("general.alignment", int32_t{32});
  ExpectCorrupt(signed_alignment, {"general.alignment", "unsigned 32-bit"});
  GgufWriter text;
  text.Add("general.alignment", "32");
  ExpectCorrupt(text, {"general.alignment"});
}

TEST(GgufLiars, TensorNamesAndShapes) {
  GgufWriter twice;
  twice.AddTensor("w", DType::kF32, Shape{8}, Ramp(8));
  twice.AddTensor("w", DType::kF32, Shape{8}, Ramp(8));
  ExpectCorrupt(twice, {"'w'", "appears twice"});

  GgufWriter long_name;
  long_name.AddTensor(std::string(64, 'n'), DType::kF32, Shape{8}, Ramp(8));
  ExpectCorrupt(long_name, {"name of tensor 0", "64", "63"});

  GgufWriter nameless;
  nameless.AddTensor("", DType::kF32, Shape{8}, Ramp(8));
  ExpectCorrupt(nameless, {"no name"});

  const auto with_dims = [](const std::vector<uint64_t>& dims, uint32_t type = 0) {
    GgufWriter writer;
    writer.AddRawTensor("w", dims, type, 0);
    writer.Add("padding", std::string(100, 'x'));
    return writer;
  };
  ExpectCorrupt(with_dims({}), {"'w'", "0 dimensions"});
  ExpectCorrupt(with_dims({1, 1, 1, 1, 1}), {"'w'", "5 dimensions"});
  ExpectCorrupt(with_dims({4, 0}), {"'w'", "dimension 1 = 0"});
  ExpectCorrupt(with_dims({(uint64_t{1} << 31) + 1}), {"'w'", "2147483649"});
  ExpectCorrupt(with_dims({UINT64_MAX}), {"'w'", "18446744073709551615"});
  // The product wraps to 0 in 64 bits.
  ExpectCorrupt(with_dims({1u << 31, 1u << 31, 4}), {"'w'", "elements", "dimension 1"});
  ExpectCorrupt(with_dims({1u << 20, 1u << 20, 2}), {"'w'", "elements", "dimension 2 = 2"});
  ExpectCorrupt(with_dims({33}, 8), {"'w'", "33", "Q8_0", "block of 32"});
  ExpectCorrupt(with_dims({32, 256}, 12), {"'w'", "32", "Q4_K", "block of 256"});
}

TEST(GgufLiars, ElementTypes) {
  const auto with_type = [](uint32_t type) {
    GgufWriter writer;
    writer.AddRawTensor("blk.0.ffn_up.weight", {256}, type, 0);
    return writer;
  };
  ExpectUnsupported(with_type(16), {"'blk.0.ffn_up.weight'", "IQ2_XXS (16)", "Q4_K", "Q6_K"});
  ExpectUnsupported(with_type(13), {"Q5_K (13)"});
  ExpectUnsupported(with_type(39), {"MXFP4 (39)"});
  for (uint32_t removed : {4u, 5u, 31u, 33u, 36u, 38u, 43u, UINT32_MAX}) {
    ExpectCorrupt(with_type(removed), {"unknown element type " + std::to_string(removed)});
  }
}

TEST(GgufLiars, PlacesOfTensorData) {
  const auto two_tensors = [](uint64_t second_offset, std::vector<uint64_t> dims = {8}) {
    GgufWriter writer;
    writer.AddTensor("first", DType::kF32, Shape{16}, Ramp(16));
    writer.AddRawTensor("second", dims, 0, second_offset);
    return writer;
  };
  ParseGguf(GoodFile().Bytes(), "m.gguf");
  ExpectCorrupt(two_tensors(32), {"'second'", "offset 32", "overlaps 'first'", "64"});
  ExpectCorrupt(two_tensors(0, {1}), {"overlaps"});
  ExpectCorrupt(two_tensors(1), {"'second'", "offset 1", "alignment 32"});
  ExpectCorrupt(two_tensors(64), {"'second'", "32 bytes at offset 64", "64 bytes"});
  ExpectCorrupt(two_tensors(1u << 20), {"'second'", "1048576", "download it again"});
  ExpectCorrupt(two_tensors(UINT64_MAX - 31), {"'second'", "18446744073709551584"});
  ExpectCorrupt(two_tensors(0, {1u << 31, 1u << 9}), {"'second'", "4398046511104 bytes"});
}

TEST(GgufLiars, DataThatTheProcessorCouldNotReadInPlace) {
  int accepted = 0;
  for (size_t shift = 1; shift <= 4; ++shift) {
    GgufWriter writer(3, 1);
    writer.Add("general.alignment", uint32_t{1});
    writer.Add("shift", std::string(shift, 'x'));
    writer.AddTensor("w", DType::kF32, Shape{8}, Ramp(8));
    try {
      ParseGguf(writer.Bytes(), "m.gguf");
      ++accepted;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
      ExpectParts(error.what(), {"'w'", "multiple of 4", "general.alignment 32"});
    }
  }
  EXPECT_EQ(accepted, 1);
}

TEST(GgufLiars, SplitFiles) {
  GgufWriter writer;
  writer.Add("split.no", uint16_t{1});
  writer.Add("split.count", uint16_t{3});
  ExpectUnsupported(writer, {"part 2", "3 files", "--merge"});
  GgufWriter alone;
  alone.Add("split.count", uint16_t{1});
  EXPECT_NO_THROW(ParseGguf(alone.Bytes(), "m.gguf"));
}

}  // namespace
}  // namespace retort
