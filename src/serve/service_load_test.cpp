// Clients that leave, queues that are full, models that come and go, and the end.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "serve/test_service.h"

namespace retort::serve {
namespace {

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
      EXPECT_TRUE(Eventually([&] { return BlocksInUse() > 0; }));
    }
    EXPECT_TRUE(Eventually([&] { return BlocksInUse() == 0; }, 5)) << stream;
  }
  EXPECT_TRUE(Eventually([&] {  // a job says what it came to when its blocks are free already
    return Get("/metrics").body.find("retort_clients_gone_total{model_name=\"r1\"} 2") !=
           std::string::npos;
  }));
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

// `held` keeps the first request's step; each of the others waits for the one before it.
TEST_F(ServiceTest, AStreamThatWaitsIsToldItsPlace) {
  models_.Say("q", "hm</think>yes");
  Start({.silence_s = 0.01});
  models_.held = true;
  Json body = ChatBody("q");
  body["stream"] = true;
  std::vector<std::future<net::Response>> replies;
  for (int32_t i = 0; i < 3; ++i) {
    replies.push_back(
        std::async(std::launch::async, [&] { return Post("/v1/chat/completions", body); }));
    EXPECT_TRUE(Eventually([&] {
      return Json::parse(Get("/health").body)["requests"].get<int>() == i + 1 &&
             service_->models().Status("r1").engine.waiting == i;
    }));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  models_.held = false;
  const std::string first = replies[0].get().body, second = replies[1].get().body,
                    third = replies[2].get().body;
  EXPECT_EQ(first.find("position in the queue"), std::string::npos) << first;
  EXPECT_NE(second.find(": position in the queue: 1\n\n"), std::string::npos) << second;
  EXPECT_NE(third.find(": position in the queue: 2\n\n"), std::string::npos) << third;
  for (const std::string& reply : {first, second, third}) {
    EXPECT_EQ(ReadStream(reply).text, "yes");
  }
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
  EXPECT_TRUE(Eventually([&] { return BlocksInUse() > 0; }));
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
  EXPECT_TRUE(Eventually([&] { return BlocksInUse() > 0; }));
  EXPECT_EQ(service_->Drain(0.05), 1u);
  service_->Stop();
  EXPECT_NE(reply.get().body.find("the server is shutting down"), std::string::npos);
}

}  // namespace
}  // namespace retort::serve
