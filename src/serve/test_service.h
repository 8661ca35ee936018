// For tests of the server: one over real sockets, with models that answer what is written here.
//
//   TEST_F(ServiceTest, AnswersAChat) {
//     models_.Say("1+1?", "adding</think>2");
//     Start();
//     const Json reply = Chat(ChatBody("1+1?"));
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http_client.h"
#include "net/test_sockets.h"
#include "serve/service.h"
#include "serve/test_models.h"

namespace retort::serve {

using net::Eventually;
using Json = nlohmann::ordered_json;

// What a stream said, its events put together.
struct Streamed {
  std::string reasoning, text, finish;
  std::vector<Json> events;
  bool done = false;
};

inline Streamed ReadStream(const std::string& body) {
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
  int64_t BlocksInUse() {
    const EngineStats stats = service_->models().Status("r1").engine;
    return stats.total_blocks - stats.free_blocks;
  }

  TestModels models_;
  std::optional<Service> service_;
};

}  // namespace retort::serve
