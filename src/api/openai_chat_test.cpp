#include "api/openai_chat.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

GenerateRequest ParseChatWith(const std::string& members) {
  const std::string messages = R"({"messages": [{"role": "user", "content": "Hi"}])";
  return ParseChatCompletion(Body(messages + (members.empty() ? "" : ", ") + members + "}"), {});
}

Refusal RefusalOfChat(const std::string& members) {
  return RefusalOf([&] { ParseChatWith(members); });
}

TEST(ParseChatCompletion, LeavesOpenWhatIsLeftOut) {
  const GenerateRequest request = ParseChatWith("");
  EXPECT_EQ(request.messages.size(), 1u);
  EXPECT_EQ(request.model, "");
  EXPECT_FALSE(request.stream || request.include_usage || request.max_tokens ||
               request.top_logprobs || request.continue_final_message);
  EXPECT_TRUE(request.add_generation_prompt && request.include_reasoning &&
              request.separate_reasoning && request.unknown_fields.empty());
}

TEST(ParseChatCompletion, ReadsTheRest) {
  const GenerateRequest request =
      ParseChatWith(R"("model": "r1", "stream": true, "stream_options": {"include_usage": true},
               "max_tokens": 5, "logprobs": true, "top_logprobs": 3, "timings_per_token": true,
               "user": "ann", "reasoning_effort": "low",
               "response_format": {"type": "json_object"})");
  EXPECT_EQ(request.model, "r1");
  EXPECT_TRUE(request.stream && request.include_usage && request.timings_per_token);
  EXPECT_EQ(request.max_tokens, 5);
  EXPECT_EQ(request.top_logprobs, 3);
  EXPECT_EQ(request.user, "ann");
  EXPECT_EQ(request.thinking.budget, 1024);
  EXPECT_EQ(request.format.kind, OutputFormat::Kind::kJsonObject);
}

TEST(ParseChatCompletion, TheNewerNameOfTheLimitGoesFirst) {
  EXPECT_EQ(ParseChatWith(R"("max_tokens": 5, "max_completion_tokens": 7)").max_tokens, 7);
  EXPECT_EQ(ParseChatWith(R"("max_tokens": -1)").max_tokens, std::nullopt);
  EXPECT_EQ(ParseChatWith(R"("max_tokens": null)").max_tokens, std::nullopt);
}

TEST(ParseChatCompletion, LogprobsMayHaveNoAlternatives) {
  EXPECT_EQ(ParseChatWith(R"("logprobs": true)").top_logprobs, 0);
  EXPECT_EQ(ParseChatWith(R"("logprobs": false)").top_logprobs, std::nullopt);
  EXPECT_EQ(ParseChatWith(R"("top_logprobs": 0)").top_logprobs, std::nullopt);
}

TEST(ParseChatCompletion, ContinuesTheAssistantsLastMessage) {
  const auto parse = [](const std::string& members) {
    return ParseChatCompletion(Body(R"({"messages": [{"role": "user", "content": "Hi"},
                              {"role": "assistant", "content": "He"}], )" +
                                    members + "}"),
                               {});
  };
  const GenerateRequest request = parse(R"("continue_final_message": true)");
  EXPECT_TRUE(request.continue_final_message);
  EXPECT_FALSE(request.add_generation_prompt);
  EXPECT_EQ(RefusalOf([&] {
              parse(R"("continue_final_message": true, "add_generation_prompt": true)");
            }).param,
            "add_generation_prompt");
  EXPECT_EQ(RefusalOfChat(R"("continue_final_message": true)").param, "continue_final_message");
}

TEST(ParseChatCompletion, TakesWhatChangesNothing) {
  const GenerateRequest request =
      ParseChatWith(R"("metadata": {"a": "b"}, "store": true, "service_tier": "auto",
               "safety_identifier": "x", "prompt_cache_key": "k", "modalities": ["text"],
               "verbosity": "low", "functions": [], "audio": null)");
  EXPECT_TRUE(request.unknown_fields.empty());
}

TEST(ParseChatCompletion, TellsOfUnknownFields) {
  EXPECT_EQ(ParseChatWith(R"("temprature": 1, "stream_options": {"x": 1})").unknown_fields,
            (std::vector<std::string>{"stream_options.x", "temprature"}));
}

TEST(ParseChatCompletion, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("model": 5)", "model"},
      {R"("stream": "yes")", "stream"},
      {R"("stream_options": true)", "stream_options"},
      {R"("stream_options": {"include_usage": 1})", "stream_options.include_usage"},
      {R"("max_tokens": 0)", "max_tokens"},
      {R"("max_tokens": -2)", "max_tokens"},
      {R"("max_tokens": 99999999999)", "max_tokens"},
      {R"("max_completion_tokens": 1.5)", "max_completion_tokens"},
      {R"("min_tokens": 6, "max_tokens": 5)", "min_tokens"},
      {R"("logprobs": 5)", "logprobs"},
      {R"("top_logprobs": 3)", "top_logprobs"},
      {R"("logprobs": true, "top_logprobs": 21)", "top_logprobs"},
      {R"("modalities": ["text", "audio"])", "modalities"},
      {R"("audio": {"voice": "x"})", "audio"},
      {R"("web_search_options": {"a": 1})", "web_search_options"},
      {R"("chat_template": "x")", "chat_template"},
      {R"("echo": true)", "echo"},
      {R"("best_of": 2)", "best_of"},
      {R"("user": 5)", "user"},
  };
  for (const auto& [members, param] : cases) EXPECT_EQ(RefusalOfChat(members).param, param);
  EXPECT_EQ(RefusalOf([] { ParseChatCompletion(Body("{}"), {}); }).param, "messages");
  EXPECT_EQ(RefusalOf([] { ParseChatCompletion(Body(R"({"messages": {}})"), {}); }).param,
            "messages");
  EXPECT_EQ(RefusalOf([] {
              ParseChatCompletion(Body(R"({"messages": [{}, {}]})"), {.max_messages = 1});
            }).param,
            "messages");
}

}  // namespace
}  // namespace retort::api
