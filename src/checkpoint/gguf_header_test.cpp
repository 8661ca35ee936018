#include "checkpoint/gguf_header.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "checkpoint/gguf.h"

namespace retort {
namespace {

TEST(GgufHeader, ValuesComeBackAsTheyWere) {
  const std::map<std::string, MetadataValue, std::less<>> values = {
      {"bool", true},
      {"int", int64_t{151643}},
      {"negative", int64_t{-1}},
      {"large", int64_t{1} << 40},
      {"number", 0.5},
      {"text", std::string("模型")},
      {"bools", std::vector<bool>{true, false}},
      {"ints", std::vector<int64_t>{1, -1}},
      {"large ints", std::vector<int64_t>{1, int64_t{1} << 40}},
      {"numbers", std::vector<double>{0.25, -2}},
      {"texts", std::vector<std::string>{"a", ""}},
  };
  GgufHeader header;
  for (const auto& [key, value] : values) header.AddValue(key, value);
  const std::vector<std::byte> bytes = header.Bytes();
  EXPECT_EQ(ParseGguf(bytes, "m.gguf").metadata.values(), values);
}

// llama.cpp refuses a token's number that is not a u32, and kinds of tokens that are not i32.
TEST(GgufHeader, NumbersGetTheTypesThatOtherReadersInsistOn) {
  const auto payload_of = [](const MetadataValue& value) {
    GgufHeader header;
    header.AddValue("k", value);
    const std::vector<std::byte> bytes = header.Bytes();
    return std::vector<std::byte>(bytes.begin() + 24 + 9, bytes.end());  // after header and key
  };
  std::vector<std::byte> u32 = GgufHeader::Encode(uint32_t{4});
  GgufHeader::Append(u32, GgufHeader::Encode(uint32_t{7}));
  EXPECT_EQ(payload_of(int64_t{7}), u32);
  std::vector<std::byte> i32s = GgufHeader::Encode(uint32_t{9});
  GgufHeader::Append(i32s, GgufHeader::Encode(uint32_t{5}));
  GgufHeader::Append(i32s, GgufHeader::Encode(uint64_t{1}));
  GgufHeader::Append(i32s, GgufHeader::Encode(int32_t{3}));
  EXPECT_EQ(payload_of(std::vector<int64_t>{3}), i32s);
}

TEST(GgufHeader, PlacesTensorsOneAfterTheOther) {
  GgufHeader header;
  EXPECT_EQ(header.AddTensor("a", DType::kF32, Shape{3}), 0u);
  EXPECT_EQ(header.AddTensor("b", DType::kQ3_K, Shape{2, 256}), 32u);
  EXPECT_EQ(header.AddTensor("c", DType::kF32, Shape{1}), 256u);
  EXPECT_EQ(header.data_bytes(), 260u);
  std::vector<std::byte> file = header.Bytes();
  EXPECT_EQ(file.size() % 32, 0u);
  file.resize(file.size() + header.data_bytes());
  const GgufContents contents = ParseGguf(file, "m.gguf");
  ASSERT_EQ(contents.tensors.size(), 3u);
  EXPECT_EQ(contents.tensors[1].view.shape, (Shape{2, 256}));
  EXPECT_EQ(contents.tensors[1].view.data - contents.tensors[0].view.data, 32);
}

}  // namespace
}  // namespace retort
