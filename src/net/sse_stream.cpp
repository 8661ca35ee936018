#include "net/sse_stream.h"

#include <utility>

namespace retort::net {
namespace {

std::string OnOneLine(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\r' || c == '\n' || c == '\0') c = ' ';
  }
  return line;
}

}  // namespace

std::string FormatSseEvent(std::string_view data, const SseFields& fields) {
  std::string out;
  out.reserve(data.size() + fields.event.size() + fields.id.size() + 32);
  if (!fields.event.empty()) out.append("event: ").append(OnOneLine(fields.event)).append("\n");
  if (!fields.id.empty()) out.append("id: ").append(OnOneLine(fields.id)).append("\n");
  for (;;) {
    const size_t end = data.find_first_of("\r\n");
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return out.append("\n");
}

std::string FormatSseComment(std::string_view text) { return ": " + OnOneLine(text) + "\n\n"; }

SseStream::SseStream(std::shared_ptr<Responder> responder, SseOptions options)
    : responder_(std::move(responder)) {
  Headers headers = std::move(options.headers);
  headers.Set("Content-Type", "text/event-stream; charset=utf-8");
  headers.Set("Cache-Control", "no-cache");
  headers.Set("X-Accel-Buffering", "no");
  responder_->Start(options.status, headers);
  if (options.ping_seconds > 0) {
    responder_->SetHeartbeat(FormatSseComment("ping"), options.ping_seconds);
  }
}

bool SseStream::Send(std::string_view data, const SseFields& fields) {
  return responder_->Write(FormatSseEvent(data, fields));
}

bool SseStream::Comment(std::string_view text) { return responder_->Write(FormatSseComment(text)); }

bool SseStream::End() { return responder_->End(); }

}  // namespace retort::net
