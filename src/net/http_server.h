// An HTTP/1.1 server: connections, their limits and time-outs. What is answered is the handler's.
//
//   HttpServer server({.port = 8080}, [](Request request, std::shared_ptr<Responder> responder) {
//     responder->Send({.status = 200, .body = "hello\n"});
//   });
//   server.Start();                         // returns when the port is open
//   ...
//   server.Drain(30);                       // no new ones; those under way get 30 seconds
//   server.Stop();
//
// The handler runs on the net threads, on several at a time if there are several, and must not
// block; it may keep the responder and answer later from any thread (net/responder.h). What it
// throws becomes a 500. Malformed, too large and too slow requests are answered without it, through
// `error_response`. HTTP/1.0, keep-alive, pipelining (in order), HEAD (the handler's body is not
// sent), chunked bodies and Expect: 100-continue are the server's business. A client that shuts
// down its sending side counts as gone.
//
// Errors of Start: kUnavailable naming address and port when the port is taken; kInvalidArgument
// for what is no address; kNotFound and kCorrupt for certificates. Thread-safe; Drain, Stop and the
// destructor must not be called from a net thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/counters.h"
#include "net/http_error.h"
#include "net/http_message.h"
#include "net/responder.h"

namespace retort::net {

// All times in seconds, all sizes in bytes.
struct ServerLimits {
  size_t target_bytes = 8 << 10;         // 414 above
  size_t header_bytes = 64 << 10;        // 431 above
  size_t body_bytes = 32 << 20;          // 413 above
  size_t body_bytes_in_all = 512 << 20;  // of bodies that are still coming; 503 above
  double header_seconds = 10;            // for headers once they have begun, and for TLS: then 408
  double body_stall_seconds = 30;        // without a byte of the body: 408
  double body_seconds = 300;             // for a body in all: 408
  double idle_seconds = 75;              // between requests: closed
  double write_stall_seconds = 30;       // without a byte taken by the reader: closed
  size_t unsent_bytes = 256 << 10;       // a Write that finds more than these unsent: closed
  uint64_t connections = 4096;           // 503 above
  uint64_t connections_per_address = 0;  // 0: as many as in all
};

// One answered request, for logs.
struct ExchangeRecord {
  std::string id;
  std::string remote_address;
  std::string method;
  std::string target;
  int status = 0;         // 0: the client went away before there was one
  bool complete = false;  // all bytes of the answer were given to the operating system
  uint64_t bytes = 0;     // of the answer, with its headers
  double seconds = 0;     // from the request's last byte to the answer's
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // IPv4 or IPv6
  uint16_t port = 0;                  // 0: any that is free
  int threads = 1;
  std::string certificate_file = {};  // PEM, the chain; with key_file: TLS 1.2 and 1.3 alone
  std::string key_file = {};          // PEM
  ServerLimits limits = {};
  ErrorHook error_response = ErrorResponse;
  // Hear of every answered request and of what handlers threw; on net threads, must not block.
  std::function<void(const ExchangeRecord&)> on_exchange = {};
  std::function<void(const std::string& request_id, const std::string& what)> on_failure = {};
};

using Handler = std::function<void(Request, std::shared_ptr<Responder>)>;

class HttpServer {
 public:
  HttpServer(ServerOptions options, Handler handler);
  ~HttpServer();  // Stop
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void Start();
  uint16_t port() const;  // that was opened; 0 before Start

  // Reads the certificate and its key anew, for connections that come from now on; open ones keep
  // theirs. What Start throws for certificates is thrown here, too, and changes nothing. Does
  // nothing without TLS.
  void ReloadCertificates();

  // Accepts nothing more, closes connections that are idle and each other one after its answer.
  // Waits until all are gone, at most so many seconds; returns how many were not.
  uint64_t Drain(double seconds);
  // Ends what is left at once. A second call does nothing.
  void Stop();

  ServerCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace retort::net
