// Files that lie: each gets an error of the right kind that names file, field and value.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "checkpoint/gguf.h"
#include "checkpoint/test_values.h"
#include "tests/support/gguf_writer.h"

namespace retort {
namespace {

GgufWriter SmallFile() {
  GgufWriter writer;
  writer.Add("general.name", "good");
  writer.AddTensor("norm.weight", DType::kF32, Shape{5}, Ramp(5));
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

TEST(GgufLiars, WrongKindOfFile) {
  const auto of = [](std::string_view text, ErrorCode code = ErrorCode::kUnsupported) {
    const auto bytes = std::as_bytes(std::span(text));
    return ErrorOf({bytes.begin(), bytes.end()}, code);
  };
  ExpectParts(of("", ErrorCode::kCorrupt), {"0 bytes"});
  ExpectParts(of("GG", ErrorCode::kCorrupt), {"2 bytes", "download it again"});
  ExpectParts(of("version https://git-lfs.github.com/spec/v1"),
              {"Git LFS pointer", "git lfs pull"});
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
  std::vector<std::byte> bytes = SmallFile().Bytes();
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
  ExpectUnsupported(with_type(15), {"Q8_K (15)"});
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

}  // namespace
}  // namespace retort
