#include "net/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "net/after.h"
#include "net/channel.h"
#include "net/http_parser.h"
#include "net/tls_context.h"

namespace retort::net {
namespace {

using Clock = std::chrono::steady_clock;
using Parser = http::response_parser<PlainBody>;

void CheckPlain(std::string_view text, const char* what) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) return;
  Fail(ErrorCode::kInvalidArgument, "the {} {} of a request has a line break; remove it", what,
       Quoted(text));
}

std::string RequestBytes(const ClientRequest& request, const ClientOptions& options) {
  CheckPlain(request.method, "method");
  CheckPlain(request.target, "target");
  std::string bytes = fmt::format("{} {} HTTP/1.1\r\n", request.method, request.target);
  if (!request.headers.Find("Host")) {
    bytes += fmt::format("Host: {}:{}\r\n", options.host, options.port);
  }
  for (const Header& header : request.headers) {
    CheckPlain(header.name, "header");
    CheckPlain(header.value, "header");
    bytes += fmt::format("{}: {}\r\n", header.name, header.value);
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    bytes += fmt::format("Content-Length: {}\r\n", request.body.size());
  }
  return bytes.append("\r\n").append(request.body);
}

Response HeadOf(const Parser& parser) {
  Response head;
  head.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get()) {
    head.headers.Add({field.name_string().data(), field.name_string().size()},
                     {field.value().data(), field.value().size()});
  }
  return head;
}

}  // namespace

struct HttpClient::Impl {
  explicit Impl(ClientOptions client_options) : options(std::move(client_options)) {
    if (options.tls) tls = MakeClientContext(options.ca_file);
  }

  ClientOptions options;
  asio::io_context io{1};
  std::unique_ptr<TlsContext> tls;
  std::optional<Channel> channel;
  std::string input;  // came and is not used up
  Clock::time_point total_due = Clock::time_point::max();
  bool reused = false;

  [[noreturn]] void FailTo(const char* what, std::string_view why) {
    Close();
    Fail(ErrorCode::kUnavailable, "cannot {} {}:{}: {}; is the server running and reachable?", what,
         options.host, options.port, why);
  }

  void Close() {
    if (channel) channel->Close();
    channel.reset();
    input.clear();
  }

  // Starts an operation and runs it to its end, or to an error when the time is over.
  template <class Operation>
  std::pair<error_code, size_t> Run(double seconds, const char* what, Operation operation) {
    std::optional<std::pair<error_code, size_t>> result;
    operation([&](error_code error, size_t bytes) { result = {error, bytes}; });
    const auto due = std::min(After(seconds), total_due);
    io.restart();
    while (!result && Clock::now() < due) io.run_one_until(due);
    if (!result) {
      channel->Close();
      io.restart();
      io.run();  // the operation ends before what it writes to goes
      FailTo(what, "it took too long");
    }
    return *result;
  }

  void Connect() {
    tcp::resolver resolver(io);
    error_code error;
    const auto endpoints = resolver.resolve(options.host, std::to_string(options.port), error);
    if (error) FailTo("resolve", error.message());
    for (const auto& endpoint : endpoints) {
      channel.emplace(Socket(io), tls.get());
      error = Run(options.connect_seconds, "connect to", [&](auto done) {
                channel->socket().async_connect(endpoint,
                                                [done](error_code failed) { done(failed, 0); });
              }).first;
      if (!error) break;
    }
    if (error) FailTo("connect to", error.message());
    channel->socket().set_option(tcp::no_delay(true), error);
    if (tls) Handshake();
    reused = false;
  }

  void Handshake() {
    SSL* const session = channel->native_tls();
    SSL_set_tlsext_host_name(session, options.host.c_str());
    channel->SetVerifyCallback(asio::ssl::host_name_verification(options.host));
    const error_code error =
        Run(options.connect_seconds, "speak TLS with", [&](auto done) {
          channel->AsyncHandshake(asio::ssl::stream_base::client,
                                  [done](error_code failed) { done(failed, 0); });
        }).first;
    if (error) FailTo("speak TLS with", error.message());
  }

  bool Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto [error, written] = Run(options.silence_seconds, "write to", [&](auto done) {
        channel->AsyncWrite(asio::buffer(bytes.data(), bytes.size()), done);
      });
      if (error) return false;
      bytes.remove_prefix(written);
    }
    return true;
  }

  // False at the end of the connection.
  bool ReadMore() {
    char bytes[16 << 10];
    const auto [error, count] = Run(options.silence_seconds, "read from", [&](auto done) {
      channel->AsyncRead(asio::buffer(bytes), done);
    });
    input.append(bytes, count);
    return !error;
  }

  void Parse(Parser* parser) {
    error_code error;
    const size_t used = parser->put(asio::buffer(input), error);
    input.erase(0, used);
    if (!error || error == http::error::need_more) return;
    Close();
    if (error == http::error::body_limit) {
      Fail(ErrorCode::kResourceExhausted,
           "the answer of {}:{} has more than {} bytes; take it with a sink", options.host,
           options.port, options.body_bytes);
    }
    Fail(ErrorCode::kCorrupt, "{}:{} answers no HTTP: {}; is it another program's port?",
         options.host, options.port, error.message());
  }

  // Reads until `reached`; false when the connection ends before any byte of the message came.
  template <class Condition>
  bool ReadUntil(Parser* parser, Condition reached) {
    for (;;) {
      const size_t before = input.size();
      if (!input.empty()) Parse(parser);
      if (reached()) return true;
      if (input.size() < before) continue;  // there may be more in what has come
      if (ReadMore()) continue;
      if (!parser->got_some() && input.empty()) return false;
      error_code error;
      parser->put_eof(error);
      if (error) FailTo("get the whole answer of", "the connection broke off");
      return true;
    }
  }

  std::optional<Response> Receive(const ClientRequest& request, const BodySink& sink) {
    std::optional<Parser> parser;
    do {
      parser.emplace();
      parser->eager(false);
      parser->header_limit(256 << 10);
      if (sink) {
        parser->body_limit(boost::none);
      } else {
        parser->body_limit(options.body_bytes);
      }
      parser->skip(request.method == "HEAD");
      if (!ReadUntil(&*parser, [&] { return parser->is_header_done(); })) return std::nullopt;
    } while (parser->get().result_int() / 100 == 1);  // 100 Continue; the answer follows
    Response response = HeadOf(*parser);
    std::string& body = parser->get().body();
    bool wanted = true;
    const auto hand_over = [&] {
      if (sink && !body.empty()) {
        wanted = sink(response, body);
        body.clear();
      }
      return !wanted || parser->is_done();
    };
    while (!hand_over()) ReadUntil(&*parser, [&] { return hand_over(); });
    response.body = std::move(body);
    if (!wanted || !parser->keep_alive()) Close();
    return response;
  }

  Response Send(const ClientRequest& request, const BodySink& sink) {
    const std::string bytes = RequestBytes(request, options);
    total_due = options.total_seconds > 0 ? After(options.total_seconds) : Clock::time_point::max();
    const bool repeatable = request.method == "GET" || request.method == "HEAD";
    if (!channel) Connect();
    for (;;) {
      const bool first_use = !std::exchange(reused, true);
      // What cannot be written may have been answered already: with a 413, for instance.
      Write(bytes);
      if (auto response = Receive(request, sink)) return *std::move(response);
      // The server may have closed a connection that had been idle.
      if (first_use || !repeatable) FailTo("get an answer of", "the connection was closed");
      Close();
      Connect();
    }
  }
};

HttpClient::HttpClient(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpClient::~HttpClient() = default;

Response HttpClient::Send(const ClientRequest& request, const BodySink& sink) {
  try {
    return impl_->Send(request, sink);
  } catch (...) {
    impl_->Close();  // nobody knows what is still to come on it
    throw;
  }
}

void HttpClient::Close() { impl_->Close(); }

}  // namespace retort::net
