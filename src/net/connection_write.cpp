// The writing half of a connection, and its clock.
#include <algorithm>
#include <utility>

#include "net/connection.h"

namespace retort::net {
namespace {

constexpr double kLingerSeconds = 2;
constexpr size_t kKeptCapacity = 64 << 10;

std::chrono::steady_clock::duration Duration(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(seconds));
}

}  // namespace

void Connection::OnWake(uint64_t exchange_number) {
  if (!exchange_ || exchange_number_ != exchange_number) return;
  if (writing_) {
    if (exchange_->Look().slow) {
      ++server_->slow_readers;
      Close();
    }
    return;
  }
  Pump();
}

// Takes what there is to write next. False when there is nothing: then what follows is done.
bool Connection::Refill() {
  if (output_.capacity() > kKeptCapacity) output_ = {};
  output_.clear();
  output_offset_ = 0;
  Exchange::Output state;
  if (exchange_) state = exchange_->Take(&output_);
  if (state.slow) {
    ++server_->slow_readers;
    Close();
    return false;
  }
  output_own_ = own_output_.size();
  if (output_own_ > 0) {
    output_.insert(0, own_output_);
    own_output_.clear();
  }
  if (!output_.empty()) return true;
  if (phase_ == Phase::kRefuse) {
    Linger();
  } else if (state.aborted) {
    Close();
  } else if (state.ended) {
    FinishExchange(state.keep_alive);
  }
  return false;
}

// What the system takes at once, as it nearly always does, costs no way through the event loop.
// Only one piece though: other connections wait for this thread too.
void Connection::Pump() {
  if (writing_ || phase_ == Phase::kClosed || !Refill()) return;
  CountWritten(channel_.TryWrite(asio::buffer(output_)));
  if (output_offset_ == output_.size() && !Refill()) return;
  writing_ = true;
  WriteSome();
}

void Connection::WriteSome() {
  write_due_ = Clock::now() + Duration(limits_.write_stall_seconds);
  channel_.AsyncWrite(asio::buffer(output_) + output_offset_,
                      [self = shared_from_this()](error_code error, size_t bytes) {
                        self->Guarded([&] { self->OnWritten(error, bytes); });
                      });
}

void Connection::OnWritten(error_code error, size_t bytes) {
  CountWritten(bytes);
  if (error) return Close();
  if (output_offset_ < output_.size()) return WriteSome();
  writing_ = false;
  write_due_ = Time::max();
  Pump();
}

void Connection::CountWritten(size_t bytes) {
  server_->bytes_sent += bytes;
  const size_t before = std::max(output_offset_, output_own_);
  output_offset_ += bytes;
  const size_t of_exchange = std::max(output_offset_, output_own_) - before;
  if (!exchange_ || of_exchange == 0) return;
  exchange_->Written(of_exchange);
  record_.bytes += of_exchange;
}

void Connection::FinishExchange(bool keep_alive) {
  const auto exchange = std::move(exchange_);
  record_.status = exchange->status();
  ReportExchange(true);
  exchange->Detach();
  if (end_of_input_) return Close();
  if (!keep_alive) return Linger();
  BeginRequest(limits_.idle_seconds);
}

void Connection::ReportExchange(bool complete) {
  --server_->running;
  record_.complete = complete;
  record_.seconds = std::chrono::duration<double>(Clock::now() - exchange_began_).count();
  if (!server_->options.on_exchange) return;
  try {
    server_->options.on_exchange(record_);
  } catch (...) {  // whoever keeps the log may not stop the server
  }
}

// A connection that is closed while the client still sends resets it, and a reset throws away what
// the client has not yet read. So: say that nothing follows, and read on until it has closed too.
void Connection::Linger() {
  phase_ = Phase::kLinger;
  read_due_ = Clock::now() + Duration(kLingerSeconds);
  input_ = {};
  if (end_of_input_) return Close();
  if (channel_.tls()) {
    channel_.AsyncShutdown(
        [self = shared_from_this()](error_code) { self->Guarded([&] { self->Close(); }); });
  } else {
    error_code ignored;
    channel_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }
  ReadMore();
}

// Nothing is unread on either side; with TLS the client is told that nothing was cut off.
void Connection::CloseIdle() {
  if (channel_.tls()) return Linger();
  Close();
}

// One timer for all that may be due; it rings early rather than being set anew for every write.
void Connection::ArmTimer() {
  Time due = std::min({read_due_, body_due_, write_due_});
  if (exchange_) due = std::min(due, exchange_->Beat(Clock::now()));
  if (due >= timer_at_) return;
  timer_at_ = due;
  timer_.expires_at(due);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->Guarded([&] { self->OnTimer(); });
  });
}

void Connection::OnTimer() {
  timer_at_ = Time::max();
  const Time now = Clock::now();
  if (now >= write_due_) {
    ++server_->slow_readers;
    return Close();
  }
  if (now >= std::min(read_due_, body_due_)) OnReadTimeout();
}

void Connection::OnReadTimeout() {
  const bool in_head = phase_ == Phase::kHead;
  if (in_head || phase_ == Phase::kBody) {
    ++server_->requests_refused;
    return Refuse({.status = 408,
                   .code = in_head ? "headers_timeout" : "body_timeout",
                   .message = in_head ? "the request's headers took too long to come"
                                      : "the request's body took too long to come"});
  }
  if (phase_ == Phase::kIdle) return CloseIdle();
  Close();
}

}  // namespace retort::net
