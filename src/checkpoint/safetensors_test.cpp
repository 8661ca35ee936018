#include "checkpoint/safetensors.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "quant/codec.h"
#include "tests/support/expect_error.h"
#include "tests/support/safetensors_writer.h"

namespace retort {
namespace {

std::vector<NamedTensor> Parse(const std::string& file) {
  return ParseSafetensors(std::as_bytes(std::span(file)), "m.safetensors");
}

std::string Zeros(size_t count) { return std::string(count, '\0'); }

TEST(Safetensors, GivesViewsInTheOrderOfTheData) {
  SafetensorsWriter writer;
  writer.Add("z", DType::kF32, Shape{2, 3}, std::vector<float>{0, 1, 2, 3, 4, 5});
  writer.Add("a", DType::kBF16, Shape{2}, std::vector<float>{1, 2});
  writer.Add("m", DType::kF16, Shape{1, 1, 2}, std::vector<float>{0.5, -1});
  const std::string file = writer.File();
  const std::vector<NamedTensor> tensors = Parse(file);
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_EQ(tensors[0].name, "z");
  EXPECT_EQ(tensors[0].view.shape, (Shape{2, 3}));
  EXPECT_EQ(tensors[0].view.f32()[5], 5.0f);
  EXPECT_EQ(tensors[1].name, "a");
  EXPECT_EQ(tensors[1].view.dtype, DType::kBF16);
  float half[2];
  DequantizeRow(DType::kF16, tensors[2].view.data, 2, half);
  EXPECT_EQ(half[1], -1.0f);
  const auto bytes = std::as_bytes(std::span(file));
  EXPECT_EQ(tensors[2].view.data + tensors[2].view.bytes(), bytes.data() + bytes.size());
}

TEST(Safetensors, AllowsNotesScalarsAndEmptyTensors) {
  const std::string file = SafetensorsFile(
      R"({"__metadata__":{"format":"pt"},"none":{"dtype":"F32","shape":[0,4],"data_offsets":[4,4]},)"
      R"("one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}    )",
      Zeros(4));
  const std::vector<NamedTensor> tensors = Parse(file);
  ASSERT_EQ(tensors.size(), 1u);
  EXPECT_EQ(tensors[0].name, "one");
  EXPECT_EQ(tensors[0].view.bytes(), 4u);
  EXPECT_TRUE(Parse(SafetensorsFile("{}", "")).empty());
}

// A header about 8 bytes of data, and what must stand in the message.
struct Liar {
  const char* header;
  std::vector<std::string> parts;
};

void ExpectRefused(ErrorCode code, const Liar& liar) {
  std::vector<std::string> parts = liar.parts;
  parts.push_back("m.safetensors: ");
  ExpectError(code, parts, [&] { Parse(SafetensorsFile(liar.header, Zeros(8))); });
}

TEST(Safetensors, RefusesPlacesThatContradictTheFile) {
  const Liar liars[] = {
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}})", {"'a'", "0 to 12 of 8"}},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", {"'a'", "8 to 0 of 8"}},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})",
       {"'a'", "F32", "[1]", "8 bytes"}},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387904,4,2],"data_offsets":[0,8]}})",
       {"'a'", "4611686018427387904"}},
      {R"({"a":{"dtype":"F4","shape":[17],"data_offsets":[0,8]}})", {"'a'", "F4"}},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       {"'a'", "offset 4", "ends at 0"}},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", {"8 bytes", "take 4"}},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
       R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       {"'b'", "offset 4", "ends at 8"}},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}})", {"'a'"}},
  };
  for (const Liar& liar : liars) ExpectRefused(ErrorCode::kCorrupt, liar);
}

TEST(Safetensors, RefusesHeadersThatAreNone) {
  const Liar liars[] = {
      {"[]", {"does not begin with {"}},
      {" {}", {"does not begin with {"}},
      {"{", {"JSON ends too early"}},
      {R"({"a":3})", {"'a'", "exactly dtype, shape and data_offsets"}},
      {R"({"a":{"dtype":"F32","shape":[2]}})", {"'a'", "exactly"}},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}})", {"'a'", "exactly"}},
      {R"({"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}})", {"'a'", "'F31'"}},
      {R"({"a":{"dtype":"Q8_0","shape":[2],"data_offsets":[0,8]}})", {"'a'", "'Q8_0'"}},
      {R"({"a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}})", {"'a'", "unknown element type"}},
      {R"({"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}})", {"'a'", "shape"}},
      {R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", {"'a'", "shape"}},
      {R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", {"'a'", "shape"}},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})", {"'a'", "two data_offsets"}},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,"8"]}})", {"'a'", "data_offsets"}},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
       R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       {"'a' comes twice"}},
      {R"({"__metadata__":{"format":1}})", {"__metadata__"}},
      {R"({"__metadata__":"pt"})", {"__metadata__"}},
  };
  for (const Liar& liar : liars) ExpectRefused(ErrorCode::kCorrupt, liar);
}

TEST(Safetensors, RefusesHeadersBeyondTheFile) {
  const auto expect = [](const std::string& file, ErrorCode code,
                         const std::vector<std::string>& parts) {
    ExpectError(code, parts, [&] { Parse(file); });
  };
  std::string cut = SafetensorsFile("{}          ", "");
  cut.pop_back();
  expect(cut, ErrorCode::kCorrupt, {"m.safetensors", "header", "12 bytes"});
  expect(Zeros(7), ErrorCode::kCorrupt, {"m.safetensors", "8 bytes"});
  expect(std::string(16, '\xFF'), ErrorCode::kCorrupt, {"18446744073709551615", "100000000"});
  expect("version https://git-lfs.github.com/spec/v1\noid sha256:0", ErrorCode::kUnsupported,
         {"git lfs pull"});
  expect("<!DOCTYPE html><html>", ErrorCode::kUnsupported, {"web page"});
}

TEST(Safetensors, RefusesWhatRetortCannotCompute) {
  const Liar liars[] = {
      {R"({"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}})", {"'a'", "I32", "GGUF"}},
      {R"({"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}})", {"'a'", "F8_E4M3"}},
      {R"({"a":{"dtype":"F32","shape":[1,1,1,1,2],"data_offsets":[0,8]}})",
       {"'a'", "5 dimensions"}},
  };
  for (const Liar& liar : liars) ExpectRefused(ErrorCode::kUnsupported, liar);
  // Data at an odd place: the header's length is the data's alignment.
  int accepted = 0;
  for (int pad = 0; pad < 4; ++pad) {
    std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
    header.append(static_cast<size_t>(pad), ' ');
    if (header.size() % 4 == 0) {
      EXPECT_EQ(Parse(SafetensorsFile(header, Zeros(8))).size(), 1u);
      ++accepted;
    } else {
      ExpectRefused(ErrorCode::kUnsupported,
                    {header.c_str(), {"'a'", "multiple of 4", "save_file"}});
    }
  }
  EXPECT_EQ(accepted, 1);
}

TEST(SafetensorsIndex, SaysWhichFileHoldsWhat) {
  const auto files = ParseSafetensorsIndex(
      R"({"metadata":{"total_size":8},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}})",
      "i");
  EXPECT_EQ(files.size(), 2u);
  EXPECT_EQ(files.at("b"), "m-2.safetensors");
}

TEST(SafetensorsIndex, RefusesNamesThatLeadElsewhere) {
  for (const char* name :
       {"../m.safetensors", "/m.safetensors", "a/m.safetensors", "a\\\\m.safetensors",
        "..safetensors", ".safetensors", "", "m.bin", "m\\u0000.safetensors"}) {
    const std::string text = fmt::format(R"({{"weight_map":{{"a":"{}"}}}})", name);
    ExpectError(ErrorCode::kCorrupt, {"index", "weight_map", "'a'"},
                [&] { ParseSafetensorsIndex(text, "index"); });
  }
  for (const char* text :
       {"{}", "[]", R"({"weight_map":{}})", R"({"weight_map":[]})", R"({"weight_map":{"a":1}})"}) {
    ExpectError(ErrorCode::kCorrupt, {"index", "weight_map"},
                [&] { ParseSafetensorsIndex(text, "index"); });
  }
}

}  // namespace
}  // namespace retort
