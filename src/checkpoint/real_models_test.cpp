// The reader and the codecs on real files, against what PyPI's gguf reads in them.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "quant/codec.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

// FNV-1a, 64 bits, in hexadecimal.
std::string Digest(std::string_view bytes) {
  uint64_t value = 0xCBF29CE484222325ull;
  for (char byte : bytes) value = (value ^ static_cast<uint8_t>(byte)) * 0x100000001B3ull;
  return fmt::format("{:016x}", value);
}

std::string ListingDigest(const Checkpoint& checkpoint) {
  std::string listing;
  for (const NamedTensor& tensor : checkpoint.tensors()) {
    listing += fmt::format("{} {} {}\n", tensor.name, Info(tensor.view.dtype).name,
                           tensor.view.shape.ToString());
  }
  return Digest(listing);
}

std::string StringsDigest(const Metadata& metadata, std::string_view key) {
  std::string joined;
  for (const std::string& text : *metadata.FindStrings(key)) {
    if (!joined.empty()) joined += '\n';
    joined += text;
  }
  return Digest(joined);
}

std::string RowDigest(const ConstTensorView& view, size_t row) {
  std::vector<float> floats(static_cast<size_t>(view.shape.back()));
  DequantizeRow(view.dtype, view.data + row * view.row_bytes(), view.shape.back(), floats.data());
  return Digest({reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float)});
}

void CheckFile(const Checkpoint& checkpoint, std::istream& expected) {
  size_t keys, tensors;
  std::string version, listing, tokens, merges;
  expected >> version >> keys >> tensors >> listing >> tokens >> merges;
  EXPECT_EQ(checkpoint.format(), "GGUF v" + version);
  EXPECT_EQ(checkpoint.metadata().values().size(), keys);
  EXPECT_EQ(checkpoint.tensors().size(), tensors);
  EXPECT_EQ(ListingDigest(checkpoint), listing);
  EXPECT_EQ(StringsDigest(checkpoint.metadata(), "tokenizer.ggml.tokens"), tokens);
  EXPECT_EQ(StringsDigest(checkpoint.metadata(), "tokenizer.ggml.merges"), merges);
}

void CheckRow(const Checkpoint& checkpoint, std::istream& expected) {
  size_t row;
  std::string name, type, shape, digest;
  expected >> name >> type >> shape >> row >> digest;
  const NamedTensor* tensor = checkpoint.Find(name);
  ASSERT_NE(tensor, nullptr) << name;
  EXPECT_EQ(Info(tensor->view.dtype).name, type) << name;
  EXPECT_EQ(RowDigest(tensor->view, row), digest) << name << " " << type << " row " << row;
}

// Checks the file of this name against its lines of the expectations.
void CheckModel(const std::string& name) {
  const std::string path = RealModel(name);
  if (path.empty()) GTEST_SKIP() << name << ": " << kNoRealModels;
  const std::unique_ptr<Checkpoint> checkpoint = OpenCheckpoint(path);
  std::ifstream file(TestData("gguf/real_models.txt"));
  ASSERT_TRUE(file.good());
  bool mine = false;
  int rows = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string kind, subject;
    fields >> kind;
    if (kind == "file") {
      fields >> subject;
      mine = subject == name;
      if (mine) CheckFile(*checkpoint, fields);
    } else if (mine) {
      CheckRow(*checkpoint, fields);
      ++rows;
    }
  }
  EXPECT_GE(rows, 7) << "no expectations for " << name;
}

TEST(RealModels, SmolLM2ReadsAsGgufReadsIt) { CheckModel("SmolLM2-135M-Instruct.Q4_1.gguf"); }

TEST(RealModels, Coder05BReadsAsGgufReadsIt) {
  CheckModel("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf");
}

TEST(RealModels, Coder15BReadsAsGgufReadsIt) {
  CheckModel("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf");
}

}  // namespace
}  // namespace retort
