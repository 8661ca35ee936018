#include "net/http_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "base/error.h"
#include "net/http_server.h"
#include "net/test_sockets.h"
#include "tests/support/expect_error.h"

namespace retort::net {
namespace {

void Answer(Request request, std::shared_ptr<Responder> responder) {
  if (request.path == "/echo") {
    responder->Send({.headers = {{"X-Method", request.method}}, .body = request.body});
  } else if (request.path == "/stream") {
    responder->Start(200, {{"X-Kind", "stream"}});
    for (int i = 0; i < 1000; ++i) responder->Write("piece " + std::to_string(i) + "\n");
    responder->End();
  } else if (request.path == "/cut") {
    responder->Start(200, {});
    responder->Write("half");
    responder->Abort();
  } else if (request.path == "/hang") {
    responder->OnClosed([responder] {});  // kept until the client gives up
  } else {
    responder->Send({.status = 404});
  }
}

class HttpClientTest : public testing::Test {
 protected:
  void SetUp() override { server_.Start(); }
  ClientOptions Options() const { return {.port = server_.port()}; }

  HttpServer server_{{}, Answer};
};

TEST_F(HttpClientTest, AsksAndKeepsItsConnection) {
  HttpClient client(Options());
  for (int i = 0; i < 3; ++i) {
    const Response response =
        client.Send({.method = "POST", .target = "/echo", .body = std::string(100'000, 'a')});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.Get("x-method"), "POST");
    EXPECT_EQ(response.body, std::string(100'000, 'a'));
  }
  EXPECT_EQ(client.Send({.target = "/none"}).status, 404);
  EXPECT_EQ(client.Send({.method = "HEAD", .target = "/echo"}).status, 200);
  EXPECT_EQ(
      client.Send({.target = "/echo", .headers = {{"Expect", "100-continue"}}, .body = "b"}).body,
      "b");
  EXPECT_EQ(server_.counters().connections_accepted, 1u);
}

TEST_F(HttpClientTest, HandsOverABodyAsItComes) {
  std::string expected;
  for (int i = 0; i < 1000; ++i) expected += "piece " + std::to_string(i) + "\n";
  HttpClient client(Options());
  EXPECT_EQ(client.Send({.target = "/stream"}).body, expected);
  std::string got;
  const Response response =
      client.Send({.target = "/stream"}, [&](const Response& head, std::string_view bytes) {
        EXPECT_EQ(head.headers.Get("X-Kind"), "stream");
        got += bytes;
        return true;
      });
  EXPECT_EQ(got, expected);
  EXPECT_EQ(response.body, "");
  int calls = 0;
  client.Send({.target = "/stream"}, [&](const Response&, std::string_view) {
    ++calls;
    return false;
  });
  EXPECT_EQ(calls, 1) << "enough is enough";
  EXPECT_EQ(client.Send({.target = "/echo"}).status, 200) << "over a new connection";
}

TEST_F(HttpClientTest, GivesUpOnSilenceAndSaysSo) {
  ClientOptions options = Options();
  options.silence_seconds = 0.3;
  HttpClient client(options);
  const auto start = std::chrono::steady_clock::now();
  ExpectError(ErrorCode::kUnavailable, {"127.0.0.1:", "too long"},
              [&] { client.Send({.target = "/hang"}); });
  EXPECT_GE(SecondsSince(start), 0.3);
  EXPECT_TRUE(Eventually([&] { return server_.counters().clients_gone == 1; }));
  EXPECT_EQ(client.Send({.target = "/echo"}).status, 200);
}

TEST_F(HttpClientTest, AnAnswerThatBreaksOffIsAnError) {
  HttpClient client(Options());
  ExpectError(ErrorCode::kUnavailable, {"broke off"}, [&] { client.Send({.target = "/cut"}); });
}

TEST_F(HttpClientTest, KeepsNoMoreThanItsLimit) {
  ClientOptions options = Options();
  options.body_bytes = 100;
  HttpClient client(options);
  ExpectError(ErrorCode::kResourceExhausted, {"100 bytes"}, [&] {
    client.Send({.method = "POST", .target = "/echo", .body = std::string(101, 'a')});
  });
  ExpectError(ErrorCode::kResourceExhausted, {"100 bytes"},
              [&] { client.Send({.target = "/stream"}); });
}

TEST_F(HttpClientTest, SendsNoHeaderWithALineBreak) {
  HttpClient client(Options());
  ExpectError(ErrorCode::kInvalidArgument, {"header"}, [&] {
    client.Send({.target = "/echo", .headers = {{"X", "a\r\nY: b"}}});
  });
  ExpectError(ErrorCode::kInvalidArgument, {"target"}, [&] { client.Send({.target = "/\r\n"}); });
}

TEST(HttpClient, RepeatsWhatAClosedIdleConnectionLost) {
  HttpServer server({.limits = {.idle_seconds = 0.05}}, Answer);
  server.Start();
  HttpClient client({.port = server.port()});
  EXPECT_EQ(client.Send({.target = "/echo"}).status, 200);
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
  EXPECT_EQ(client.Send({.target = "/echo"}).status, 200);
  EXPECT_EQ(server.counters().connections_accepted, 2u);
}

TEST(HttpClient, NamesAServerThatIsNotThere) {
  uint16_t port = 0;
  {
    HttpServer server({}, Answer);
    server.Start();
    port = server.port();
  }
  HttpClient client({.port = port});
  ExpectError(ErrorCode::kUnavailable, {"127.0.0.1:" + std::to_string(port), "running"},
              [&] { client.Send({}); });
}

}  // namespace
}  // namespace retort::net
