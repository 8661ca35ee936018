// Token ids against Hugging Face's tokenizers: the repository's own vocabulary always, published
// vocabularies where the shared data is.
#include <gtest/gtest.h>

#include <map>

#include "text/test_data.h"

namespace retort {
namespace {

using nlohmann::json;

// What the engine needs of a tokenizer.json.
TokenizerSpec SpecFromJson(const std::string& path) {
  const json file = json::parse(ReadGz(path));
  std::map<int32_t, std::pair<std::string, TokenKind>> tokens;
  for (const auto& [text, id] : file.at("model").at("vocab").items()) {
    tokens[id.get<int32_t>()] = {text, TokenKind::kNormal};
  }
  for (const json& added : file.at("added_tokens")) {
    tokens[added.at("id").get<int32_t>()] = {
        added.at("content").get<std::string>(),
        added.at("special").get<bool>() ? TokenKind::kControl : TokenKind::kUserDefined};
  }
  TokenizerSpec spec;
  spec.source = path;
  spec.pre = "qwen2";
  for (auto& [id, token] : tokens) {
    EXPECT_EQ(static_cast<size_t>(id), spec.tokens.size());
    spec.tokens.push_back(token.first);
    spec.kinds.push_back(token.second);
  }
  for (const json& merge : file.at("model").at("merges")) {
    spec.merges.push_back(merge.is_string()
                              ? merge.get<std::string>()
                              : merge[0].get<std::string>() + " " + merge[1].get<std::string>());
  }
  return spec;
}

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
  const Tokenizer tokenizer(SpecFromJson(vocabulary));
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
                         testing::Values("qwen2.5", "qwen3", "r1-distill-qwen"));

}  // namespace
}  // namespace retort
