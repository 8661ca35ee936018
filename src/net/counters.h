// What a server has counted since it started, for metrics. A plain value, taken at one moment.
//
//   const ServerCounters now = server.counters();
//   now.connections_open; now.responses[4];  // answers with a status 400 to 499
#pragma once

#include <array>
#include <cstdint>

namespace retort::net {

struct ServerCounters {
  uint64_t connections_open = 0;      // now
  uint64_t connections_accepted = 0;  // those refused not among them
  uint64_t connections_refused = 0;   // for a limit on connections
  uint64_t requests_running = 0;      // now: handed to the handler, not yet answered
  uint64_t requests = 0;              // that reached the handler
  uint64_t requests_refused = 0;     // malformed, too large, too slow: answered without the handler
  uint64_t clients_gone = 0;         // went away before their answer had ended
  uint64_t slow_readers_closed = 0;  // did not take their bytes in time
  std::array<uint64_t, 6> responses = {};  // by the first digit of the status
  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;
};

}  // namespace retort::net
