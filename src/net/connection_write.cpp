// The writing half of a connection: a request to the handler, its answer to the client.
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "net/connection.h"

namespace retort::net {
namespace {

constexpr size_t kKeptCapacity = 64 << 10;

}  // namespace

// True when the answer is complete and the next request may come.
Task<bool> Connection::Answer() {
  Dispatch();
  for (;;) {
    if (output_.capacity() > kKeptCapacity) output_ = {};
    const Exchange::Output now = exchange_->Take(&output_);
    if (now.slow) ++server_->slow_readers;
    if (now.slow || (now.aborted && output_.empty())) {
      Cut();
      co_return false;
    }
    if (!output_.empty()) {
      if (!co_await Write(output_)) co_return false;
    } else if (now.ended) {
      EndExchange(true);
      co_return now.keep_alive && !over_;
    } else if (over_) {
      co_return false;
    } else {
      co_await bell_.WaitUntil(exchange_->Beat(Clock::now()));
    }
  }
}

void Connection::Dispatch() {
  const bool keep_alive = reader_.keep_alive();
  Request request = reader_.Take();
  request.id = server_->NewRequestId();
  request.remote_address = remote_address_;
  request.tls = channel_.tls();
  record_ = {.id = request.id,
             .remote_address = remote_address_,
             .method = request.method,
             .target = request.target};
  exchange_began_ = Clock::now();
  exchange_ = std::make_shared<Exchange>(server_,
                                         ExchangeFacts{.id = request.id,
                                                       .head_only = request.method == "HEAD",
                                                       .keep_alive = keep_alive,
                                                       .minor_version = request.minor_version,
                                                       .socket = channel_.plain_handle()},
                                         [self = shared_from_this()] {
                                           asio::post(self->channel_.socket().get_executor(),
                                                      [self] { self->OnWake(); });
                                         });
  ++server_->requests;
  ++server_->running;

  const auto responder = Exchange::MakeResponder(exchange_);
  std::string what;
  try {
    server_->handler(std::move(request), responder);
    return;
  } catch (const std::exception& failure) {
    what = failure.what();
  } catch (...) {
    what = "an exception of unknown type";
  }
  exchange_->GiveUp("the server failed to handle this request");
  server_->ReportFailure(record_.id, what);
}

// Serve looks by itself once a write is over; but the one under way may never be.
void Connection::OnWake() {
  if (over_) return;
  if (writing_ && exchange_ && exchange_->Look().slow) {
    ++server_->slow_readers;
    return Cut();
  }
  bell_.Ring();
}

// False when the client is gone, or has taken none of the bytes for too long.
Task<bool> Connection::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    // What the system takes at once, as it nearly always does, costs no way through the event loop.
    size_t taken = channel_.TryWrite(asio::buffer(bytes));
    if (taken == 0) {
      const auto deadline = CutAfter(limits_.write_stall_seconds, &server_->slow_readers);
      error_code error;
      writing_ = true;
      taken = co_await channel_.AsyncWrite(asio::buffer(bytes), Into(error));
      writing_ = false;
      if (error) {
        Cut();
        co_return false;
      }
    }
    bytes.remove_prefix(taken);
    server_->bytes_sent += taken;
    if (exchange_) exchange_->Written(taken);
  }
  co_return true;
}

void Connection::EndExchange(bool complete) {
  const auto exchange = std::move(exchange_);
  room_.Ring();
  if (!exchange->ended() && !exchange->closed()) ++server_->clients_gone;
  --server_->running;
  record_.status = exchange->status();
  record_.bytes = exchange->sent_bytes();
  record_.complete = complete;
  record_.seconds = std::chrono::duration<double>(Clock::now() - exchange_began_).count();
  try {
    if (server_->options.on_exchange) server_->options.on_exchange(record_);
  } catch (...) {  // whoever keeps the log may not stop the server
  }
  try {
    exchange->Detach();  // calls the handler's OnClosed
  } catch (const std::exception& failure) {
    server_->ReportFailure(record_.id, failure.what());
  } catch (...) {
    server_->ReportFailure(record_.id, "an exception of unknown type");
  }
}

}  // namespace retort::net
