#include "net/http_message.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "net/trimmed.h"

namespace retort::net {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = Lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

const std::string* FindParameter(const std::vector<Parameter>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Parameter::name);
  return found == all.end() ? nullptr : &found->value;
}

bool ParseQuery(std::string_view text, std::vector<Parameter>* query) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    auto name = PercentDecode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::string()
                                                  : PercentDecode(pair.substr(equals + 1), true);
    if (!name || !value) return false;
    query->push_back({*std::move(name), *std::move(value)});
  }
  return true;
}

// "http://host/path" -> "/path", as proxies are asked and servers must understand.
std::string_view WithoutOrigin(std::string_view target) {
  const size_t colon = target.find("://");
  if (colon == std::string_view::npos) return target;
  const std::string_view scheme = target.substr(0, colon);
  if (!EqualIgnoringCase(scheme, "http") && !EqualIgnoringCase(scheme, "https")) return target;
  const size_t path = target.find_first_of("/?", colon + 3);
  if (path == std::string_view::npos) return "/";
  return target[path] == '/' ? target.substr(path) : target;
}

}  // namespace

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Lower, Lower);
}

const std::string* Headers::Find(std::string_view name) const {
  for (const Header& header : headers_) {
    if (EqualIgnoringCase(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::string_view Headers::Get(std::string_view name, std::string_view otherwise) const {
  const std::string* value = Find(name);
  return value ? std::string_view(*value) : otherwise;
}

size_t Headers::Count(std::string_view name) const {
  return static_cast<size_t>(std::ranges::count_if(
      headers_, [&](const Header& header) { return EqualIgnoringCase(header.name, name); }));
}

bool Headers::HasToken(std::string_view name, std::string_view token) const {
  for (const Header& header : headers_) {
    if (!EqualIgnoringCase(header.name, name)) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const std::string_view item = rest.substr(0, rest.find(','));
      if (EqualIgnoringCase(Trimmed(item), token)) return true;
      rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    }
  }
  return false;
}

void Headers::Add(std::string_view name, std::string_view value) {
  headers_.push_back({std::string(name), std::string(value)});
}

void Headers::Set(std::string_view name, std::string_view value) {
  Remove(name);
  Add(name, value);
}

void Headers::Remove(std::string_view name) {
  std::erase_if(headers_,
                [&](const Header& header) { return EqualIgnoringCase(header.name, name); });
}

const std::string* Request::Query(std::string_view name) const {
  return FindParameter(query, name);
}

const std::string* Request::PathParam(std::string_view name) const {
  return FindParameter(path_params, name);
}

std::string_view StatusText(int status) {
  static constexpr std::pair<int, std::string_view> kTexts[] = {
      {100, "Continue"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {499, "Client Closed Request"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  };
  for (const auto& [code, text] : kTexts) {
    if (code == status) return text;
  }
  return "Unknown";
}

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      if (at + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[at + 1]), low = HexDigit(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      at += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    decoded += c;
  }
  if (ValidUtf8Prefix(decoded) != decoded.size()) return std::nullopt;
  return decoded;
}

std::string_view PathOfTarget(std::string_view target) {
  return target.substr(0, target.find_first_of("?#"));
}

bool ParseTarget(Request* request) {
  request->target = std::string(WithoutOrigin(request->target));
  const std::string_view target = request->target;
  if (target == "*" && request->method == "OPTIONS") {  // asks about the server as a whole
    request->path = "*";
    return true;
  }
  if (!target.starts_with('/')) return false;
  const std::string_view raw_path = PathOfTarget(target);
  auto path = PercentDecode(raw_path);
  if (!path) return false;
  request->path = *std::move(path);
  std::string_view rest = target.substr(raw_path.size());
  rest = rest.substr(0, rest.find('#'));
  return rest.empty() || ParseQuery(rest.substr(1), &request->query);
}

}  // namespace retort::net
