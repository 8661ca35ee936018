#include "serve/access.h"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace retort::serve {
namespace {

// In a time that depends on the lengths alone.
bool SameKey(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned char>(a[i] ^ other);
  }
  return difference == 0;
}

std::vector<std::string> ReadKeys(const std::string& path) {
  std::ifstream file(path);
  if (!file) Fail(ErrorCode::kNotFound, "{}: the file of keys cannot be read", path);
  std::vector<std::string> keys;
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty() && line.front() != '#') keys.push_back(line);
  }
  if (keys.empty()) {
    Fail(ErrorCode::kCorrupt, "{}: there is no key in the file; write one a line", path);
  }
  return keys;
}

// Of "localhost:7860", "[::1]:7860", "127.0.0.1".
std::string_view WithoutPort(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool IsLoopbackName(std::string_view host) {
  const bool is_address = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return net::EqualIgnoringCase(host, "localhost") || host.ends_with(".localhost") ||
         host == "[::1]" || (is_address && host.starts_with("127."));
}

std::string_view KeyOf(const net::Request& request) {
  const std::string_view value = request.headers.Get("authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (value.size() > kBearer.size() &&
      net::EqualIgnoringCase(value.substr(0, kBearer.size()), kBearer)) {
    return value.substr(kBearer.size());
  }
  return request.headers.Get("x-api-key");
}

}  // namespace

Access::Access(AccessOptions options)
    : options_(std::move(options)),
      needs_key_(!options_.keys.empty() || !options_.keys_file.empty()),
      keys_file_({options_.keys_file}) {
  if (!options_.keys_file.empty()) file_keys_ = ReadKeys(options_.keys_file);
}

bool Access::Reload() {
  if (!keys_file_.HaveChanged()) return false;
  std::vector<std::string> keys = ReadKeys(options_.keys_file);
  const std::lock_guard lock(mutex_);
  file_keys_ = std::move(keys);
  return true;
}

bool Access::KnowsKey(const net::Request& request) const {
  const std::string_view key = KeyOf(request);
  const std::lock_guard lock(mutex_);
  bool known = false;
  for (const auto* keys : {&options_.keys, &file_keys_}) {
    for (const std::string& each : *keys) known = SameKey(key, each) || known;
  }
  return known && !key.empty();
}

bool Access::AllowsHost(const net::Request& request) const {
  if (options_.any_host || needs_key_) return true;
  const std::string_view host = WithoutPort(request.headers.Get("host"));
  if (host.empty() || IsLoopbackName(host)) return true;
  return std::any_of(options_.hosts.begin(), options_.hosts.end(),
                     [&](const std::string& name) { return net::EqualIgnoringCase(name, host); });
}

bool Access::AllowsOrigin(const net::Request& request) const {
  const std::string_view origin = request.headers.Get("origin");
  if (origin.empty()) return true;
  const size_t scheme = origin.find("://");
  if (scheme != std::string_view::npos &&
      net::EqualIgnoringCase(origin.substr(scheme + 3), request.headers.Get("host"))) {
    return true;
  }
  return std::any_of(options_.origins.begin(), options_.origins.end(),
                     [&](const std::string& each) { return each == "*" || each == origin; });
}

std::optional<api::ErrorReport> Access::Check(const net::Request& request) const {
  if (request.path == "/livez" || request.path == "/readyz") return std::nullopt;
  api::ErrorReport report{.status = 403, .message = {}, .request_id = request.id};
  if (!AllowsHost(request)) {
    report.code = "host_not_allowed";
    report.message = fmt::format(
        "this server does not answer to the name {}; start it with "
        "--allow-host {}",
        request.headers.Get("host"), WithoutPort(request.headers.Get("host")));
    return report;
  }
  if (!AllowsOrigin(request)) {
    report.code = "origin_not_allowed";
    report.message = fmt::format("pages of {} may not ask this server; start it with --cors {}",
                                 request.headers.Get("origin"), request.headers.Get("origin"));
    return report;
  }
  // A browser asks what it may do before it shows its key.
  if (!needs_key_ || request.method == "OPTIONS" || KnowsKey(request)) return std::nullopt;
  report.status = 401;
  report.code = "invalid_api_key";
  report.message = KeyOf(request).empty() ? "a key is needed: send Authorization: Bearer KEY"
                                          : "the key is not one of this server's";
  return report;
}

net::Headers Access::CorsHeaders(const net::Request& request) const {
  const std::string_view origin = request.headers.Get("origin");
  if (origin.empty() || options_.origins.empty() || !AllowsOrigin(request)) return {};
  net::Headers headers;
  headers.Add("Access-Control-Allow-Origin", origin);
  headers.Add("Vary", "Origin");
  headers.Add("Access-Control-Expose-Headers", "X-Request-Id, X-Retort-Warning, Retry-After");
  if (request.method == "OPTIONS") {
    headers.Add("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS");
    headers.Add("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Api-Key");
    headers.Add("Access-Control-Max-Age", "600");
  }
  return headers;
}

}  // namespace retort::serve
