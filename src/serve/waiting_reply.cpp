#include "serve/waiting_reply.h"

#include <utility>

#include "net/sse_stream.h"

namespace retort::serve {

void StartEventStream(net::Responder& responder, net::Headers headers, double ping_s) {
  headers.Set("Content-Type", "text/event-stream; charset=utf-8");
  headers.Set("Cache-Control", "no-cache");
  headers.Set("X-Accel-Buffering", "no");  // nginx would keep events back
  responder.Start(200, headers);
  responder.SetHeartbeat(net::FormatSseComment("still there"), ping_s);
}

std::shared_ptr<WaitingReply> WaitingReply::Begin(const Call& call, double seconds) {
  auto waiting = std::make_shared<WaitingReply>(call);
  call.context->pool->PostAfter(seconds, [weak = std::weak_ptr(waiting)] {
    if (const auto reply = weak.lock()) reply->SendHead();
  });
  return waiting;
}

void WaitingReply::SendHead() {
  const std::lock_guard lock(mutex_);
  if (taken_) return;
  sent_ = true;
  StartEventStream(*call_.responder, call_.headers, call_.context->options.ping_s);
}

bool WaitingReply::Take() {
  const std::lock_guard lock(mutex_);
  taken_ = true;
  return sent_;
}

}  // namespace retort::serve
