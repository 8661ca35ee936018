// What a server refuses as malformed or ambiguous, and how.
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "net/http_server.h"
#include "net/test_sockets.h"

namespace retort::net {
namespace {

TEST(HttpRefusal, RefusesWhatTwoReadersCouldUnderstandInTwoWays) {
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
    client.Send(kPostHead + std::string(lengths) + "\r\n" + hidden);
    const std::string answer = client.ReadAll();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << lengths << answer;
    EXPECT_EQ(answer.find("HTTP/1.1 ", answer.find("}}")), std::string::npos)
        << "a second answer: " << lengths;
  }
  EXPECT_EQ(server.counters().requests, 0u);
}

TEST(HttpRefusal, RefusesCodingsThatItDoesNotKnow) {
  HttpServer server({}, Echo);
  server.Start();
  for (const char* coding : {"gzip", "gzip, chunked", "chunked, chunked", "identity", "xchunked"}) {
    ExpectRefused(server.port(),
                  kPostHead + ("Transfer-Encoding: " + std::string(coding)) + "\r\n\r\n", 501,
                  "unsupported_coding");
  }
  ExpectRefused(server.port(), "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400, "ambiguous_length");
}

TEST(HttpRefusal, RefusesMalformedRequests) {
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
  ExpectRefused(port, kPostHead + std::string("Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400,
                "bad_request");
  ExpectRefused(port, kPostHead + std::string("Transfer-Encoding: chunked\r\n\r\n1\r\nabcd\r\n"),
                400, "bad_request");
  EXPECT_EQ(server.counters().requests, 0u);
  EXPECT_EQ(server.counters().requests_refused, 14u);
}

TEST(HttpRefusal, TrailersChangeNothing) {
  HttpServer server({}, [](Request request, std::shared_ptr<Responder> responder) {
    responder->Send({.body = std::string(request.headers.Get("X-Late", "none"))});
  });
  server.Start();
  RawClient client(server.port());
  client.Send(kPostHead +
              std::string("Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: a\r\n"
                          "Connection: close\r\n\r\n") +
              Get("/"));
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.body, "none");
  EXPECT_EQ(client.ReadResponse().status, 200) << "the connection is kept";
}

TEST(HttpRefusal, WordsErrorsAsTheOwnerDoes) {
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
