#include "net/response_head.h"

#include <fmt/format.h>

#include <ctime>
#include <iterator>

namespace retort::net {
namespace {

bool IsOurs(std::string_view name) {
  for (const std::string_view ours : {"Connection", "Content-Length", "Transfer-Encoding", "Date",
                                      "Keep-Alive", "X-Request-Id"}) {
    if (EqualIgnoringCase(name, ours)) return true;
  }
  return false;
}

void AppendHeader(std::string_view name, std::string_view value, std::string* out) {
  out->append(name).append(": ");
  for (const char c : value) out->push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  out->append("\r\n");
}

// "Date: Sun, 06 Nov 1994 08:49:37 GMT", by hand: strftime's names follow the locale.
void AppendDate(std::string* out) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm time = {};
  gmtime_r(&now, &time);
  fmt::format_to(std::back_inserter(*out), "Date: {}, {:02} {} {} {:02}:{:02}:{:02} GMT\r\n",
                 kDays[time.tm_wday], time.tm_mday, kMonths[time.tm_mon], time.tm_year + 1900,
                 time.tm_hour, time.tm_min, time.tm_sec);
}

}  // namespace

bool MayHaveBody(int status) { return status >= 200 && status != 204 && status != 304; }

void AppendHead(const HeadFacts& facts, const Headers& headers, std::string* out) {
  fmt::format_to(std::back_inserter(*out), "HTTP/1.1 {} {}\r\n", facts.status,
                 StatusText(facts.status));
  for (const Header& header : headers) {
    if (!IsOurs(header.name)) AppendHeader(header.name, header.value, out);
  }
  AppendDate(out);
  if (!facts.request_id.empty()) AppendHeader("X-Request-Id", facts.request_id, out);
  if (facts.length) {
    fmt::format_to(std::back_inserter(*out), "Content-Length: {}\r\n", *facts.length);
  }
  if (facts.chunked) out->append("Transfer-Encoding: chunked\r\n");
  if (!facts.keep_alive) {
    out->append("Connection: close\r\n");
  } else if (facts.minor_version == 0) {
    out->append("Connection: keep-alive\r\n");
  }
  out->append("\r\n");
}

void AppendChunk(std::string_view bytes, std::string* out) {
  fmt::format_to(std::back_inserter(*out), "{:x}\r\n", bytes.size());
  out->append(bytes).append("\r\n");
}

}  // namespace retort::net
