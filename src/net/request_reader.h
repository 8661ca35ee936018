// Requests out of the bytes of a connection, strictly: what two readers could understand in two
// ways is refused. Pure: no sockets, no clock.
//
//   RequestReader reader(limits);
//   const size_t used = reader.Feed(bytes);       // drop so many; what is left comes again, with
//   more if (reader.state() == RequestReader::State::kDone) Handle(reader.Take()); if
//   (reader.state() == RequestReader::State::kRefused) Answer(reader.error());
//
// However the bytes are cut, the same requests come out. Errors are states, with the status to
// answer with; after one the connection cannot be used any further. Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "net/http_error.h"
#include "net/http_message.h"

namespace retort::net {

struct RequestLimits {
  size_t target_bytes = 8 << 10;   // 414 above
  size_t header_bytes = 64 << 10;  // with the request line; 431 above
  size_t body_bytes = 32 << 20;    // 413 above, before any of it is kept if the length is declared
};

class RequestReader {
 public:
  enum class State {
    kStart,    // nothing of a request has come
    kHead,     // in the midst of its headers
    kBody,     // the headers are there and good, a body follows
    kDone,     // a whole request: Take it
    kRefused,  // see error()
  };

  explicit RequestReader(const RequestLimits& limits);
  ~RequestReader();

  // Returns how many of the bytes are used up. Stops when the state becomes kBody for the first
  // time (so that the caller can send "100 Continue"), kDone or kRefused: call again in kBody.
  size_t Feed(std::string_view bytes);

  State state() const { return state_; }
  const HttpError& error() const { return error_; }
  bool expects_continue() const { return expects_continue_; }  // the client waits for a 100
  bool keep_alive() const { return keep_alive_; }

  // In kDone; the reader is then ready for the next request.
  Request Take();
  // Forgets what has come of a request; error() stays.
  void Reset();

 private:
  struct Parser;

  void OnHead();
  bool CheckLength();
  bool CheckHost();
  bool CheckExpect();
  void Refuse(int status, std::string_view code, std::string message);
  void RefuseParserError(int code);

  RequestLimits limits_;
  State state_ = State::kStart;
  HttpError error_;
  Request request_;
  bool expects_continue_ = false;
  bool keep_alive_ = false;
  std::unique_ptr<Parser> parser_;
};

}  // namespace retort::net
