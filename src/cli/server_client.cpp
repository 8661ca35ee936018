#include "cli/server_client.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// "https://host:port", with or without a slash at its end.
net::ClientOptions ParseUrl(const std::string& url) {
  net::ClientOptions options{.silence_seconds = 600};
  std::string rest = url;
  if (rest.starts_with("https://")) {
    options.tls = true;
    options.port = 443;
    rest = rest.substr(8);
  } else if (rest.starts_with("http://")) {
    rest = rest.substr(7);
  } else {
    Fail(ErrorCode::kInvalidArgument, "{} is no address of a server; write http://HOST:PORT", url);
  }
  while (rest.ends_with('/')) rest.pop_back();
  const size_t colon = rest.rfind(':');
  const bool has_port = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
  if (has_port) {
    const char* end = rest.data() + rest.size();
    const auto [last, error] = std::from_chars(rest.data() + colon + 1, end, options.port);
    if (error != std::errc() || last != end) {
      Fail(ErrorCode::kInvalidArgument, "{}: {} is no port", url, rest.substr(colon + 1));
    }
    rest.resize(colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) Fail(ErrorCode::kInvalidArgument, "{} names no host", url);
  options.host = rest;
  return options;
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

ServerClient::ServerClient(const std::string& url, std::string key)
    : url_(url), key_(std::move(key)), client_(std::make_unique<net::HttpClient>(ParseUrl(url))) {}

net::Response ServerClient::Send(const std::string& method, const std::string& path) {
  net::ClientRequest request{.method = method, .target = path};
  if (!key_.empty()) request.headers.Set("Authorization", "Bearer " + key_);
  if (method == "POST") {
    request.headers.Set("Content-Type", "application/json");
    request.body = "{}";
  }
  try {
    return client_->Send(request);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnavailable) throw;
    Fail(ErrorCode::kUnavailable,
         "no server answers at {} ({}); start one with `retort serve MODEL`, or give --url", url_,
         error.what());
  }
}

Json ServerClient::Ask(const std::string& method, const std::string& path) {
  const net::Response response = Send(method, path);
  Json body = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (response.status == 200 && !body.is_discarded()) return body;
  std::string message = fmt::format("it answered {} with the status {}", path, response.status);
  if (body.is_object() && body.contains("error") && body["error"].is_object()) {
    message = body["error"].value("message", message);
  }
  Fail(response.status == 404 ? ErrorCode::kNotFound : ErrorCode::kUnavailable, "{}: {}", url_,
       message);
}

Json ServerClient::Get(const std::string& path) { return Ask("GET", path); }
Json ServerClient::Post(const std::string& path) { return Ask("POST", path); }
int ServerClient::StatusOf(const std::string& path) { return Send("GET", path).status; }

std::string EncodePathPart(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string DefaultServerUrl() {
  const std::string url = Environment("RETORT_URL");
  return url.empty() ? "http://127.0.0.1:7860" : url;
}

std::string ServerKey() { return Environment("RETORT_API_KEY"); }

}  // namespace retort
