// The reading half of a connection: bytes, and the requests that they make.
#include <algorithm>
#include <utility>

#include "net/connection.h"
#include "net/response_head.h"

namespace retort::net {
namespace {

constexpr size_t kSmallRead = 4 << 10;   // what an idle connection costs
constexpr size_t kLargeRead = 16 << 10;  // while a body comes

}  // namespace

Task<> Connection::Receive() {
  std::string buffer;
  while (!over_) {
    // A client may send its next requests ahead, but not without end.
    if (exchange_ && input_.size() >= limits_.header_bytes) {
      co_await room_.WaitUntil(Time::max());
      continue;
    }
    const bool in_body = reader_.state() == RequestReader::State::kBody;
    const size_t wanted = in_body ? kLargeRead : kSmallRead;
    if (buffer.size() != wanted) buffer = std::string(wanted, '\0');
    error_code error;
    const size_t bytes = co_await channel_.AsyncRead(asio::buffer(buffer), Into(error));
    server_->bytes_received += bytes;
    if (error) break;
    if (!deaf_) input_.append(buffer, 0, bytes);
    bell_.Ring();
  }
  over_ = true;
  // The last bytes of an answer that is complete are still written to a client that only listens;
  // one that waits for an answer is taken for gone, which is what the end of its bytes nearly
  // always means.
  if (exchange_ && !exchange_->ended()) Cut();
  bell_.Ring();
}

// Waits for bytes behind those that are there; false when none come by then.
Task<bool> Connection::MoreInput(Time due) {
  const size_t before = input_.size();
  while (input_.size() == before && !over_ && Clock::now() < due) co_await bell_.WaitUntil(due);
  co_return input_.size() > before;
}

RequestReader::State Connection::Parse() {
  input_.erase(0, reader_.Feed(input_));
  return reader_.state();
}

// Waits so many seconds for the first byte; what follows has its own limits.
Task<bool> Connection::ReceiveRequest(double patience) {
  using State = RequestReader::State;
  const Time first_due = After(patience);
  while (Parse() == State::kStart) {
    if (!co_await AwaitFirstByte(first_due)) co_return false;
  }
  const Time head_due = After(limits_.header_seconds);
  while (reader_.state() == State::kHead) {
    if (!co_await MoreInput(head_due)) co_return co_await TooSlow("headers");
    Parse();
  }
  if (reader_.state() == State::kBody) {
    if (!co_await ReceiveBody()) co_return false;
  }
  if (reader_.state() == State::kDone) co_return true;
  ++server_->requests_refused;
  co_return co_await Refuse(reader_.error());
}

Task<bool> Connection::AwaitFirstByte(Time due) {
  input_ = {};  // their memory
  output_ = {};
  if (server_->draining) co_return false;  // lingers, for the next request may be on its way
  while (input_.empty() && !over_ && !server_->draining && Clock::now() < due) {
    co_await bell_.WaitUntil(due);
  }
  if (!input_.empty()) co_return true;
  // Nothing is unread on either side; only with TLS the client is told that nothing was cut off.
  if (!channel_.tls()) Cut();
  co_return false;
}

Task<bool> Connection::ReceiveBody() {
  if (reader_.expects_continue() && input_.empty()) {
    if (!co_await Write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
  }
  const Time due = After(limits_.body_seconds);
  for (;;) {
    const size_t before = input_.size();
    const auto state = Parse();
    // Many clients that each send a body within the limit may not take all memory together.
    if (!HoldBody(before - input_.size())) {
      ++server_->requests_refused;
      const HttpError error = {.status = 503,
                               .code = "too_many_bodies",
                               .message =
                                   "the server is receiving as many bytes as it can hold; try "
                                   "again in a second"};
      co_return co_await Refuse(error);
    }
    if (state != RequestReader::State::kBody) break;
    const Time stall_due = After(limits_.body_stall_seconds);
    if (!co_await MoreInput(std::min(due, stall_due))) co_return co_await TooSlow("body");
  }
  ReleaseBody();
  co_return true;
}

bool Connection::HoldBody(size_t bytes) {
  body_held_ += bytes;
  return server_->body_bytes.fetch_add(bytes) + bytes <= limits_.body_bytes_in_all;
}

void Connection::ReleaseBody() { server_->body_bytes -= std::exchange(body_held_, 0); }

// A part of the request did not come in time. Who has gone instead is told nothing.
Task<bool> Connection::TooSlow(const char* part) {
  if (over_) co_return false;
  ++server_->requests_refused;
  const std::string name = part;
  const HttpError error = {.status = 408,
                           .code = name + "_timeout",
                           .message = "the request's " + name + " took too long to come"};
  co_return co_await Refuse(error);
}

// Answers without the handler. Always false: it is the last thing on this connection.
Task<bool> Connection::Refuse(const HttpError& error) {
  const std::string answer = Refusal(error);
  ReleaseBody();
  reader_.Reset();  // what came of a body is not kept, nor what follows it
  deaf_ = true;
  input_ = {};
  co_await Write(answer);
  co_return false;
}

std::string Connection::Refusal(const HttpError& error) {
  Response response = server_->MakeError(error);
  if (error.status == 503) response.headers.Set("Retry-After", "1");
  std::string bytes;
  AppendHead({.status = response.status, .keep_alive = false, .length = response.body.size()},
             response.headers, &bytes);
  server_->CountResponse(response.status);
  return bytes + response.body;
}

}  // namespace retort::net
