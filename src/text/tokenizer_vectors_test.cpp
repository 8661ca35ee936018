// Token ids against Hugging Face's tokenizers and llama.cpp: the repository's own vocabularies
// always, published ones where the shared data is.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <sstream>

#include "text/test_data.h"
#include "text/tokenizer_json.h"

namespace retort {
namespace {

using nlohmann::json;
using Ids = std::vector<int32_t>;

class TinyVocabulary : public testing::TestWithParam<const char*> {};

TEST_P(TinyVocabulary, GivesTheIdsOfHuggingFace) {
  const std::string family = GetParam();
  const Tokenizer tokenizer(TinySpec(family));
  const auto lines = ReadLines(TestData("text/tiny_tokenizer.jsonl"));
  EXPECT_GT(lines.size(), 100u);
  for (const std::string& line : lines) {
    const json row = json::parse(line);
    const auto text = row.at("text").get<std::string>();
    EXPECT_EQ(tokenizer.Encode(text), row.at(family).get<Ids>()) << row["text"];
  }
}

INSTANTIATE_TEST_SUITE_P(Families, TinyVocabulary, testing::Values("qwen2", "smollm"));

// `row` has ids, and decoded texts where they are not the text itself.
void ExpectAsInRow(const Tokenizer& tokenizer, const std::string& text, const json& row) {
  const auto ids = row.at("ids").get<Ids>();
  EXPECT_EQ(tokenizer.Encode(text), ids) << json(text);
  const auto decoded = row.value("decoded", text);
  EXPECT_EQ(tokenizer.Decode(ids), decoded);
  EXPECT_EQ(tokenizer.Decode(ids, /*skip_control=*/true),
            row.value("decoded_skip_special", decoded));
}

class TinyFile : public testing::TestWithParam<const char*> {};

TEST_P(TinyFile, GivesWhatHuggingFaceGives) {
  const std::string family = GetParam();
  const std::string path = TestData("text/tiny_" + family + ".json");
  const Tokenizer tokenizer(ReadTokenizerJson(ReadFile(path), path));
  EXPECT_EQ(tokenizer.spec().pre, family);
  EXPECT_EQ(tokenizer.spec().add_bos, family == "llama-bpe");
  const auto lines = ReadLines(TestData("text/tiny_files.jsonl"));
  EXPECT_GT(lines.size(), 100u);
  for (const std::string& line : lines) {
    const json row = json::parse(line);
    ExpectAsInRow(tokenizer, row.at("text").get<std::string>(), row.at(family));
  }
}

INSTANTIATE_TEST_SUITE_P(Families, TinyFile, testing::Values("qwen2", "llama-bpe", "deepseek-v3"));

struct Published {
  const char* name;
  const char* llama_cpp;  // the vectors of llama.cpp's test vocabulary; "" if it has none
  const char* relative;   // a vocabulary that differs from this one in added tokens alone
};

// In test names and messages, where GoogleTest would print the struct's bytes.
void PrintTo(const Published& published, std::ostream* out) { *out << published.name; }

class PublishedVocabulary : public testing::TestWithParam<Published> {
 protected:
  void SetUp() override {
    path_ = Shared(std::string(GetParam().name) + "/tokenizer.json.gz");
    if (path_.empty()) GTEST_SKIP() << kNoSharedData;
  }

  static std::string Shared(const std::string& name) {
    return SharedData("data/tokenizers/" + name);
  }

  void ExpectGolden(const Tokenizer& tokenizer) {
    const auto lines = ReadLines(Shared("golden/" + std::string(GetParam().name) + ".jsonl"));
    EXPECT_EQ(lines.size(), 142u);
    for (const std::string& line : lines) {
      const json row = json::parse(line);
      ExpectAsInRow(tokenizer, row.at("text").get<std::string>(), row);
    }
  }

  // Texts without a "<", with which every added token of these vocabularies begins.
  void ExpectGoldenOfRelative(const Tokenizer& tokenizer) {
    if (std::string(GetParam().relative).empty()) return;
    int checked = 0;
    for (const std::string& line :
         ReadLines(Shared("golden/" + std::string(GetParam().relative) + ".jsonl"))) {
      const json row = json::parse(line);
      const auto text = row.at("text").get<std::string>();
      if (text.find('<') != std::string::npos) continue;
      ExpectAsInRow(tokenizer, text, row);
      ++checked;
    }
    EXPECT_GT(checked, 110);
  }

  void ExpectAsLlamaCpp(const Tokenizer& tokenizer) {
    if (std::string(GetParam().llama_cpp).empty()) return;
    const std::string name =
        fmt::format("llama.cpp-vectors/ggml-vocab-{}.gguf", GetParam().llama_cpp);
    const std::string separator = "\n__ggml_vocab_test__\n";
    const std::string inputs = ReadFile(Shared(name + ".inp"));
    const auto outputs = ReadLines(Shared(name + ".out"));
    size_t at = 0, index = 0;
    for (size_t end; (end = inputs.find(separator, at)) != std::string::npos;
         at = end + separator.size(), ++index) {
      std::istringstream numbers(outputs.at(index));
      Ids ids;
      for (int32_t id; numbers >> id;) ids.push_back(id);
      const std::string text = inputs.substr(at, end - at);
      EXPECT_EQ(tokenizer.Encode(text), ids) << json(text);
    }
    EXPECT_EQ(index, 46u);
  }

  void ExpectPromptsOfTemplates(const Tokenizer& tokenizer) {
    int prompts = 0;
    for (const std::string& line : ReadLines(SharedData("data/templates/golden.jsonl"))) {
      const json row = json::parse(line);
      if (!row.contains("ids") || !row["ids"].contains(GetParam().name)) continue;
      EXPECT_EQ(tokenizer.Encode(row.at("rendered").get<std::string>()),
                row["ids"][GetParam().name].get<Ids>())
          << line;
      ++prompts;
    }
    EXPECT_GT(prompts, 20);
  }

  std::string path_;
};

TEST_P(PublishedVocabulary, GivesTheIdsOfHuggingFaceAndLlamaCpp) {
  const Tokenizer tokenizer(ReadTokenizerJson(ReadGz(path_), path_));
  ExpectGolden(tokenizer);
  ExpectGoldenOfRelative(tokenizer);
  ExpectAsLlamaCpp(tokenizer);
  ExpectPromptsOfTemplates(tokenizer);
}

INSTANTIATE_TEST_SUITE_P(Files, PublishedVocabulary,
                         testing::Values(Published{"qwen2.5", "qwen2", "qwen1.5"},
                                         Published{"qwen3", "qwen2", ""},
                                         Published{"r1-distill-qwen", "deepseek-r1-qwen", ""},
                                         Published{"llama3.1", "llama-bpe", "llama3"},
                                         Published{"r1-distill-llama", "llama-bpe", ""},
                                         Published{"deepseek-r1", "", "deepseek-v3"}));

}  // namespace
}  // namespace retort
