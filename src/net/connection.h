// One client's connection: reads requests, hands them to the handler one after the other, writes
// what their exchanges give. Internal to net.
//
// Three things happen to it at any time: bytes come, an engine thread has written something, a time
// is over. Each is one function here that looks at the phase and acts; no coroutine waits for one
// of them while another comes. A read is pending in every phase, so that a client that goes away is
// noticed at once, also while nothing is written.
// All of it runs on its net thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

#include "net/channel.h"
#include "net/exchange.h"
#include "net/request_reader.h"
#include "net/server_state.h"

namespace retort::net {

class Connection;

// The connections of one net thread, owned by it: nobody else holds them but their own operations.
using ConnectionSet = std::unordered_set<std::shared_ptr<Connection>>;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;

  // `admitted`: ServerState::Admit counted it in, so that it counts itself out at its end.
  Connection(std::shared_ptr<ServerState> server, ConnectionSet* set, tcp::socket socket,
             asio::ssl::context* tls, std::string remote_address, bool admitted);
  ~Connection();

  void Start();
  // Answers 503 without having read anything, for connections over a limit.
  void StartRefused();
  // Closes it if it is idle; otherwise it closes itself after its answer.
  void Drain();
  void Close();

 private:
  enum class Phase {
    kHandshake,
    kIdle,    // nothing of a request has come
    kHead,    // a request's headers are coming
    kBody,    // its body is coming
    kAnswer,  // the handler has it
    kRefuse,  // an error of ours is being written, the last thing on this connection
    kLinger,  // waits for the client's end, so that it reads our last bytes before the connection
              // ends
    kClosed,
  };

  // Reading (connection.cpp).
  void BeginRequest(double seconds);
  void ReadMore();
  void OnRead(error_code error, size_t bytes);
  void OnEndOfInput();
  void Parse();
  void EnterBody();
  bool HoldBody(size_t bytes);
  void ReleaseBody();
  void Dispatch();
  void Refuse(const HttpError& error);

  // Writing (connection_write.cpp).
  void OnWake(uint64_t exchange_number);
  void Pump();
  bool Refill();
  void WriteSome();
  void OnWritten(error_code error, size_t bytes);
  void CountWritten(size_t bytes);
  void FinishExchange(bool keep_alive);
  void ReportExchange(bool complete);
  void Linger();
  void CloseIdle();

  // Time (connection_write.cpp).
  void ArmTimer();
  void OnTimer();
  void OnReadTimeout();

  // Runs `work` unless the connection is closed; what it throws (no memory) closes the connection.
  template <class Work>
  void Guarded(Work work) {
    if (phase_ == Phase::kClosed) return;
    try {
      work();
      if (phase_ != Phase::kClosed) ArmTimer();
    } catch (...) {
      Close();
    }
  }

  const std::shared_ptr<ServerState> server_;
  const ServerLimits& limits_;
  ConnectionSet* const set_;
  Channel channel_;
  const std::string remote_address_;
  const bool admitted_;

  Phase phase_ = Phase::kIdle;
  RequestReader reader_;
  std::string read_buffer_;  // where a pending read puts its bytes
  std::string input_;        // bytes that came and are not used up
  bool reading_ = false;
  size_t body_held_ = 0;  // this connection's part of ServerState::body_bytes

  std::shared_ptr<Exchange> exchange_;  // in kAnswer
  uint64_t exchange_number_ = 0;        // tells wakes that come late from those for this one
  ExchangeRecord record_;               // of it
  Time exchange_began_ = {};
  std::string own_output_;  // what is written without an exchange: 100 Continue, refusals
  std::string output_;      // being written
  size_t output_offset_ = 0;
  size_t output_own_ = 0;  // how many of its first bytes are none of the exchange's
  bool writing_ = false;
  bool end_of_input_ = false;

  asio::steady_timer timer_;
  Time timer_at_ = Time::max();   // when it will ring
  Time read_due_ = Time::max();   // what is awaited from the client must have come
  Time body_due_ = Time::max();   // the whole body must have come
  Time write_due_ = Time::max();  // some bytes must have been taken
};

}  // namespace retort::net
