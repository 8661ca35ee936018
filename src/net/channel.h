// A TCP socket with or without TLS around it: the same three operations. Internal to net, included
// by .cpp files and by connection.h alone.
//
//   Channel channel(std::move(socket), tls_context_or_null);
//   const size_t bytes = co_await channel.AsyncRead(buffer, Into(error));    // or with a callback
//
// One read and one write may be under way at a time. Not thread-safe.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <utility>

#include "net/executor.h"

namespace retort::net {

class Channel {
 public:
  Channel(Socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls) tls_ = std::make_unique<Tls>(socket_, *tls);
  }

  bool tls() const { return tls_ != nullptr; }
  Socket& socket() { return socket_; }
  SSL* native_tls() { return tls_->native_handle(); }

  // Only with TLS.
  template <class Callback>
  void SetVerifyCallback(Callback callback) {
    tls_->set_verify_callback(std::move(callback));
  }
  template <class Token>
  auto AsyncHandshake(asio::ssl::stream_base::handshake_type type, Token token) {
    return tls_->async_handshake(type, std::move(token));
  }
  template <class Token>
  auto AsyncShutdown(Token token) {
    return tls_->async_shutdown(std::move(token));
  }

  template <class Token>
  auto AsyncRead(asio::mutable_buffer buffer, Token token) {
    if (tls_) return tls_->async_read_some(buffer, std::move(token));
    return socket_.async_read_some(buffer, std::move(token));
  }
  template <class Token>
  auto AsyncWrite(asio::const_buffer buffer, Token token) {
    if (tls_) return tls_->async_write_some(buffer, std::move(token));
    return socket_.async_write_some(buffer, std::move(token));
  }

  // Writes what the system takes at once, perhaps nothing; errors show in the next AsyncWrite. TLS
  // takes nothing, for its records may need several writes. Only while no write is under way.
  size_t TryWrite(asio::const_buffer buffer) {
    if (tls_) return 0;
    error_code error;
    if (!socket_.non_blocking()) socket_.non_blocking(true, error);
    return error ? 0 : socket_.write_some(asio::buffer(buffer), error);
  }

  // The socket as the system knows it, where bytes go over it as they are; -1 with TLS.
  int plain_handle() { return tls_ ? -1 : socket_.native_handle(); }

  // Operations under way end with an error.
  void Close() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  using Tls = asio::ssl::stream<Socket&>;

  Socket socket_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace retort::net
