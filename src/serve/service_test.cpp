// The server over real sockets with models that answer what is written here.
#include "serve/service.h"

#include <gtest/gtest.h>

#include <cctype>
#include <future>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "net/http_client.h"
#include "net/test_sockets.h"
#include "serve/test_models.h"

namespace retort::serve {
namespace {

using net::Eventually;
using Json = nlohmann::ordered_json;

// What a stream said, its events put together.
struct Streamed {
  std::string reasoning, text, finish;
  std::vector<Json> events;
  bool done = false;
};

Streamed ReadStream(const std::string& body) {
  Streamed streamed;
  size_t at = 0;
  while ((at = body.find("data: ", at)) != std::string::npos) {
    const size_t end = body.find('\n', at);
    const std::string data = body.substr(at + 6, end - at - 6);
    at = end;
    if (data == "[DONE]") {
      streamed.done = true;
      continue;
    }
    const Json event = Json::parse(data);
    streamed.events.push_back(event);
    if (!event.contains("choices")) continue;
    for (const Json& choice : event["choices"]) {
      const Json& delta = choice["delta"];
      streamed.reasoning += delta.value("reasoning_content", "");
      if (delta.contains("content") && delta["content"].is_string()) {
        streamed.text += delta["content"].get<std::string>();
      }
      if (choice["finish_reason"].is_string()) streamed.finish = choice["finish_reason"];
    }
  }
  return streamed;
}

class ServiceTest : public testing::Test {
 protected:
  void Start(ServiceOptions options = {}, const std::vector<std::string>& names = {"r1"}) {
    options.http.port = 0;
    options.defaults.temperature = 0;
    std::vector<ModelSource> sources;
    for (const std::string& name : names) sources.push_back(models_.Source(name));
    service_.emplace(std::move(options), std::move(sources));
    service_->Start();
    ASSERT_TRUE(Eventually([&] { return Get("/readyz").status == 200; }));
  }

  net::Response Send(const std::string& method, const std::string& target,
                     const std::string& body = "") {
    net::HttpClient client({.port = service_->port()});
    return client.Send({.method = method, .target = target, .body = body});
  }
  net::Response Get(const std::string& target) { return Send("GET", target); }
  net::Response Post(const std::string& target, const Json& body) {
    return Send("POST", target, body.dump());
  }

  static Json ChatBody(const std::string& question) {
    return {{"model", "r1"}, {"messages", {{{"role", "user"}, {"content", question}}}}};
  }
  Json Chat(Json body) {
    const net::Response response = Post("/v1/chat/completions", body);
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body);
  }
  Streamed ChatStream(Json body) {
    body["stream"] = true;
    const net::Response response = Post("/v1/chat/completions", body);
    EXPECT_EQ(response.status, 200) << response.body;
    return ReadStream(response.body);
  }
  // The error's message; the status must be this one.
  std::string ErrorOf(const net::Response& response, int status) {
    EXPECT_EQ(response.status, status) << response.body;
    const Json body = Json::parse(response.body);
    EXPECT_TRUE(body.contains("error")) << response.body;
    return body["error"].value("message", "");
  }
  int64_t FreeBlocks() {
    const EngineStats stats = service_->models().Status("r1").engine;
    return stats.total_blocks - stats.free_blocks;
  }

  TestModels models_;
  std::optional<Service> service_;
};

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

TEST_F(ServiceTest, AClientThatGoesAwayFreesItsBlocks) {
  models_.Say("q", std::string(3000, 'y'));
  Start();
  models_.step_s = 0.001;
  for (const bool stream : {true, false}) {
    Json body = ChatBody("q");
    body["stream"] = stream;
    body["loop_guard"] = false;
    const std::string text = body.dump();
    {
      net::RawClient client(service_->port());
      client.Send("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                  std::to_string(text.size()) + "\r\n\r\n" + text);
      EXPECT_TRUE(Eventually([&] { return FreeBlocks() > 0; }));
    }
    EXPECT_TRUE(Eventually([&] { return FreeBlocks() == 0; }, 5)) << stream;
  }
  EXPECT_NE(Get("/metrics").body.find("retort_clients_gone_total{model_name=\"r1\"} 2"),
            std::string::npos);
}

TEST_F(ServiceTest, RefusesMoreThanItsQueueHolds) {
  models_.Say("q", "hm</think>yes");
  Start({.admission = {.running = 1, .queued = 1}});
  models_.held = true;
  std::vector<std::future<net::Response>> taken;
  for (int i = 0; i < 2; ++i) {
    taken.push_back(std::async(std::launch::async,
                               [&] { return Post("/v1/chat/completions", ChatBody("q")); }));
  }
  EXPECT_TRUE(
      Eventually([&] { return Json::parse(Get("/health").body)["requests"].get<int>() == 2; }));
  const net::Response refused = Post("/v1/chat/completions", ChatBody("q"));
  ErrorOf(refused, 429);
  EXPECT_FALSE(refused.headers.Get("Retry-After").empty());
  models_.held = false;
  for (auto& reply : taken) EXPECT_EQ(reply.get().status, 200);
  EXPECT_NE(Get("/metrics").body.find("retort_queue_rejected_total{reason=\"queue_full\"} 1"),
            std::string::npos);
}

TEST_F(ServiceTest, AModelThatDoesNotLoadIsToldOf) {
  models_.fail = true;
  service_.emplace(ServiceOptions{.http = {.port = 0}, .preload = false},
                   std::vector<ModelSource>{models_.Source("r1")});
  service_->Start();
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_EQ(Get("/livez").status, 200);
  const net::Response response = Post("/v1/chat/completions", ChatBody("q"));
  EXPECT_GE(response.status, 400);
  EXPECT_NE(response.body.find("it is broken"), std::string::npos);
}

TEST_F(ServiceTest, SwapsModelsByName) {
  models_.Say("q", "hm</think>yes");
  Start({.registry = {.max_loaded = 1}}, {"a", "b"});
  for (const char* name : {"b", "a", "b"}) {
    Json body = ChatBody("q");
    body["model"] = name;
    EXPECT_EQ(Chat(body)["model"], name);
  }
  const Json list = Json::parse(Get("/v1/models").body)["data"];
  EXPECT_EQ(list.size(), 2u);
  EXPECT_EQ(Post("/retort/v1/models/b/unload", Json::object()).status, 200);
  EXPECT_TRUE(Eventually(
      [&] { return Json::parse(Get("/retort/v1/models/b").body)["state"] == "unloaded"; }));
  EXPECT_EQ(Json::parse(Post("/retort/v1/models/b/load", Json::object()).body)["state"], "loaded");
}

TEST_F(ServiceTest, DrainsWhatIsAtWorkAndRefusesTheRest) {
  models_.Say("q", std::string(100, 'z') + "</think>yes");
  Start();
  models_.step_s = 0.002;
  auto reply = std::async(std::launch::async, [&] { return ChatStream(ChatBody("q")); });
  EXPECT_TRUE(Eventually([&] { return FreeBlocks() > 0; }));
  service_->StartDraining();
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_EQ(Get("/livez").status, 200);
  EXPECT_EQ(service_->Drain(60), 0u);
  const Streamed streamed = reply.get();
  EXPECT_EQ(streamed.text, "yes");
  EXPECT_TRUE(streamed.done);
}

TEST_F(ServiceTest, StoppingTellsThoseWhoWait) {
  models_.Say("q", std::string(3000, 'z') + "</think>yes");
  Start();
  models_.step_s = 0.002;
  Json body = ChatBody("q");
  body["stream"] = true;
  auto reply = std::async(std::launch::async, [&] { return Post("/v1/chat/completions", body); });
  EXPECT_TRUE(Eventually([&] { return FreeBlocks() > 0; }));
  EXPECT_EQ(service_->Drain(0.05), 1u);
  service_->Stop();
  EXPECT_NE(reply.get().body.find("the server is shutting down"), std::string::npos);
}

TEST_F(ServiceTest, CountsTokensAndTemplates) {
  Start();
  const Json tokens = Json::parse(Post("/tokenize", {{"content", "a<think>"}}).body);
  EXPECT_EQ(tokens["tokens"], Json({97, kThinkToken}));
  EXPECT_EQ(Json::parse(Post("/detokenize", {{"tokens", {97, 98}}}).body)["content"], "ab");
  EXPECT_EQ(Json::parse(Post("/apply-template", ChatBody("q")).body)["prompt"],
            "<|user|>q<|assistant|><think>\n");
}

TEST_F(ServiceTest, DescribesEveryRoute) {
  Start();
  std::set<std::string> described, served;
  const Json paths = Json::parse(Get("/openapi.json").body)["paths"];
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [method, operation] : methods.items()) described.insert(method + " " + path);
  }
  for (const net::Route& route : service_->routes()) {
    std::string method = route.method, path = route.pattern;
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    if (const size_t rest = path.find("...}"); rest != std::string::npos) path.erase(rest, 3);
    served.insert(method + " " + path);
  }
  EXPECT_EQ(described, served);
}

TEST_F(ServiceTest, EveryRouteNeedsTheKey) {
  Start({.access = {.keys = {"secret"}}});
  for (const net::Route& route : service_->routes()) {
    const bool probe = route.pattern == "/livez" || route.pattern == "/readyz";
    const net::Response response = Send(route.method, route.pattern, "{}");
    EXPECT_EQ(response.status == 401, !probe) << route.method << " " << route.pattern;
  }
}

}  // namespace
}  // namespace retort::serve
