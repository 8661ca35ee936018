// What all connections of a server share: its options, counters, admission of new connections.
// Lives as long as the last exchange, which may be longer than the server. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "net/http_server.h"

namespace retort::net {

class ServerState {
 public:
  ServerState(ServerOptions server_options, Handler server_handler);

  // Counts a new connection in; false when a limit forbids it. Leave counts one out again.
  bool Admit(const std::string& address);
  void Leave(const std::string& address);
  // Waits until no connection is open, at most so long; returns how many are.
  uint64_t WaitForNone(double seconds);

  std::string NewRequestId();
  // The owner's words for an error; ours when the owner's hook throws.
  Response MakeError(const HttpError& error) const;
  void ReportFailure(const std::string& request_id, const std::string& what) const;
  // One answer with that status has begun.
  void CountResponse(int status);
  ServerCounters Counters() const;

  const ServerOptions options;
  const Handler handler;
  std::atomic<size_t> body_bytes{0};  // that connections hold of bodies not yet complete
  std::atomic<bool> draining{false};
  std::atomic<bool> stopping{false};

  std::atomic<uint64_t> accepted{0}, refused{0}, running{0}, requests{0}, requests_refused{0};
  std::atomic<uint64_t> clients_gone{0}, slow_readers{0}, bytes_received{0}, bytes_sent{0};

 private:
  std::array<std::atomic<uint64_t>, 6> responses_ = {};
  const uint64_t id_seed_;
  std::atomic<uint64_t> next_id_{0};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t open_ = 0;
  std::map<std::string, uint64_t> open_by_address_;
};

}  // namespace retort::net
