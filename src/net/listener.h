// The port: accepts connections and hands each to one of the net threads in turn. Internal to net;
// runs on the thread of its io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "net/channel.h"
#include "net/coroutine.h"

namespace retort::net {

class Listener {
 public:
  // Where the next connection shall live, and what to do with it there (called on this thread).
  using NextContext = std::function<asio::io_context&()>;
  using OnSocket = std::function<void(Socket socket)>;

  // Opens the port. Errors: those of HttpServer::Start.
  Listener(asio::io_context& io, const std::string& address, uint16_t port);

  uint16_t port() const { return port_; }
  void Start(NextContext next_context, OnSocket on_socket);
  void Close();

 private:
  Task<> Accept();

  Acceptor acceptor_;
  Timer pause_;
  uint16_t port_ = 0;
  NextContext next_context_;
  OnSocket on_socket_;
};

}  // namespace retort::net
