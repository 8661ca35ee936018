// A small HTTP/1.1 client that waits: for tests, load generators and asking a server of ours.
// Downloads have one of their own (hub/http_client.h), which knows proxies and redirects.
//
//   HttpClient client({.host = "127.0.0.1", .port = 8080});
//   const Response models = client.Send({.target = "/v1/models"});
//   client.Send({.method = "POST", .target = "/v1/chat/completions", .body = json},
//               [&](const Response& head, std::string_view bytes) { ...; return true; });
//
// The connection is kept for the next request. With TLS the certificate must be vouched for and
// name the host. A status such as 404 is no error here.
// Errors: kUnavailable for what cannot be reached, breaks off or takes too long; kCorrupt for an
// answer that is no HTTP; kResourceExhausted for a body above the limit; kInvalidArgument for
// a request with line breaks in its method, target or headers. Not thread-safe: one for each
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_message.h"

namespace retort::net {

struct ClientOptions {
  std::string host = "127.0.0.1";  // a name or an address
  uint16_t port = 80;
  bool tls = false;
  std::string ca_file = {};  // PEM: whom to trust; the system's certificates if empty
  double connect_seconds = 10;
  double silence_seconds = 60;    // without a byte from the server
  double total_seconds = 0;       // for a request in all; 0: no limit
  size_t body_bytes = 256 << 20;  // of an answer that is kept; streams have no limit
};

struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";
  Headers headers = {};
  std::string body = {};
};

// Takes a body as it comes; false: enough, the connection is closed.
using BodySink = std::function<bool(const Response& head, std::string_view bytes)>;

class HttpClient {
 public:
  explicit HttpClient(ClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // With a sink, the body of the answer that is returned is empty.
  Response Send(const ClientRequest& request, const BodySink& sink = nullptr);
  void Close();  // the next request opens a connection anew

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace retort::net
