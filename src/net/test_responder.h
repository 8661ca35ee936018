// For tests of what answers requests: a responder without a connection, that remembers.
//
//   const auto answer = std::make_shared<RecordedResponder>();
//   router.Handle({.method = "GET", .target = "/a"}, answer);
//   EXPECT_EQ(answer->response.status, 200);
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "net/responder.h"

namespace retort::net {

struct RecordedResponder : Responder {
  bool Send(Response sent) override {
    response = std::move(sent);
    return ended = true;
  }
  bool Start(int status, const Headers& headers) override {
    response = {.status = status, .headers = headers};
    return true;
  }
  bool Write(std::string_view bytes) override {
    pieces.emplace_back(bytes);
    return true;
  }
  bool End() override { return ended = true; }
  bool Abort() override { return true; }
  void SetHeartbeat(std::string bytes, double seconds) override {
    heartbeat = std::move(bytes);
    heartbeat_seconds = seconds;
  }
  void OnClosed(std::function<void()>) override {}
  bool closed() const override { return false; }
  size_t pending_bytes() const override { return 0; }

  Response response = {.status = 0};
  std::vector<std::string> pieces;
  std::string heartbeat;
  double heartbeat_seconds = 0;
  bool ended = false;
};

}  // namespace retort::net
