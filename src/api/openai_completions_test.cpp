#include "api/openai_completions.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

GenerateRequest ParseCompletionText(const std::string& text, const RequestLimits& limits = {}) {
  return ParseCompletion(Body(text), limits);
}

TEST(ParseCompletion, TakesPromptsInEveryForm) {
  EXPECT_EQ(ParseCompletionText(R"({"prompt": "a"})").prompts.at(0).text, "a");
  EXPECT_EQ(ParseCompletionText(R"({"prompt": ""})").prompts.size(), 1u);
  const GenerateRequest texts = ParseCompletionText(R"({"prompt": ["a", "b"]})");
  ASSERT_EQ(texts.prompts.size(), 2u);
  EXPECT_EQ(texts.prompts[1].text, "b");
  EXPECT_FALSE(texts.prompts[1].tokens);
  EXPECT_EQ(ParseCompletionText(R"({"prompt": [1, 2]})").prompts.at(0).tokens,
            (std::vector<int32_t>{1, 2}));
  const GenerateRequest lists = ParseCompletionText(R"({"prompt": [[1], [2, 3]]})");
  ASSERT_EQ(lists.prompts.size(), 2u);
  EXPECT_EQ(lists.prompts[1].tokens, (std::vector<int32_t>{2, 3}));
}

TEST(ParseCompletion, IsRawText) {
  const GenerateRequest request = ParseCompletionText(
      R"({"prompt": "a", "echo": true, "logprobs": 3, "n": 2, "best_of": 2, "suffix": ""})");
  EXPECT_TRUE(request.raw && request.echo);
  EXPECT_FALSE(request.separate_reasoning);
  EXPECT_EQ(request.top_logprobs, 3);
  EXPECT_EQ(request.n, 2);
  EXPECT_TRUE(request.unknown_fields.empty());
}

TEST(ParseCompletion, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "prompt"},
      {R"({"prompt": 5})", "prompt"},
      {R"({"prompt": {}})", "prompt"},
      {R"({"prompt": []})", "prompt"},
      {R"({"prompt": [1, "a"]})", "prompt[1]"},
      {R"({"prompt": ["a", 1]})", "prompt[1]"},
      {R"({"prompt": [-1]})", "prompt[0]"},
      {R"({"prompt": [1.5]})", "prompt[0]"},
      {R"({"prompt": [2147483648]})", "prompt[0]"},
      {R"({"prompt": [[]]})", "prompt[0]"},
      {R"({"prompt": [[1], [null]]})", "prompt[1][0]"},
      {R"({"prompt": "a", "suffix": "b"})", "suffix"},
      {R"({"prompt": "a", "best_of": 2})", "best_of"},
      {R"({"prompt": "a", "logprobs": 21})", "logprobs"},
      {R"({"prompt": "a", "logprobs": true})", "logprobs"},
      {R"({"prompt": "a", "echo": 1})", "echo"},
      {R"({"prompt": "a", "messages": [1]})", "messages"},
  };
  for (const auto& [text, param] : cases)
    EXPECT_EQ(RefusalOf([&, t = text] { ParseCompletionText(t); }).param, param) << text;
  EXPECT_EQ(
      RefusalOf([] { ParseCompletionText(R"({"prompt": ["a", "b"]})", {.max_prompts = 1}); }).param,
      "prompt");
}

GenerateRequest TwoPrompts() {
  return {.prompts = {{.text = "a"}, {.text = "b"}}, .echo = true, .n = 2};
}

TEST(CompletionWriter, ChoicesCountThroughAllPrompts) {
  ReplyHead head = SomeHead();
  head.prompts = {"P", "Q"};
  Outcome outcome = {.choices = {{.text = "1"}, {.text = "2"}}, .prompt_tokens = 3};
  const Json whole = MakeCompletionWriter(head, TwoPrompts())->Whole({outcome, outcome});
  EXPECT_EQ(whole["object"], "text_completion");
  EXPECT_EQ(whole["id"], "cmpl-5f0c2a");
  ASSERT_EQ(whole["choices"].size(), 4u);
  EXPECT_EQ(whole["choices"][2]["index"], 2);
  EXPECT_EQ(whole["choices"][2]["text"], "Q1");
  EXPECT_EQ(whole["choices"][2]["finish_reason"], "stop");
  EXPECT_EQ(whole["usage"]["prompt_tokens"], 6);
}

TEST(CompletionWriter, EchoesFirst) {
  ReplyHead head = SomeHead();
  head.prompts = {"P", "Q"};
  const auto writer = MakeCompletionWriter(head, TwoPrompts());
  const std::vector<Event> begin = writer->Begin();
  ASSERT_EQ(begin.size(), 4u);
  EXPECT_EQ(DataOf(begin[3])["choices"][0]["text"], "Q");
  EXPECT_TRUE(MakeCompletionWriter(SomeHead(), {})->Begin().empty());
}

TEST(CompletionWriter, LogprobsCountCharacters) {
  const GenerateRequest request = {.echo = true, .top_logprobs = 2};
  const auto writer = MakeCompletionWriter(SomeHead(), request);  // the prompt is "Say: "
  const auto offsets = [&](std::vector<TokenReport> tokens) {
    const std::vector<Event> events = writer->Push({.text = "x", .tokens = std::move(tokens)});
    return DataOf(events.at(0))["choices"][0]["logprobs"]["text_offset"];
  };
  EXPECT_EQ(offsets({Token("ab", -1), Token("\xC3", -1)}), Json::array({5, 7}));
  EXPECT_EQ(offsets({Token("\xA9", -1), Token("c", -1)}), Json::array({8, 8}));
}

TEST(CompletionWriter, LogprobsHaveTheOldShape) {
  const auto writer = MakeCompletionWriter(SomeHead(), {.top_logprobs = 2});
  Outcome outcome = {.choices = {{.text = "ab", .tokens = {Token("ab", -1)}}}};
  EXPECT_EQ(writer->Whole({outcome})["choices"][0]["logprobs"],
            Json::parse(R"({"tokens": ["ab"], "token_logprobs": [-1.0],
                            "top_logprobs": [{"ab": -1.0, "x": -2.0}], "text_offset": [0]})"));
}

TEST(CompletionWriter, EndsWithReasonUsageAndDone) {
  const auto writer = MakeCompletionWriter(SomeHead(), {.include_usage = true});
  Outcome outcome = SomeOutcome();
  outcome.choices[0].finish = Finish::kLength;
  const std::vector<Event> end = writer->End({outcome});
  ASSERT_EQ(end.size(), 3u);
  EXPECT_EQ(DataOf(end[0])["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(DataOf(end[1])["usage"]["total_tokens"], 29);
  EXPECT_EQ(end[2].data, "[DONE]");
  EXPECT_EQ(DataOf(writer->Break({.message = "no"}).at(0))["error"]["message"], "no");
}

}  // namespace
}  // namespace retort::api
