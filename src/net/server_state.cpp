#include "net/server_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

#include "base/rng.h"

namespace retort::net {

ServerState::ServerState(ServerOptions server_options, Handler server_handler)
    : options(std::move(server_options)),
      handler(std::move(server_handler)),
      id_seed_(static_cast<uint64_t>(std::random_device()()) << 32 | std::random_device()()) {}

bool ServerState::Admit(const std::string& address) {
  const ServerLimits& limits = options.limits;
  const std::lock_guard lock(mutex_);
  if (open_ >= limits.connections) return false;
  uint64_t& of_address = open_by_address_[address];
  if (limits.connections_per_address > 0 && of_address >= limits.connections_per_address) {
    return false;
  }
  ++of_address;
  ++open_;
  ++accepted;
  return true;
}

void ServerState::Leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = open_by_address_.find(address);
  if (--found->second == 0) open_by_address_.erase(found);
  if (--open_ == 0) changed_.notify_all();
}

uint64_t ServerState::WaitForNone(double seconds) {
  std::unique_lock lock(mutex_);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  changed_.wait_until(lock, deadline, [&] { return open_ == 0; });
  return open_;
}

// Unlike a count, it cannot be guessed and does not come again after a restart.
std::string ServerState::NewRequestId() {
  return fmt::format("req-{:016x}", RandomBits(id_seed_, next_id_++));
}

Response ServerState::MakeError(const HttpError& error) const {
  try {
    return options.error_response(error);
  } catch (...) {
    return ErrorResponse(error);
  }
}

void ServerState::ReportFailure(const std::string& request_id, const std::string& what) const {
  if (!options.on_failure) return;
  try {
    options.on_failure(request_id, what);
  } catch (...) {  // whoever keeps the log may not stop the server
  }
}

void ServerState::CountResponse(int status) {
  ++responses_[static_cast<size_t>(std::clamp(status / 100, 0, 5))];
}

ServerCounters ServerState::Counters() const {
  ServerCounters counters = {
      .connections_accepted = accepted,
      .connections_refused = refused,
      .requests_running = running,
      .requests = requests,
      .requests_refused = requests_refused,
      .clients_gone = clients_gone,
      .slow_readers_closed = slow_readers,
      .bytes_received = bytes_received,
      .bytes_sent = bytes_sent,
  };
  std::ranges::copy(responses_, counters.responses.begin());
  const std::lock_guard lock(mutex_);
  counters.connections_open = open_;
  return counters;
}

}  // namespace retort::net
