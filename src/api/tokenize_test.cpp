#include "api/tokenize.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

TokenizeRequest ParseTokenizeText(const char* text) { return ParseTokenize(Body(text), {}); }

TEST(Tokenize, TakesATextByEitherName) {
  const TokenizeRequest content = ParseTokenizeText(R"({"content": "a", "with_pieces": true})");
  EXPECT_EQ(content.text, "a");
  EXPECT_TRUE(content.with_pieces && content.parse_special);
  EXPECT_FALSE(content.add_special);
  const TokenizeRequest prompt = ParseTokenizeText(R"({"prompt": "a", "model": "m"})");
  EXPECT_EQ(prompt.text, "a");
  EXPECT_EQ(prompt.model, "m");
  EXPECT_TRUE(prompt.add_special);
  EXPECT_FALSE(ParseTokenizeText(R"({"prompt": "a", "add_special_tokens": false})").add_special);
  EXPECT_TRUE(ParseTokenizeText(R"({"content": "a", "add_special": true})").add_special);
}

TEST(Tokenize, TakesAChat) {
  const TokenizeRequest request = ParseTokenizeText(
      R"({"messages": [{"role": "user", "content": "Hi"}], "add_special": true, "x": 1})");
  ASSERT_TRUE(request.chat);
  EXPECT_EQ(request.chat->messages.size(), 1u);
  EXPECT_EQ(request.unknown_fields, std::vector<std::string>{"x"});
}

TEST(Tokenize, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"{}", "content"},
      {R"({"content": "a", "prompt": "b"})", "content"},
      {R"({"content": 5})", "content"},
      {R"({"messages": []})", "messages"},
      {R"({"content": "a", "add_special": 1})", "add_special"},
      {R"({"content": "a", "with_pieces": "yes"})", "with_pieces"},
  };
  for (const auto& [text, param] : cases)
    EXPECT_EQ(RefusalOf([&, t = text] { ParseTokenizeText(t); }).param, param) << text;
}

TEST(Tokenize, PiecesThatAreNoTextAreBytes) {
  EXPECT_EQ(TokenizeJson({.tokens = {1, 2}, .max_model_len = 99}),
            Json::parse(R"({"tokens": [1, 2], "count": 2, "max_model_len": 99})"));
  EXPECT_EQ(TokenizeJson({.tokens = {1, 2}, .pieces = {"a", "\xC3"}}),
            Json::parse(R"({"tokens": [{"id": 1, "piece": "a"}, {"id": 2, "piece": [195]}],
                            "count": 2})"));
}

TEST(Detokenize, TakesTokenIds) {
  EXPECT_EQ(ParseDetokenize(Body(R"({"tokens": [1, 2]})"), {}).tokens,
            (std::vector<int32_t>{1, 2}));
  const std::pair<const char*, const char*> cases[] = {{"{}", "tokens"},
                                                       {R"({"tokens": "a"})", "tokens"},
                                                       {R"({"tokens": [-1]})", "tokens[0]"},
                                                       {R"({"tokens": [1e10]})", "tokens[0]"}};
  for (const auto& [text, param] : cases)
    EXPECT_EQ(RefusalOf([&, t = text] { ParseDetokenize(Body(t), {}); }).param, param) << text;
  EXPECT_EQ(DetokenizeJson("a")["content"], "a");
}

TEST(ApplyTemplate, TakesAChat) {
  const GenerateRequest request = ParseApplyTemplate(
      Body(R"({"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": false})"),
      {});
  EXPECT_FALSE(request.add_generation_prompt);
  EXPECT_EQ(ApplyTemplateJson("<think>")["prompt"], "<think>");
}

}  // namespace
}  // namespace retort::api
