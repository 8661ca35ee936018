// Server-sent events, as browsers and the clients of OpenAI's interface read them.
//
//   SseStream stream(responder, {.ping_seconds = 15});
//   stream.Send(json);                    // data: {...}
//   stream.Send("line one\nline two", {.event = "delta"});
//   stream.Send("[DONE]");
//   stream.End();
//
// Each event is one Write and arrives whole. Line breaks (LF, CR or CRLF) in data are sent as lines
// of their own, as the format asks; in names, ids and comments they become blanks. While nothing is
// sent, a comment goes out every so many seconds, so that no proxy takes the stream for dead.
// Calls return false when nobody reads any more. Errors: none. As thread-safe as the responder.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/responder.h"

namespace retort::net {

struct SseOptions {
  int status = 200;
  Headers headers = {};      // beside the content type and what keeps proxies from buffering
  double ping_seconds = 15;  // 0: no pings
};

struct SseFields {
  std::string_view event = {};  // left out if empty
  std::string_view id = {};
};

// "event: delta\nid: 7\ndata: line one\ndata: line two\n\n"
std::string FormatSseEvent(std::string_view data, const SseFields& fields = {});
// ": still there\n\n"
std::string FormatSseComment(std::string_view text);

class SseStream {
 public:
  // Starts the answer.
  explicit SseStream(std::shared_ptr<Responder> responder, SseOptions options = {});

  bool Send(std::string_view data, const SseFields& fields = {});
  bool Comment(std::string_view text);
  bool End();

  Responder& responder() { return *responder_; }

 private:
  std::shared_ptr<Responder> responder_;
};

}  // namespace retort::net
