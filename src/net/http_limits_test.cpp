// What a server refuses, and how: malformed, ambiguous, too large and too slow.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "net/http_server.h"
#include "net/test_sockets.h"

namespace retort::net {
namespace {

using std::chrono::steady_clock;

ServerOptions With(const ServerLimits& limits) { return {.limits = limits}; }

void Echo(Request request, std::shared_ptr<Responder> responder) {
  responder->Send({.body = request.body});
}

// The status of the answer to these bytes, which must be the last thing on the connection.
void ExpectRefused(uint16_t port, const std::string& bytes, int status, const std::string& code) {
  RawClient client(port);
  client.Send(bytes);
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.status, status) << bytes.substr(0, 200);
  EXPECT_EQ(response.headers.Get("Connection"), "close");
  EXPECT_EQ(response.headers.Get("Content-Type"), "application/json");
  EXPECT_NE(response.body.find("{\"error\":{\"message\":\""), std::string::npos);
  EXPECT_NE(response.body.find("\"code\":\"" + code + "\""), std::string::npos) << response.body;
  EXPECT_EQ(client.ReadAll(), "");
}

const char kHead[] = "POST / HTTP/1.1\r\nHost: x\r\n";

TEST(HttpLimits, RefusesWhatTwoReadersCouldUnderstandInTwoWays) {
  HttpServer server({}, Echo);
  server.Start();
  const std::string hidden = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const char* lengths : {"Content-Length: 5\r\nContent-Length: 6\r\n",
                              "Content-Length: 5\r\nContent-Length: 5\r\n",
                              "Content-Length: 5, 5\r\n",
                              "Content-Length: +5\r\n",
                              "Content-Length: -1\r\n",
                              "Content-Length: 0x5\r\n",
                              "Content-Length: \r\n",
                              "Content-Length: 5 5\r\n",
                              "Content-Length: 99999999999999999999\r\n",
                              "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding : chunked\r\n",
                              " Transfer-Encoding: chunked\r\n",
                              "Transfer-Encoding\r\n : chunked\r\n",
                              "Content-Length: 5\nTransfer-Encoding: chunked\r\n",
                              "X: a\rb\r\n",
                              "X: a\nY: b\r\n",
                              ": x\r\n",
                              "X: a\r\n b\r\n",
                              "X: a\r\n\tb\r\n"}) {
    RawClient client(server.port());
    client.Send(kHead + std::string(lengths) + "\r\n" + hidden);
    const std::string answer = client.ReadAll();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << lengths << answer;
    EXPECT_EQ(answer.find("HTTP/1.1 ", answer.find("}}")), std::string::npos)
        << "a second answer: " << lengths;
  }
  EXPECT_EQ(server.counters().requests, 0u);
}

TEST(HttpLimits, RefusesCodingsThatItDoesNotKnow) {
  HttpServer server({}, Echo);
  server.Start();
  for (const char* coding : {"gzip", "gzip, chunked", "chunked, chunked", "identity", "xchunked"}) {
    ExpectRefused(server.port(), kHead + ("Transfer-Encoding: " + std::string(coding)) + "\r\n\r\n",
                  501, "unsupported_coding");
  }
  ExpectRefused(server.port(), "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400, "ambiguous_length");
}

TEST(HttpLimits, RefusesMalformedRequests) {
  HttpServer server({}, Echo);
  server.Start();
  const uint16_t port = server.port();
  ExpectRefused(port, "GET /\r\n\r\n", 400, "bad_request");
  ExpectRefused(port, "GET / HTTP/2.0\r\n\r\n", 505, "unsupported_version");
  ExpectRefused(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unsupported_version");
  ExpectRefused(port, "\x16\x03\x01\x02\x01\x01", 400, "bad_request");  // TLS to a plain port
  ExpectRefused(port, "G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request");
  ExpectRefused(port, Get("/a b"), 505, "unsupported_version");
  ExpectRefused(port, Get("/%zz"), 400, "bad_target");
  ExpectRefused(port, Get("a"), 400, "bad_target");
  ExpectRefused(port, "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "unsupported_method");
  ExpectRefused(port, "GET / HTTP/1.1\r\n\r\n", 400, "bad_host");
  ExpectRefused(port, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad_host");
  ExpectRefused(port, Get("/", "Expect: tea\r\n"), 417, "unknown_expectation");
  ExpectRefused(port, kHead + std::string("Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400,
                "bad_request");
  ExpectRefused(port, kHead + std::string("Transfer-Encoding: chunked\r\n\r\n1\r\nabcd\r\n"), 400,
                "bad_request");
  EXPECT_EQ(server.counters().requests, 0u);
  EXPECT_EQ(server.counters().requests_refused, 14u);
}

TEST(HttpLimits, RefusesWhatIsTooLarge) {
  HttpServer server(With({.target_bytes = 100, .header_bytes = 1000, .body_bytes = 10}), Echo);
  server.Start();
  const uint16_t port = server.port();
  ExpectRefused(port, Get("/" + std::string(100, 'a')), 414, "uri_too_long");
  ExpectRefused(port, Get("/", "X: " + std::string(1000, 'a') + "\r\n"), 431, "headers_too_large");
  ExpectRefused(port, "GET /" + std::string(2000, 'a'), 431, "headers_too_large");
  ExpectRefused(port, Post("/", std::string(11, 'a')), 413, "payload_too_large");
  ExpectRefused(port, kHead + std::string("Content-Length: 4000000000\r\n\r\n"), 413,
                "payload_too_large");
  const std::string chunked = kHead + std::string("Transfer-Encoding: chunked\r\n\r\n");
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
  client.Send(kHead + std::string("Expect: 100-continue\r\nContent-Length: 11\r\n\r\n"));
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

TEST(HttpLimits, TrailersChangeNothing) {
  HttpServer server({}, [](Request request, std::shared_ptr<Responder> responder) {
    responder->Send({.body = std::string(request.headers.Get("X-Late", "none"))});
  });
  server.Start();
  RawClient client(server.port());
  client.Send(kHead +
              std::string("Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: a\r\n"
                          "Connection: close\r\n\r\n") +
              Get("/"));
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.body, "none");
  EXPECT_EQ(client.ReadResponse().status, 200) << "the connection is kept";
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
  HttpServer server(With({.body_stall_seconds = 0.1, .body_seconds = 0.4}), Echo);
  server.Start();
  const std::string head = kHead + std::string("Content-Length: 1000\r\n\r\n");
  RawClient stalled(server.port());
  stalled.Send(head + "some");
  Response response = stalled.ReadResponse();
  EXPECT_EQ(response.status, 408);
  EXPECT_NE(response.body.find("body_timeout"), std::string::npos);
  RawClient trickling(server.port());
  trickling.Send(head);
  const auto start = steady_clock::now();
  Trickle(&trickling, std::string(500, 'a'));
  EXPECT_EQ(trickling.ReadResponse().status, 408);
  EXPECT_GE(SecondsSince(start), 0.4) << "no stall was long enough";
}

TEST(HttpLimits, ClosesIdleConnectionsAndNoOther) {
  HttpServer server(With({.header_seconds = 0.1, .idle_seconds = 0.3}), Echo);
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

TEST(HttpLimits, WordsErrorsAsTheOwnerDoes) {
  ServerOptions options;
  options.error_response = [](const HttpError& error) {
    if (error.status == 417) throw std::runtime_error("the hook is broken");
    return Response{.status = error.status, .body = "ours: " + error.code};
  };
  HttpServer server(options, [](Request, std::shared_ptr<Responder>) {});
  server.Start();
  RawClient client(server.port());
  client.Send(Get("/") + "BAD\r\n\r\n");
  EXPECT_EQ(client.ReadResponse().body, "ours: internal_error");
  EXPECT_EQ(client.ReadResponse().body, "ours: bad_request");
  ExpectRefused(server.port(), Get("/", "Expect: tea\r\n"), 417, "unknown_expectation");
}

}  // namespace
}  // namespace retort::net
