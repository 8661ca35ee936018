#include "net/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace retort::net {
namespace {

constexpr double kLingerSeconds = 2;

}  // namespace

Connection::Connection(std::shared_ptr<ServerState> server, ConnectionSet* set, Socket socket,
                       asio::ssl::context* tls, std::string remote_address, bool admitted)
    : server_(std::move(server)),
      limits_(server_->options.limits),
      set_(set),
      channel_(std::move(socket), tls),
      remote_address_(std::move(remote_address)),
      admitted_(admitted),
      bell_(channel_.socket().get_executor()),
      room_(channel_.socket().get_executor()),
      reader_({.target_bytes = limits_.target_bytes,
               .header_bytes = limits_.header_bytes,
               .body_bytes = limits_.body_bytes}) {}

Connection::~Connection() {
  if (admitted_) server_->Leave(remote_address_);
}

void Connection::Start() {
  asio::co_spawn(channel_.socket().get_executor(), Live(),
                 [self = shared_from_this()](std::exception_ptr) {});
}

Task<> Connection::Live() {
  set_->insert(shared_from_this());
  try {
    co_await Serve();
  } catch (...) {  // no memory
  }
  ReleaseBody();
  if (exchange_) EndExchange(false);
  Cut();
  set_->erase(shared_from_this());
}

Task<> Connection::Serve() {
  if (server_->stopping) co_return;
  error_code ignored;
  channel_.socket().set_option(tcp::no_delay(true), ignored);
  if (!co_await Greet()) co_return;
  asio::co_spawn(channel_.socket().get_executor(), Receive(),
                 [self = shared_from_this()](std::exception_ptr failure) {
                   if (failure) self->Cut();  // no memory
                 });
  if (admitted_) {
    double patience = limits_.header_seconds;
    while (co_await ReceiveRequest(patience)) {
      if (!co_await Answer()) break;
      patience = limits_.idle_seconds;
    }
  } else {
    const HttpError error = {
        .status = 503,
        .code = "too_many_connections",
        .message = "the server has as many connections as it takes; try again in a second"};
    co_await Refuse(error);
  }
  co_await Linger();
}

Task<bool> Connection::Greet() {
  if (!channel_.tls()) co_return true;
  const Timer deadline = CutAfter(limits_.header_seconds);
  error_code error;
  co_await channel_.AsyncHandshake(asio::ssl::stream_base::server, Into(error));
  co_return !error;
}

// A connection that is closed while the client still sends resets it, and a reset throws away what
// the client has not yet read. So: say that nothing follows, and read on until it has closed too.
Task<> Connection::Linger() {
  if (over_) co_return;
  deaf_ = true;
  if (channel_.tls()) {
    channel_.AsyncShutdown([self = shared_from_this()](error_code) { self->Cut(); });
  } else {
    error_code ignored;
    channel_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  }
  const Time due = After(kLingerSeconds);
  while (!over_ && Clock::now() < due) co_await bell_.WaitUntil(due);
}

void Connection::Cut() {
  over_ = true;
  if (exchange_) exchange_->ForgetSocket();
  channel_.Close();
  bell_.Ring();
  room_.Ring();
}

// As long as what it returns lives, that time is the connection's last; `counter` counts if so.
Timer Connection::CutAfter(double seconds, std::atomic<uint64_t>* counter) {
  Timer timer(channel_.socket().get_executor(), After(seconds));
  timer.async_wait([self = shared_from_this(), counter](error_code cancelled) {
    if (cancelled) return;
    if (counter) ++*counter;
    self->Cut();
  });
  return timer;
}

}  // namespace retort::net
