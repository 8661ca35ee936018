// The answer to one request, from whichever thread has it.
//
//   responder->Send({.status = 200, .body = "done"});            // all at once, or
//   responder->Start(200, {{"Content-Type", "text/plain"}});     // piece by piece:
//   while (More()) if (!responder->Write(piece)) break;          // false: nobody reads any more
//   responder->End();
//
// No call blocks and none throws for what the client does: bytes are queued, and everything that
// came in while one write was on its way goes out in the next. Calls return false when they have no
// effect, because the client is gone or the answer was given already (the first one counts).
// A Write that finds more than ServerLimits::unsent_bytes unsent cuts a reader off that is too
// slow: who writes faster than any network, and who writes in the handler itself, where nothing is
// sent before it returns, looks at pending_bytes(). When the last reference goes, an answer that
// was never begun becomes a 500 and one that was never ended is cut off, which the client sees as
// such. Thread-safe; pieces of one answer should come from one thread, for the sake of their order.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "net/http_message.h"

namespace retort::net {

class Responder {
 public:
  virtual ~Responder() = default;

  virtual bool Send(Response response) = 0;

  virtual bool Start(int status, const Headers& headers) = 0;
  virtual bool Write(std::string_view bytes) = 0;
  virtual bool End() = 0;
  // Cuts the connection, so that the client knows that it has not got everything.
  virtual bool Abort() = 0;

  // Writes `bytes` whenever a started answer has been silent for so many seconds; the pieces given
  // to Write stay whole. 0 seconds: no more.
  virtual void SetHeartbeat(std::string bytes, double seconds) = 0;

  // Calls back once, on the net thread, when the client goes away before the answer has ended; at
  // once and on this thread if it already has. Must not block. The callback is dropped when the
  // answer ends; until then it must not own this responder.
  virtual void OnClosed(std::function<void()> callback) = 0;
  virtual bool closed() const = 0;

  // Bytes that were written here and not yet taken by the operating system.
  virtual size_t pending_bytes() const = 0;
};

}  // namespace retort::net
