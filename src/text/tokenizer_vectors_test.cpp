// Token ids against Hugging Face's tokenizers: the repository's own vocabulary always, published
// vocabularies where the shared data is.
#include <gtest/gtest.h>

#include "text/test_data.h"
#include "text/tokenizer_json.h"

namespace retort {
namespace {

using nlohmann::json;

class TinyVocabulary : public testing::TestWithParam<const char*> {};

TEST_P(TinyVocabulary, GivesTheIdsOfHuggingFace) {
  const std::string family = GetParam();
  const Tokenizer tokenizer(TinySpec(family));
  const auto lines = ReadLines(TestData("text/tiny_tokenizer.jsonl"));
  EXPECT_GT(lines.size(), 100u);
  for (const std::string& line : lines) {
    const json row = json::parse(line);
    const auto text = row.at("text").get<std::string>();
    EXPECT_EQ(tokenizer.Encode(text), row.at(family).get<std::vector<int32_t>>()) << row["text"];
  }
}

INSTANTIATE_TEST_SUITE_P(Families, TinyVocabulary, testing::Values("qwen2", "smollm"));

class PublishedVocabulary : public testing::TestWithParam<const char*> {};

TEST_P(PublishedVocabulary, GivesTheGoldenIds) {
  const std::string name = GetParam();
  const auto vocabulary = SharedData("data/tokenizers/" + name + "/tokenizer.json.gz");
  const auto golden = SharedData("data/tokenizers/golden/" + name + ".jsonl");
  if (vocabulary.empty() || golden.empty()) GTEST_SKIP() << kNoSharedData;
  const Tokenizer tokenizer(ReadTokenizerJson(ReadGz(vocabulary), vocabulary));
  const auto lines = ReadLines(golden);
  EXPECT_EQ(lines.size(), 142u);
  for (const std::string& line : lines) {
    const json row = json::parse(line);
    const auto text = row.at("text").get<std::string>();
    const auto ids = row.at("ids").get<std::vector<int32_t>>();
    EXPECT_EQ(tokenizer.Encode(text), ids) << row["text"];
    const auto decoded = row.value("decoded", text);
    EXPECT_EQ(tokenizer.Decode(ids), decoded);
    EXPECT_EQ(tokenizer.Decode(ids, /*skip_control=*/true),
              row.value("decoded_skip_special", decoded));
  }
}

INSTANTIATE_TEST_SUITE_P(Files, PublishedVocabulary,
                         testing::Values("qwen2.5", "qwen3", "r1-distill-qwen", "llama3.1",
                                         "r1-distill-llama", "deepseek-r1"));

}  // namespace
}  // namespace retort
