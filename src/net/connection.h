// One client's connection: reads requests, hands them to the handler one after the other, writes
// what their exchanges give. Internal to net.
//
//   std::make_shared<Connection>(server, &connections, std::move(socket), tls, address, true)
//       ->Start();                                            // keeps itself until it is over
//
// Two coroutines on one net thread. Serve is the connection's life in the order in which it goes.
// Receive reads at all times, so that a client that goes away is noticed at once, also while
// nothing is written. Serve waits at bell_ for all that can happen to it; where it waits for one
// operation alone, a deadline cuts the connection if that takes too long.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "net/after.h"
#include "net/channel.h"
#include "net/coroutine.h"
#include "net/exchange.h"
#include "net/request_reader.h"
#include "net/server_state.h"

namespace retort::net {

class Connection;

// The connections of one net thread. Each is in it from its first step to its last.
using ConnectionSet = std::unordered_set<std::shared_ptr<Connection>>;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;

  // `admitted`: ServerState::Admit counted it in, so that it counts itself out at its end; if it
  // did not, the client is told that there are too many.
  Connection(std::shared_ptr<ServerState> server, ConnectionSet* set, Socket socket,
             asio::ssl::context* tls, std::string remote_address, bool admitted);
  ~Connection();

  void Start();
  // The server drains: if it is idle it closes, otherwise it does so after its answer.
  void Drain() { bell_.Ring(); }
  // Ends it at once: what is awaited of the client fails, and Serve comes to its end.
  void Cut();

 private:
  // The whole of it (connection.cpp).
  Task<> Live();
  Task<> Serve();
  Task<bool> Greet();
  Task<> Linger();
  Timer CutAfter(double seconds, std::atomic<uint64_t>* counter = nullptr);

  // Requests (connection_read.cpp). Where a Task<bool> is false, the connection is to end, and the
  // client has been told why if it asked for anything.
  Task<> Receive();
  Task<bool> MoreInput(Time due);
  RequestReader::State Parse();
  Task<bool> ReceiveRequest(double patience);
  Task<bool> AwaitFirstByte(Time due);
  Task<bool> ReceiveBody();
  bool HoldBody(size_t bytes);
  void ReleaseBody();
  Task<bool> TooSlow(const char* part);
  Task<bool> Refuse(const HttpError& error);
  std::string Refusal(const HttpError& error);

  // Answers (connection_write.cpp).
  Task<bool> Answer();
  void Dispatch();
  void OnWake();
  Task<bool> Write(std::string_view bytes);
  void EndExchange(bool complete);

  const std::shared_ptr<ServerState> server_;
  const ServerLimits& limits_;
  ConnectionSet* const set_;
  Channel channel_;
  const std::string remote_address_;
  const bool admitted_;

  Bell bell_;             // Serve waits here
  Bell room_;             // and Receive here, for input_ to shrink
  std::string input_;     // bytes that came and are not used up
  bool over_ = false;     // no more will come
  bool deaf_ = false;     // nobody will look at what comes
  bool writing_ = false;  // Serve waits for the client to take bytes
  RequestReader reader_;
  size_t body_held_ = 0;  // this connection's part of ServerState::body_bytes

  std::shared_ptr<Exchange> exchange_;  // from the handler's call to the answer's end
  ExchangeRecord record_;               // of it
  Time exchange_began_ = {};
  std::string output_;  // of it, being written
};

}  // namespace retort::net
