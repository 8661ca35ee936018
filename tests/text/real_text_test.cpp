// Tokenizers and chat templates of real model files, as the files bring them, against Hugging
// Face's tokenizers, llama.cpp and Jinja2.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "runtime/loaded_model.h"
#include "tests/support/paths.h"
#include "tests/support/read_file.h"

namespace retort {
namespace {

using nlohmann::ordered_json;
using Ids = std::vector<int32_t>;

struct RealFile {
  const char* name;
  const char* family;
};

// In test names and messages, where GoogleTest would print the struct's bytes.
void PrintTo(const RealFile& file, std::ostream* out) { *out << file.name; }

constexpr RealFile kSmolLm = {"SmolLM2-135M-Instruct.Q4_1.gguf", "smollm"};
constexpr RealFile kQwen[] = {
    {"qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", "qwen2"},
    {"qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "qwen2"},
};

class RealText : public testing::TestWithParam<RealFile> {
 protected:
  void SetUp() override {
    path_ = RealModel(GetParam().name);
    if (path_.empty()) GTEST_SKIP() << kNoRealModels;
  }
  std::string path_;
};

TEST_P(RealText, GivesTheIdsOfTheOracles) {
  const auto tokenizer = LoadTokenizer(path_);
  const auto lines = ReadLines(TestData("text/real_tokenizer.jsonl"));
  EXPECT_GT(lines.size(), 100u);
  for (const std::string& line : lines) {
    const auto row = ordered_json::parse(line);
    EXPECT_EQ(tokenizer->Encode(row.at("text").get<std::string>()),
              row.at(GetParam().family).get<Ids>())
        << row["text"];
  }
}

class RealQwenText : public RealText {};

TEST_P(RealQwenText, GivesTheGoldenIds) {
  const std::string golden = SharedData("data/tokenizers/golden/qwen2.5.jsonl");
  if (golden.empty()) GTEST_SKIP() << kNoSharedData;
  const auto tokenizer = LoadTokenizer(path_);
  for (const std::string& line : ReadLines(golden)) {
    const auto row = ordered_json::parse(line);
    const auto text = row.at("text").get<std::string>();
    const Ids ids = tokenizer->Encode(text);
    EXPECT_EQ(ids, row.at("ids").get<Ids>()) << row["text"];
    EXPECT_EQ(tokenizer->Decode(ids), row.value("decoded", text));
  }
}

TEST_P(RealText, RendersItsTemplateAsJinja) {
  const auto chat = LoadChatTemplate(path_);
  int cases = 0;
  for (const std::string& line : ReadLines(TestData("text/real_templates.jsonl"))) {
    const auto row = ordered_json::parse(line);
    if (row.at("file") != GetParam().name) continue;
    EXPECT_EQ(chat->Render(row.at("variables")), row.at("rendered").get<std::string>());
    ++cases;
  }
  EXPECT_GT(cases, 5);
}

INSTANTIATE_TEST_SUITE_P(SmolLm, RealText, testing::Values(kSmolLm));
INSTANTIATE_TEST_SUITE_P(Qwen, RealText, testing::ValuesIn(kQwen));
INSTANTIATE_TEST_SUITE_P(Qwen, RealQwenText, testing::ValuesIn(kQwen));

}  // namespace
}  // namespace retort
