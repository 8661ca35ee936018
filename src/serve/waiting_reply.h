// A stream of events whose model is still being loaded: after some seconds its head is sent, so
// that comments can tell the client, and whatever stands between, that somebody is there.
//
//   const auto waiting = WaitingReply::Begin(call, 5);
//   ...                                                   // the model is there, or an error
//   const bool head_sent = waiting->Take();               // from here on the reply is the caller's
//
// Thread-safe.
#pragma once

#include <memory>
#include <mutex>

#include "serve/context.h"

namespace retort::serve {

class WaitingReply : public std::enable_shared_from_this<WaitingReply> {
 public:
  static std::shared_ptr<WaitingReply> Begin(const Call& call, double seconds);
  explicit WaitingReply(const Call& call) : call_(call) {}

  // Whether the head has been sent; nothing more is from here on.
  bool Take();

 private:
  void SendHead();

  const Call call_;
  std::mutex mutex_;
  bool sent_ = false, taken_ = false;
};

// What a stream of server-sent events begins with.
void StartEventStream(net::Responder& responder, net::Headers headers, double ping_s);

}  // namespace retort::serve
