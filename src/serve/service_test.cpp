// What the server answers.
#include "serve/service.h"

#include <gtest/gtest.h>

#include <future>

#include "serve/test_service.h"

namespace retort::serve {
namespace {

TEST_F(ServiceTest, AnswersAChat) {
  models_.Say("1+1?", "adding\n</think>\n\nIt is 2.");
  Start();
  const Json reply = Chat(ChatBody("1+1?"));
  const Json& message = reply["choices"][0]["message"];
  EXPECT_EQ(message["content"], "It is 2.") << "the empty line behind the thought is not said";
  EXPECT_EQ(message["reasoning_content"], "adding\n");
  EXPECT_EQ(message["reasoning"], "adding\n");
  EXPECT_EQ(reply["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(reply["usage"]["prompt_tokens"], 8);
  EXPECT_EQ(reply["usage"]["completion_tokens_details"]["reasoning_tokens"], 8);
  EXPECT_EQ(reply["usage"]["completion_tokens"], 19);
}

TEST_F(ServiceTest, StreamingGivesTheSameText) {
  models_.Say("why?", "hm 思考 hm</think>\n\nBecause of 思考.");
  Start();
  const Json plain = Chat(ChatBody("why?"));
  Json body = ChatBody("why?");
  body["stream_options"] = {{"include_usage", true}};
  const Streamed streamed = ChatStream(body);
  EXPECT_EQ(streamed.text, plain["choices"][0]["message"]["content"]);
  EXPECT_EQ(streamed.reasoning, plain["choices"][0]["message"]["reasoning_content"]);
  EXPECT_EQ(streamed.finish, "stop");
  EXPECT_TRUE(streamed.done);
  const Json& usage = streamed.events.back()["usage"];
  EXPECT_EQ(usage["completion_tokens"], plain["usage"]["completion_tokens"]);
}

TEST_F(ServiceTest, TakesToolCallsOutOfTheAnswer) {
  models_.Say("weather?",
              "look</think>\n\nOne moment. <tool_call>\n{\"name\": \"look\", \"arguments\": "
              "{\"city\": \"Paris\"}}\n</tool_call>");
  Start();
  Json body = ChatBody("weather?");
  body["tools"] = {{{"type", "function"},
                    {"function", {{"name", "look"}, {"parameters", {{"type", "object"}}}}}}};
  const Json reply = Chat(body);
  const Json& call = reply["choices"][0]["message"]["tool_calls"][0];
  EXPECT_EQ(call["function"]["name"], "look");
  EXPECT_EQ(Json::parse(call["function"]["arguments"].get<std::string>()),
            Json::parse(R"({"city": "Paris"})"));
  EXPECT_EQ(reply["choices"][0]["message"]["content"], "One moment.");
  EXPECT_EQ(reply["choices"][0]["finish_reason"], "tool_calls");
}

TEST_F(ServiceTest, SaysWhenTheThoughtWasCut) {
  models_.Say("q", "long thought</think>a");
  Start();
  Json body = ChatBody("q");
  body["max_tokens"] = 5;
  const Json choice = Chat(body)["choices"][0];
  EXPECT_EQ(choice["finish_reason"], "length");
  EXPECT_EQ(choice["message"]["content"], "");
  EXPECT_EQ(choice["reasoning_truncated"], true);
}

TEST_F(ServiceTest, ClosesAThoughtOverItsBudget) {
  const std::string prompt = "<|user|>q<|assistant|><think>\n";
  models_.Say("q", "one\ntwo\nthree\nfour</think>no");
  models_.SayTo(prompt + "one\ntwo\n</think>\n\n", "yes<|end|>");
  Start();
  Json body = ChatBody("q");
  body["thinking_budget"] = 8;
  const Json reply = Chat(body);
  EXPECT_EQ(reply["choices"][0]["message"]["content"], "yes");
  EXPECT_EQ(reply["choices"][0]["message"]["reasoning_content"], "one\ntwo\n");
}

TEST_F(ServiceTest, AnswersNowWhenAsked) {
  const std::string prompt = "<|user|>q<|assistant|><think>\n";
  models_.Say("q", std::string(2000, 'x') + "</think>no");
  // Wherever the thought is closed, the scripts know no more: the answer is empty, and ends.
  Start();
  models_.step_s = 0.002;
  Json body = ChatBody("q");
  body["stream"] = true;
  body["loop_guard"] = false;
  auto reply = std::async(std::launch::async, [&] { return Post("/v1/chat/completions", body); });
  std::string id;
  EXPECT_TRUE(Eventually([&] {
    const Json live = Json::parse(Get("/retort/v1/requests").body);
    if (!live["requests"].empty()) id = live["requests"][0]["id"];
    return !id.empty();
  }));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(Post("/retort/v1/requests/" + id + "/answer-now", Json::object()).status, 200);
  const Streamed streamed = ReadStream(reply.get().body);
  EXPECT_LT(streamed.reasoning.size(), 1990u);
  EXPECT_TRUE(streamed.reasoning.ends_with("x\n"));
  EXPECT_EQ(streamed.finish, "stop");
  EXPECT_EQ(Post("/retort/v1/requests/" + id + "/answer-now", Json::object()).status, 404);
}

TEST_F(ServiceTest, GoesOnInTheMiddleOfAThought) {
  models_.Say("q", "first, second</think>done");
  Start();
  Json body = ChatBody("q");
  body["messages"].push_back({{"role", "assistant"}, {"content", "<think>\nfirst,"}});
  body["continue_final_message"] = true;
  const Json message = Chat(body)["choices"][0]["message"];
  EXPECT_EQ(message["reasoning_content"], " second");
  EXPECT_EQ(message["content"], "done");
  body["reasoning_effort"] = "none";  // closes it at once
  EXPECT_FALSE(Chat(body)["choices"][0]["message"].contains("reasoning_content"));
}

TEST_F(ServiceTest, StopStringsAreOfTheAnswer) {
  models_.Say("q", "I should say END soon</think>\n\nhello END more");
  Start();
  Json body = ChatBody("q");
  body["stop"] = "END";
  const Json reply = Chat(body);
  EXPECT_EQ(reply["choices"][0]["message"]["content"], "hello ");
  EXPECT_EQ(reply["choices"][0]["message"]["reasoning_content"], "I should say END soon");
}

TEST_F(ServiceTest, RawTextKeepsTheTags) {
  models_.Say("q", "hm</think>\n\nyes");
  Start();
  Json body = ChatBody("q");
  body["reasoning_format"] = "none";
  EXPECT_EQ(Chat(body)["choices"][0]["message"]["content"], "<think>\nhm</think>\n\nyes");
}

TEST_F(ServiceTest, ManyChoicesShareTheirPrompt) {
  models_.Say("q", "hm</think>yes");
  Start();
  Json body = ChatBody("q");
  body["n"] = 5;
  const Json reply = Chat(body);
  ASSERT_EQ(reply["choices"].size(), 5u);
  for (const Json& choice : reply["choices"]) EXPECT_EQ(choice["message"]["content"], "yes");
}

TEST_F(ServiceTest, CompletesPromptsOfTextAndOfTokens) {
  models_.SayTo("abc", "def<|end|>");
  Start();
  Json body = {{"model", "r1"}, {"prompt", {"abc", "abc"}}, {"max_tokens", 10}};
  const Json reply = Json::parse(Post("/v1/completions", body).body);
  ASSERT_EQ(reply["choices"].size(), 2u);
  EXPECT_EQ(reply["choices"][1]["text"], "def");
  EXPECT_EQ(reply["choices"][1]["index"], 1);
  body["prompt"] = {97, 98, 99};
  EXPECT_EQ(Json::parse(Post("/v1/completions", body).body)["choices"][0]["text"], "def");
  body["prompt"] = {97, 5000};
  ErrorOf(Post("/v1/completions", body), 400);
}

TEST_F(ServiceTest, RefusesAPromptThatIsTooLongWithItsFigures) {
  models_.context = 100;
  Start();
  const net::Response response = Post("/v1/chat/completions", ChatBody(std::string(200, 'x')));
  EXPECT_NE(ErrorOf(response, 400).find("the prompt has 204 tokens"), std::string::npos);
  const Json error = Json::parse(response.body)["error"];
  EXPECT_EQ(error["code"], "context_length_exceeded");
  EXPECT_EQ(error["prompt_tokens"], 204);
  EXPECT_EQ(error["context_tokens"], 100);
}

TEST_F(ServiceTest, RefusesWhatIsWrongByItsName) {
  Start();
  EXPECT_EQ(Send("POST", "/v1/chat/completions", "{").status, 400);
  EXPECT_EQ(Send("POST", "/v1/chat/completions", "[]").status, 400);
  Json body = ChatBody("q");
  body["temperature"] = "hot";
  const Json error = Json::parse(Post("/v1/chat/completions", body).body)["error"];
  EXPECT_EQ(error["param"], "temperature");
  body = ChatBody("q");
  body["model"] = "other";
  ErrorOf(Post("/v1/chat/completions", body), 404);
  ErrorOf(Get("/v1/nothing"), 404);
  ErrorOf(Get("/v1/chat/completions"), 405);
  ErrorOf(Post("/v1/embeddings", Json::object()), 501);
}

}  // namespace
}  // namespace retort::serve
