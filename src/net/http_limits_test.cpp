// What a server refuses as too large, too slow or too much; net/http_refusal_test.cpp has what is
// malformed.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/http_server.h"
#include "net/test_sockets.h"

namespace retort::net {
namespace {

using std::chrono::steady_clock;

ServerOptions With(const ServerLimits& limits) { return {.limits = limits}; }

TEST(HttpLimits, RefusesWhatIsTooLarge) {
  HttpServer server(With({.target_bytes = 100, .header_bytes = 1000, .body_bytes = 10}), Echo);
  server.Start();
  const uint16_t port = server.port();
  ExpectRefused(port, Get("/" + std::string(100, 'a')), 414, "uri_too_long");
  ExpectRefused(port, Get("/", "X: " + std::string(1000, 'a') + "\r\n"), 431, "headers_too_large");
  ExpectRefused(port, "GET /" + std::string(2000, 'a'), 431, "headers_too_large");
  ExpectRefused(port, Post("/", std::string(11, 'a')), 413, "payload_too_large");
  ExpectRefused(port, kPostHead + std::string("Content-Length: 4000000000\r\n\r\n"), 413,
                "payload_too_large");
  const std::string chunked = kPostHead + std::string("Transfer-Encoding: chunked\r\n\r\n");
  ExpectRefused(port, chunked + "6\r\nabcdef\r\n5\r\nabcde\r\n", 413, "payload_too_large");
  ExpectRefused(port, chunked + "ffffffffffffffffff\r\n", 400, "bad_request");
  ExpectRefused(port, chunked + "1;" + std::string(3000, 'x'), 400, "bad_chunk");
  RawClient client(port);
  client.Send(Post("/", "0123456789") + Get("/" + std::string(99, 'a')));
  EXPECT_EQ(client.ReadResponse().status, 200) << "as large as is allowed";
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(HttpLimits, SaysTooLargeBeforeTheBodyAndWithoutAskingForIt) {
  HttpServer server(With({.body_bytes = 10}), Echo);
  server.Start();
  RawClient client(server.port());
  client.Send(kPostHead + std::string("Expect: 100-continue\r\nContent-Length: 11\r\n\r\n"));
  EXPECT_TRUE(client.ReadAll().starts_with("HTTP/1.1 413 "));
}

TEST(HttpLimits, TheAnswerReachesAClientThatIsStillSending) {
  HttpServer server(With({.body_bytes = 1000}), Echo);
  server.Start();
  for (int i = 0; i < 20; ++i) {
    RawClient client(server.port());
    client.Send(Post("/", std::string(500'000, 'a')));
    EXPECT_EQ(client.ReadResponse().status, 413);
  }
}

TEST(HttpLimits, BodiesThatAreComingMayNotTakeAllMemoryTogether) {
  HttpServer server(With({.body_bytes_in_all = 1000}), Echo);
  server.Start();
  const std::string head = kPostHead + std::string("Content-Length: 800\r\n\r\n");
  RawClient first(server.port()), second(server.port());
  first.Send(head);
  first.Send(std::string(600, 'a'));
  ASSERT_TRUE(Eventually([&] { return server.counters().bytes_received == head.size() + 600; }));
  second.Send(head);
  second.Send(std::string(600, 'b'));
  EXPECT_EQ(second.ReadResponse().status, 503);
  first.Send(std::string(200, 'a'));
  EXPECT_EQ(first.ReadResponse().body, std::string(800, 'a')) << "who came first is served";
  first.Send(head + std::string(800, 'c'));
  EXPECT_EQ(first.ReadResponse().status, 200) << "what was held is held no more";
}

TEST(HttpLimits, SurvivesRunningOutOfFileDescriptors) {
  HttpServer server({}, Echo);
  server.Start();
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 64;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 80; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
    EXPECT_LT(clients.back()->fd(), 0) << "there are none left";
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
  RawClient client(server.port());
  client.Send(Get("/"));
  EXPECT_EQ(client.ReadResponse().status, 200);
  setrlimit(RLIMIT_NOFILE, &before);
}

// One byte at a time, each in time, is no way to hold a connection.
void Trickle(RawClient* client, const std::string& bytes) {
  for (const char c : bytes) {
    if (!client->Send({&c, 1})) return;
    if (client->Receive(0.02)) return;
  }
}

TEST(HttpLimits, HeadersThatTrickleAnswer408) {
  HttpServer server(With({.header_seconds = 0.2}), Echo);
  server.Start();
  RawClient client(server.port());
  const auto start = steady_clock::now();
  Trickle(&client, Get("/" + std::string(500, 'a')));
  EXPECT_EQ(client.ReadResponse().status, 408);
  EXPECT_GE(SecondsSince(start), 0.2);
  EXPECT_EQ(client.ReadAll(), "");
  RawClient silent(server.port());
  EXPECT_EQ(silent.ReadAll(), "") << "nothing was asked, nothing is answered";
}

TEST(HttpLimits, BodiesThatStallOrTrickleAnswer408) {
  const std::string head = kPostHead + std::string("Content-Length: 1000\r\n\r\n");
  HttpServer impatient(With({.body_stall_seconds = 0.1}), Echo);
  impatient.Start();
  RawClient stalled(impatient.port());
  stalled.Send(head + "some");
  const Response response = stalled.ReadResponse();
  EXPECT_EQ(response.status, 408);
  EXPECT_NE(response.body.find("body_timeout"), std::string::npos);
  HttpServer server(With({.body_seconds = 0.3}), Echo);
  server.Start();
  RawClient trickling(server.port());
  trickling.Send(head);
  const auto start = steady_clock::now();
  Trickle(&trickling, std::string(500, 'a'));
  EXPECT_EQ(trickling.ReadResponse().status, 408);
  EXPECT_LT(SecondsSince(start), 20) << "no stall was long enough";
}

TEST(HttpLimits, ClosesIdleConnectionsAndNoOther) {
  HttpServer server(With({.header_seconds = 0.1, .idle_seconds = 0.6}), Echo);
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/"));
  EXPECT_EQ(client.ReadResponse().status, 200);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // longer than headers may take
  client.Send(Get("/"));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(client.ReadAll(), "");
  client.Close();
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
}

TEST(HttpLimits, RefusesConnectionsAboveTheLimitAndTakesNewOnesAgain) {
  for (const bool per_address : {false, true}) {
    ServerLimits limits;
    (per_address ? limits.connections_per_address : limits.connections) = 2;
    HttpServer server(With(limits), Echo);
    server.Start();
    {
      RawClient first(server.port()), second(server.port());
      first.Send(Get("/"));
      second.Send(Get("/"));
      EXPECT_EQ(first.ReadResponse().status, 200);
      EXPECT_EQ(second.ReadResponse().status, 200);
      RawClient third(server.port());
      third.Send(Get("/"));
      const Response response = third.ReadResponse();
      EXPECT_EQ(response.status, 503);
      EXPECT_EQ(response.headers.Get("Retry-After"), "1");
      EXPECT_EQ(third.ReadAll(), "");
    }
    EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
    EXPECT_EQ(server.counters().connections_refused, 1u);
    EXPECT_EQ(server.counters().connections_accepted, 2u);
    RawClient later(server.port());
    later.Send(Get("/"));
    EXPECT_EQ(later.ReadResponse().status, 200);
  }
}

TEST(HttpLimits, RequestsSentAheadAreKeptUpToALimit) {
  std::shared_ptr<Responder> first;
  std::atomic<bool> waiting = false;
  HttpServer server(With({.header_bytes = 4096}),
                    [&](Request request, std::shared_ptr<Responder> responder) {
                      if (request.path == "/wait") {
                        first = std::move(responder);
                        waiting = true;
                      } else {
                        responder->Send({.body = request.body});
                      }
                    });
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/wait"));
  ASSERT_TRUE(Eventually([&] { return waiting.load(); }));
  for (int i = 0; i < 100; ++i) client.Send(Post("/", std::string(1000, 'a')));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_LT(server.counters().bytes_received, 20'000u);
  first->Send({.body = "done"});
  first.reset();
  EXPECT_EQ(client.ReadResponse().body, "done");
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.ReadResponse().body.size(), 1000u) << i;
}

}  // namespace
}  // namespace retort::net
