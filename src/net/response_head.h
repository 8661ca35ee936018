// The bytes in front of a body: status line and headers.
//
//   AppendHead({.status = 200, .keep_alive = true, .length = 2}, headers, &out);
//
// A line break or zero byte in a header's value becomes a blank: no value can begin a header of its
// own. Headers that say how the message is delimited are written here alone; those of the caller
// are left out. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_message.h"

namespace retort::net {

struct HeadFacts {
  int status = 200;
  bool keep_alive = true;
  int minor_version = 1;                // of the request
  std::optional<uint64_t> length = {};  // Content-Length, if it is to be declared
  bool chunked = false;
  std::string_view request_id = {};
};

void AppendHead(const HeadFacts& facts, const Headers& headers, std::string* out);

// Whether a response with this status has a body at all.
bool MayHaveBody(int status);

// One piece of a chunked body; `bytes` must not be empty, which would end it.
void AppendChunk(std::string_view bytes, std::string* out);
constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace retort::net
