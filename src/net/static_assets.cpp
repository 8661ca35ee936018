#include "net/static_assets.h"

#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/quote.h"
#include "net/trimmed.h"

namespace retort::net {
namespace {

// "q=0", "q=0.0", "Q=0.000": not wanted.
bool IsZeroWeight(std::string_view parameter) {
  parameter = Trimmed(parameter);
  return parameter.size() >= 3 && EqualIgnoringCase(parameter.substr(0, 2), "q=") &&
         parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

// If-None-Match compares weakly: a W/ in front makes no difference.
bool HasTag(const Headers& headers, const std::string& quoted_tag) {
  return headers.HasToken("If-None-Match", "*") || headers.HasToken("If-None-Match", quoted_tag) ||
         headers.HasToken("If-None-Match", "W/" + quoted_tag);
}

}  // namespace

bool AcceptsGzip(const Headers& headers) {
  std::optional<bool> named, any;
  for (const Header& header : headers) {
    if (!EqualIgnoringCase(header.name, "Accept-Encoding")) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const std::string_view item = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), item.size() + 1));
      const size_t semicolon = item.find(';');
      const std::string_view coding = Trimmed(item.substr(0, semicolon));
      const bool wanted =
          semicolon == std::string_view::npos || !IsZeroWeight(item.substr(semicolon + 1));
      if (EqualIgnoringCase(coding, "gzip") || EqualIgnoringCase(coding, "x-gzip")) named = wanted;
      if (coding == "*") any = wanted;
    }
  }
  return named.value_or(any.value_or(false));
}

void StaticAssets::Add(std::string_view path, StaticAsset asset) {
  Sha256 hash;
  hash.Update(asset.bytes);
  Entry entry = {.asset = std::move(asset), .etag = hash.Hex().substr(0, 32)};
  if (!entries_.emplace(path, std::move(entry)).second) {
    Fail(ErrorCode::kInvalidArgument, "two assets have the path {}; name one of them differently",
         Quoted(path));
  }
}

std::optional<Response> StaticAssets::Find(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const auto found = entries_.find(request.path);
  if (found == entries_.end()) return std::nullopt;
  const auto& [asset, etag] = found->second;
  const bool packed = !asset.gzip.empty() && AcceptsGzip(request.headers);
  const std::string tag = "\"" + etag + (packed ? "-gzip\"" : "\"");
  Response response;
  response.headers = {{"ETag", tag},
                      {"Cache-Control", asset.cache_control},
                      {"Content-Type", asset.content_type},
                      {"X-Content-Type-Options", "nosniff"}};
  if (!asset.gzip.empty()) response.headers.Add("Vary", "Accept-Encoding");
  if (HasTag(request.headers, tag)) {
    response.status = 304;
    return response;
  }
  if (packed) response.headers.Add("Content-Encoding", "gzip");
  response.body = std::string(packed ? asset.gzip : asset.bytes);
  return response;
}

std::vector<std::string> StaticAssets::paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, entry] : entries_) paths.push_back(path);
  return paths;
}

}  // namespace retort::net
