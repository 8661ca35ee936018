// Files that are part of the program, as answers: a page's code, styles and fonts.
//
//   StaticAssets assets;
//   assets.Add("/app.js", {.bytes = kAppJs, .gzip = kAppJsGzip, .content_type =
//   "text/javascript"}); if (std::optional<Response> answer = assets.Find(request))
//   responder->Send(*std::move(answer));
//
// Knows no file system, so no path leads out of it. Each asset has a strong ETag made from its
// bytes: a client that has it (If-None-Match) gets a 304 without a body. Where a packed form was
// given, clients that take gzip get that one, under an ETag of its own.
// The bytes are not copied and must stay. Errors: kInvalidArgument for a path that is there
// already. Fill it first; it may then be used from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

namespace retort::net {

struct StaticAsset {
  std::string_view bytes;
  std::string_view gzip = {};  // the same bytes packed; empty if there is no such form
  std::string content_type = "application/octet-stream";
  std::string cache_control = "no-cache";  // ask every time, which the ETag makes cheap
};

class StaticAssets {
 public:
  void Add(std::string_view path, StaticAsset asset);

  // The answer to a GET or HEAD of a path that was added; else nothing.
  std::optional<Response> Find(const Request& request) const;

  std::vector<std::string> paths() const;

 private:
  struct Entry {
    StaticAsset asset;
    std::string etag;  // without quotes
  };
  std::map<std::string, Entry, std::less<>> entries_;
};

// Whether an Accept-Encoding header allows "gzip": named, or by "*", and not with "q=0".
bool AcceptsGzip(const Headers& headers);

}  // namespace retort::net
