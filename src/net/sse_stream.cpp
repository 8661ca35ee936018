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
  out += "data: ";
  // JSON, nearly always: one line. (find_first_of would call memchr for every byte.)
  if (data.find('\n') == std::string_view::npos && data.find('\r') == std::string_view::npos) {
    return out.append(data).append("\n\n");
  }
  for (size_t at = 0; at < data.size(); ++at) {
    if (data[at] != '\n' && data[at] != '\r') {
      out += data[at];
      continue;
    }
    if (data.substr(at).starts_with("\r\n")) ++at;
    out += "\ndata: ";
  }
  return out.append("\n\n");
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
