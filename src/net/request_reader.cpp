#include "net/request_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "net/http_parser.h"

namespace retort::net {
namespace {

// The parser joins such lines; others take the second for a header of its own.
bool HasFoldedLine(std::string_view head) {
  return head.find("\n ") != std::string_view::npos || head.find("\n\t") != std::string_view::npos;
}

}  // namespace

// Made anew for each request: Beast's cannot be used twice.
struct RequestReader::Parser {
  explicit Parser(const RequestLimits& limits) {
    parser.eager(false);  // so that the headers are judged before any of the body is kept
    parser.header_limit(static_cast<uint32_t>(limits.header_bytes));
    parser.body_limit(limits.body_bytes);
  }

  http::request_parser<PlainBody> parser;
};

RequestReader::RequestReader(const RequestLimits& limits) : limits_(limits) {}
RequestReader::~RequestReader() = default;

void RequestReader::Reset() {
  state_ = State::kStart;
  request_ = {};
  expects_continue_ = false;
  parser_.reset();
}

Request RequestReader::Take() {
  Request request = std::move(request_);
  Reset();
  return request;
}

size_t RequestReader::Feed(std::string_view bytes) {
  size_t used = 0;
  if (state_ == State::kStart) {
    // Old clients end a body with a line break too many.
    used = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    if (used == bytes.size()) return used;
    state_ = State::kHead;
    parser_ = std::make_unique<Parser>(limits_);
  }
  auto& parser = parser_->parser;
  while (state_ == State::kHead || state_ == State::kBody) {
    boost::beast::error_code error;
    const size_t before = used;
    used += parser.put(boost::asio::buffer(bytes.substr(used)), error);
    if (state_ == State::kHead && HasFoldedLine(bytes.substr(before, used - before))) {
      Refuse(400, "folded_header", "a header goes on in a second line, which is read in two ways");
      return used;
    }
    if (error == http::error::need_more) {
      // A chunk's own header, or what follows the last chunk, has no limit in the parser.
      if (bytes.size() - used > limits_.header_bytes) {
        Refuse(400, "bad_chunk", "a chunk of the body has a header that does not end");
      }
      return used;
    }
    if (error) {
      RefuseParserError(error.value());
      return used;
    }
    const bool head_is_new = state_ == State::kHead && parser.is_header_done();
    if (head_is_new) OnHead();
    if (state_ == State::kRefused) return used;
    if (parser.is_done()) {
      request_.body = std::move(parser.get().body());
      state_ = State::kDone;
    } else if (head_is_new || used == bytes.size()) {
      break;
    }
  }
  return used;
}

void RequestReader::OnHead() {
  const auto& head = parser_->parser.get();
  request_.method = std::string(head.method_string());
  request_.target = std::string(head.target());
  request_.minor_version = head.version() >= 11 ? 1 : 0;
  for (const auto& field : head) {
    request_.headers.Add({field.name_string().data(), field.name_string().size()},
                         {field.value().data(), field.value().size()});
  }
  // Now: a chunked body may be followed by further fields, which must not change what the head
  // says.
  keep_alive_ = parser_->parser.keep_alive();
  state_ = State::kBody;
  if (request_.target.size() > limits_.target_bytes) {
    return Refuse(414, "uri_too_long",
                  fmt::format("the request's address has {} bytes; at most {} are taken",
                              request_.target.size(), limits_.target_bytes));
  }
  if (!CheckLength() || !CheckHost() || !CheckExpect()) return;
  const std::string target = request_.target;
  if (request_.method == "CONNECT") {
    return Refuse(501, "unsupported_method", "this server is no proxy: CONNECT is not served");
  }
  if (!ParseTarget(&request_)) {
    Refuse(400, "bad_target",
           fmt::format("the request's address {} is no path with valid %-escapes and UTF-8",
                       Quoted(target)));
  }
}

// Whoever stands in front of this server must find the end of a body at the same byte.
bool RequestReader::CheckLength() {
  const Headers& headers = request_.headers;
  const size_t lengths = headers.Count("Content-Length");
  const size_t codings = headers.Count("Transfer-Encoding");
  if (lengths + codings > 1) {
    Refuse(400, "ambiguous_length",
           fmt::format("the request declares the length of its body {} times", lengths + codings));
    return false;
  }
  if (lengths == 1) {
    const std::string_view text = headers.Get("Content-Length");
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
      Refuse(400, "bad_length", fmt::format("Content-Length {} is no number", Quoted(text)));
      return false;
    }
  }
  if (codings == 0) return true;
  const std::string_view coding = headers.Get("Transfer-Encoding");
  if (request_.minor_version == 0) {
    Refuse(400, "ambiguous_length", "HTTP/1.0 knows no Transfer-Encoding");
    return false;
  }
  if (!EqualIgnoringCase(coding, "chunked")) {
    Refuse(501, "unsupported_coding",
           fmt::format("Transfer-Encoding {} is not served; send 'chunked'", Quoted(coding)));
    return false;
  }
  return true;
}

bool RequestReader::CheckHost() {
  const size_t hosts = request_.headers.Count("Host");
  if (hosts == 1 || (hosts == 0 && request_.minor_version == 0)) return true;
  Refuse(400, "bad_host", fmt::format("the request has {} Host headers; it needs one", hosts));
  return false;
}

bool RequestReader::CheckExpect() {
  const std::string* expectation = request_.headers.Find("Expect");
  if (!expectation || request_.minor_version == 0) return true;
  if (!EqualIgnoringCase(*expectation, "100-continue")) {
    Refuse(417, "unknown_expectation",
           fmt::format("Expect: {} is not known; only 100-continue is", Quoted(*expectation)));
    return false;
  }
  expects_continue_ = true;
  return true;
}

void RequestReader::Refuse(int status, std::string_view code, std::string message) {
  state_ = State::kRefused;
  error_ = {.status = status, .code = std::string(code), .message = std::move(message)};
}

void RequestReader::RefuseParserError(int code) {
  using http::error;
  switch (static_cast<error>(code)) {
    case error::header_limit:
      return Refuse(431, "headers_too_large",
                    fmt::format("the request's headers have more than {} bytes, which are the most "
                                "that are taken",
                                limits_.header_bytes));
    case error::body_limit:
      return Refuse(413, "payload_too_large",
                    fmt::format("the request's body has more than {} bytes, which are the most "
                                "that are taken",
                                limits_.body_bytes));
    case error::bad_version:
      return Refuse(505, "unsupported_version", "only HTTP/1.0 and HTTP/1.1 are served");
    case error::bad_content_length:
    case error::bad_transfer_encoding:
      return Refuse(400, "ambiguous_length",
                    "the request declares the length of its body wrongly, or twice");
    default: {
      const boost::beast::error_code parser_error = static_cast<error>(code);
      return Refuse(400, "bad_request",
                    fmt::format("this is no HTTP/1.1 request: {}", parser_error.message()));
    }
  }
}

}  // namespace retort::net
