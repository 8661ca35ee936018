// One request's answer on its way from any thread to the connection's net thread: bytes wait here,
// framed as the connection will send them.
//
//   exchange->Write(piece);                                    // any thread: queues and wakes
//   const Exchange::Output output = exchange->Take(&bytes);    // net thread: all that has queued
//   exchange->Written(n);                                      // and how far it has got
//
// While nothing waits and the net thread does not write, a Write goes to the socket at once, as far
// as the system takes it without waiting: nearly all pieces of a stream do, and are spared the way
// over a queue and another thread. Whoever writes, only one does at a time.
//
// Internal to net; net/responder.h is what handlers see of it. Thread-safe; a mutex is held for
// copies of bytes and for such a send, and never while a callback runs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "net/http_message.h"
#include "net/responder.h"
#include "net/server_state.h"

namespace retort::net {

struct ExchangeFacts {
  std::string id = {};
  bool head_only = false;  // the request was a HEAD
  bool keep_alive = true;  // what the client wants
  int minor_version = 1;
  int socket = -1;  // for writers; -1: the net thread alone writes, as it must with TLS
};

class Exchange {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Output {
    bool ended = false;       // nothing follows what was taken
    bool aborted = false;     // cut the connection once what was taken is written
    bool slow = false;        // cut it at once, for the reader is too far behind
    bool keep_alive = false;  // valid once ended
  };

  // `wake` asks the net thread to Take; called under the mutex, so it must only post.
  Exchange(std::shared_ptr<ServerState> server, ExchangeFacts facts, std::function<void()> wake);

  // The handle for handlers; when it goes, so does the chance to answer.
  static std::shared_ptr<Responder> MakeResponder(std::shared_ptr<Exchange> exchange);

  // From any thread; see Responder.
  bool Send(Response response);
  bool Start(int status, const Headers& headers);
  bool Write(std::string_view bytes);
  bool End();
  bool Abort();
  void SetHeartbeat(std::string bytes, double seconds);
  void OnClosed(std::function<void()> callback);
  bool closed() const;
  size_t pending_bytes() const;
  // Nobody will answer any more: 500 or a cut.
  void GiveUp(std::string_view why);

  // From the net thread. Take replaces *bytes, whose memory serves for what comes next.
  // Look answers a wake that comes while a write is under way.
  Output Take(std::string* bytes);
  Output Look();
  void Written(size_t bytes);
  bool ended() const;
  int status() const;
  uint64_t sent_bytes() const;  // that the system has taken
  // Writes the heartbeat if it is due; returns when the next one is, Time::max() for never.
  Time Beat(Time now);
  // The socket is about to be closed: only the net thread writes from here on.
  void ForgetSocket();
  // The connection is gone: wakes no more, and calls OnClosed's callback unless the answer has
  // ended.
  void Detach();

 private:
  bool open() const { return wake_ && !ended_ && !aborted_; }
  void BeginHead(int status, const Headers& headers, std::optional<uint64_t> length);
  void Wake(bool at_once = false);
  std::function<void()> Finish();
  void SendNow();

  const std::shared_ptr<ServerState> server_;
  const ExchangeFacts facts_;

  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::function<void()> on_closed_;
  std::string pending_;
  int socket_;           // -1: writers may not send
  uint64_t sent_ = 0;    // bytes that the system has taken
  size_t taken_ = 0;     // bytes that the net thread has and the system has not
  bool taking_ = false;  // the net thread will Take again by itself
  bool waking_ = false;  // a wake is on its way
  int status_ = 0;       // of the answer; 0 before it has begun
  bool has_body_ = true;
  bool chunked_ = false;
  bool keep_alive_ = false;
  bool ended_ = false;
  bool aborted_ = false;
  bool slow_ = false;
  bool detached_ = false;
  std::string heartbeat_;
  std::chrono::duration<double> heartbeat_interval_{0};
  Time last_write_;
};

}  // namespace retort::net
