#include "net/listener.h"

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace retort::net {

Listener::Listener(asio::io_context& io, const std::string& address, uint16_t port)
    : acceptor_(io), pause_(io) {
  error_code error;
  const auto ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error) {
    Fail(ErrorCode::kInvalidArgument,
         "{} is no IP address to listen on; 127.0.0.1 is this machine alone, 0.0.0.0 all networks",
         Quoted(address));
  }
  const tcp::endpoint endpoint(ip, port);
  const auto check = [&](const char* what) {
    if (!error) return;
    const bool taken = error == asio::error::address_in_use;
    Fail(ErrorCode::kUnavailable, "cannot {} port {} of {}: {}; {}", what, port, address,
         taken ? "another program has it" : error.message(),
         taken ? "end that program, or choose another port (0 is any that is free)"
               : "choose another address or port");
  };
  acceptor_.open(endpoint.protocol(), error);
  check("open");
  // Connections that have ended a minute ago do not keep the port; another listener does.
  acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  acceptor_.bind(endpoint, error);
  check("take");
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  check("listen on");
  port_ = acceptor_.local_endpoint().port();
}

void Listener::Start(NextContext next_context, OnSocket on_socket) {
  next_context_ = std::move(next_context);
  on_socket_ = std::move(on_socket);
  asio::co_spawn(acceptor_.get_executor(), Accept(), [](std::exception_ptr) {});
}

void Listener::Close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

Task<> Listener::Accept() {
  while (acceptor_.is_open()) {
    error_code error;
    Socket socket = co_await acceptor_.async_accept(next_context_(), Into(error));
    if (error) {
      // Mostly: no file descriptors left. Trying at once would keep a core busy until there are
      // some.
      pause_.expires_after(std::chrono::milliseconds(50));
      if (acceptor_.is_open()) co_await pause_.async_wait(Into(error));
      continue;
    }
    try {
      on_socket_(std::move(socket));
    } catch (...) {  // no memory for another one; the socket is closed by now
    }
  }
}

}  // namespace retort::net
