#include "net/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace retort::net {
namespace {

// "/a//b" -> "a", "", "b"
std::vector<std::string_view> SplitPath(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    parts.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(parts.back().size());
  }
  return parts;
}

}  // namespace

Router::Router(ErrorHook error_response) : error_response_(std::move(error_response)) {}

std::vector<Router::Part> Router::ParsePattern(std::string_view pattern) {
  const auto fail = [&](const char* what) {
    Fail(ErrorCode::kInvalidArgument,
         "the route {} {}; write it like /v1/models/{{id}} or /assets/{{rest...}}", Quoted(pattern),
         what);
  };
  if (!pattern.starts_with('/')) fail("does not begin with a slash");
  std::vector<Part> parts;
  for (std::string_view part : SplitPath(pattern)) {
    if (!parts.empty() && parts.back().kind == Part::Kind::kRest) {
      fail("goes on behind the rest of the path");
    }
    const bool braces = part.size() > 2 && part.starts_with('{') && part.ends_with('}');
    if (!braces) {
      if (part.find_first_of("{}?#") != std::string_view::npos) fail("has a malformed part");
      parts.push_back({Part::Kind::kLiteral, std::string(part)});
      continue;
    }
    part = part.substr(1, part.size() - 2);
    const bool rest = part.ends_with("...");
    if (rest) part.remove_suffix(3);
    if (part.empty()) fail("has a part without a name");
    parts.push_back({rest ? Part::Kind::kRest : Part::Kind::kName, std::string(part)});
  }
  return parts;
}

void Router::Add(std::string_view method, std::string_view pattern, Handler handler) {
  Entry entry = {.route = {std::string(method), std::string(pattern)},
                 .parts = ParsePattern(pattern),
                 .handler = std::move(handler)};
  for (const Entry& other : entries_) {
    if (other.route.method == method && !GoesBefore(other, entry) && !GoesBefore(entry, other)) {
      Fail(ErrorCode::kInvalidArgument,
           "two routes answer {} {}: the other is {}; keep one of them", method, Quoted(pattern),
           Quoted(other.route.pattern));
    }
  }
  entries_.push_back(std::move(entry));
}

// An order of patterns in which those with the same kinds and literals, and only those, are equal.
bool Router::GoesBefore(const Entry& a, const Entry& b) {
  return std::ranges::lexicographical_compare(
      a.parts, b.parts, [](const Part& left, const Part& right) {
        if (left.kind != right.kind) return left.kind < right.kind;
        return left.kind == Part::Kind::kLiteral && left.text < right.text;
      });
}

bool Router::Matches(const Entry& entry, const std::vector<std::string_view>& path) {
  for (size_t i = 0; i < entry.parts.size(); ++i) {
    const Part& part = entry.parts[i];
    if (i >= path.size()) return false;
    if (part.kind == Part::Kind::kRest) return true;
    if (part.kind == Part::Kind::kName && path[i].empty()) return false;
    if (part.kind == Part::Kind::kLiteral && PercentDecode(path[i]) != part.text) return false;
  }
  return entry.parts.size() == path.size();
}

bool Router::FillParams(const Entry& entry, const std::vector<std::string_view>& path,
                        Request* request) {
  for (size_t i = 0; i < entry.parts.size(); ++i) {
    const Part& part = entry.parts[i];
    if (part.kind == Part::Kind::kLiteral) continue;
    const char* const end = path.back().data() + path.back().size();
    const auto rest = std::string_view(path[i].data(), static_cast<size_t>(end - path[i].data()));
    auto value = PercentDecode(part.kind == Part::Kind::kRest ? rest : path[i]);
    if (!value) return false;
    request->path_params.push_back({part.text, *std::move(value)});
  }
  return true;
}

void Router::Handle(Request request, std::shared_ptr<Responder> responder) const {
  const std::string target = request.target;  // `path` looks into it
  const std::vector<std::string_view> path = SplitPath(PathOfTarget(target));
  const auto serves = [&](const Entry& entry, std::string_view method) {
    return entry.route.method == method;
  };
  const Entry* best = nullptr;
  std::vector<std::string> allowed;
  for (const Entry& entry : entries_) {
    if (target == "*" || !Matches(entry, path)) continue;
    allowed.push_back(entry.route.method);
    if (entry.route.method == "GET") allowed.push_back("HEAD");
    const bool exact = serves(entry, request.method);
    if (!exact && !(request.method == "HEAD" && serves(entry, "GET"))) continue;
    const bool before = best && GoesBefore(entry, *best);
    const bool equal = best && !before && !GoesBefore(*best, entry);
    if (!best || before || (equal && exact)) best = &entry;
  }
  if (best && FillParams(*best, path, &request)) {
    return best->handler(std::move(request), std::move(responder));
  }
  std::ranges::sort(allowed);
  allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
  if (allowed.empty()) {
    responder->Send(
        error_response_({.status = 404,
                         .code = "unknown_path",
                         .message = fmt::format("nothing is served at {}", Quoted(request.path)),
                         .request_id = request.id}));
    return;
  }
  const std::string methods = fmt::format("{}, OPTIONS", fmt::join(allowed, ", "));
  if (request.method == "OPTIONS") {
    responder->Send({.status = 204, .headers = {{"Allow", methods}}});
    return;
  }
  Response response = error_response_(
      {.status = 405,
       .code = "method_not_allowed",
       .message = fmt::format("{} does not take {}; it takes {}", Quoted(request.path),
                              Quoted(request.method), methods),
       .request_id = request.id});
  response.headers.Set("Allow", methods);
  responder->Send(std::move(response));
}

Handler Router::handler() const {
  return [this](Request request, std::shared_ptr<Responder> responder) {
    Handle(std::move(request), std::move(responder));
  };
}

std::vector<Route> Router::routes() const {
  std::vector<Route> routes;
  for (const Entry& entry : entries_) routes.push_back(entry.route);
  return routes;
}

}  // namespace retort::net
