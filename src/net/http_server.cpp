#include "net/http_server.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "net/connection.h"
#include "net/listener.h"
#include "net/server_state.h"
#include "net/tls_context.h"

namespace retort::net {

struct HttpServer::Impl {
  // A connection lives on one of these from beginning to end, so that nothing of it needs a lock.
  struct NetThread {
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
    ConnectionSet connections;
    std::thread thread;

    void Run() {
      for (;;) {
        try {
          io.run();
          return;
        } catch (...) {
          // Connections catch their own; one that is out of memory is not all of them.
        }
      }
    }
  };

  Impl(ServerOptions options, Handler handler)
      : state(std::make_shared<ServerState>(std::move(options), std::move(handler))) {}

  // On the listener's thread; goes on on the socket's own.
  void OnSocket(Socket socket) {
    NetThread* const home = threads[next % threads.size()].get();
    ++next;
    error_code gone;
    const std::string address = socket.remote_endpoint(gone).address().to_string();
    if (gone) return;
    const bool admitted = state->Admit(address);
    const std::shared_ptr<TlsContext> context = Tls();
    if (!admitted) {
      ++state->refused;
      if (context) return;  // a handshake only to say no is what a flood would like
    }
    asio::post(home->io, [this, home, admitted, address, context,
                          moved = std::move(socket)]() mutable {
      constexpr size_t kMaxBeyondLimit = 256;  // refused ones that are told why at the same time
      const auto& limits = state->options.limits;
      if (!admitted && home->connections.size() > limits.connections + kMaxBeyondLimit) return;
      std::make_shared<Connection>(state, &home->connections, std::move(moved), context.get(),
                                   address, admitted)
          ->Start();
    });
  }

  void CloseListener() {
    if (listener) asio::post(threads[0]->io, [this] { listener->Close(); });
  }

  std::shared_ptr<TlsContext> Tls() {
    const std::lock_guard lock(tls_mutex);
    return tls;
  }

  std::shared_ptr<ServerState> state;
  std::mutex tls_mutex;
  std::shared_ptr<TlsContext> tls;  // null: none; sessions keep the one that they began with
  std::vector<std::unique_ptr<NetThread>> threads;
  std::unique_ptr<Listener> listener;
  size_t next = 0;
  uint16_t port = 0;
};

HttpServer::HttpServer(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

HttpServer::~HttpServer() { Stop(); }

void HttpServer::Start() {
  RETORT_CHECK(impl_->threads.empty());
  const ServerOptions& options = impl_->state->options;
  if (options.certificate_file.empty() != options.key_file.empty()) {
    Fail(ErrorCode::kInvalidArgument,
         "TLS needs a certificate and its key; only the {} is given: give both or none",
         options.key_file.empty() ? "certificate" : "key");
  }
  if (!options.certificate_file.empty()) {
    impl_->tls = MakeServerContext(options.certificate_file, options.key_file);
  }
  std::vector<std::unique_ptr<Impl::NetThread>> threads;
  for (int i = 0; i < std::max(1, options.threads); ++i) {
    threads.push_back(std::make_unique<Impl::NetThread>());
  }
  auto listener = std::make_unique<Listener>(threads[0]->io, options.address, options.port);
  impl_->port = listener->port();
  impl_->threads = std::move(threads);
  impl_->listener = std::move(listener);
  Impl* const impl = impl_.get();
  impl->listener->Start(
      [impl]() -> asio::io_context& {
        return impl->threads[impl->next % impl->threads.size()]->io;
      },
      [impl](Socket socket) { impl->OnSocket(std::move(socket)); });
  for (const auto& thread : impl->threads) {
    thread->thread = std::thread([net_thread = thread.get()] { net_thread->Run(); });
  }
}

void HttpServer::ReloadCertificates() {
  if (!impl_->Tls()) return;
  const ServerOptions& options = impl_->state->options;
  std::shared_ptr<TlsContext> fresh = MakeServerContext(options.certificate_file, options.key_file);
  const std::lock_guard lock(impl_->tls_mutex);
  impl_->tls.swap(fresh);
}

uint16_t HttpServer::port() const { return impl_->port; }

uint64_t HttpServer::Drain(double seconds) {
  impl_->state->draining = true;
  impl_->CloseListener();
  for (const auto& thread : impl_->threads) {
    asio::post(thread->io, [net_thread = thread.get()] {
      for (const auto& connection : net_thread->connections) connection->Drain();
    });
  }
  return impl_->state->WaitForNone(seconds);
}

void HttpServer::Stop() {
  impl_->state->draining = true;
  impl_->state->stopping = true;  // for sockets that are on their way from the listener
  impl_->CloseListener();
  for (const auto& thread : impl_->threads) {
    asio::post(thread->io, [net_thread = thread.get()] {
      for (const auto& connection : net_thread->connections) connection->Cut();
    });
  }
  for (const auto& thread : impl_->threads) {
    thread->work.reset();
    if (thread->thread.joinable()) thread->thread.join();
  }
  impl_->listener.reset();
  impl_->threads.clear();
}

ServerCounters HttpServer::counters() const { return impl_->state->Counters(); }

}  // namespace retort::net
