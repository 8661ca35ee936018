// HTTP as a download needs it: one request after the other, redirects followed by hand, so that the
// token goes to the hub's own address alone and never on to where the hub redirects.
//
//   HttpClient client({.token = token, .token_origin = "https://huggingface.co"});
//   HttpResponse page = client.Send({.url = url});
//   client.Send({.url = url, .headers = {"Range: bytes=100-"}}, [&](const HttpResponse& head,
//               std::string_view bytes) { ... });
//
// Only http and https; not from https back to http; at most ten redirects. Proxies are those that
// the usual variables name (https_proxy, no_proxy): libcurl reads them.
// Errors: TransientError for lost connections and time-outs; kUnavailable for what will not pass by
// itself (a certificate, a name that no server answers to); kCancelled. A status such as 404 is no
// error here. Not thread-safe.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/patience.h"

namespace retort {

struct HttpOptions {
  std::string token = {};         // sent as a bearer's
  std::string token_origin = {};  // to this scheme, host and port only
  std::string ca_file = {};       // certificates to trust; the system's if empty
  Patience patience = {};
  Interrupted interrupted = [](double) { return false; };
};

struct HttpRequest {
  std::string url;
  bool head = false;
  bool stay = false;  // do not follow a redirect to another origin; return it
  std::vector<std::string> headers = {};
};

struct HttpResponse {
  int status = 0;
  std::string url = {};                             // the last one
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};                            // what went to no sink

  std::optional<std::string> Header(const std::string& name) const;
  // A header that counts; nullopt if absent or no number.
  std::optional<int64_t> Count(const std::string& name) const;
};

// Takes the body of a 200 or 206 as it comes, with status and headers.
using HttpSink = std::function<void(const HttpResponse& head, std::string_view bytes)>;

class HttpClient {
 public:
  explicit HttpClient(HttpOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  HttpResponse Send(const HttpRequest& request, const HttpSink& sink = nullptr);

 private:
  struct Exchange;
  HttpResponse SendOnce(const HttpRequest& request, const HttpSink& sink);
  bool MayCarryToken(const std::string& url) const;

  HttpOptions options_;
  void* curl_;  // CURL*
};

// "https://host:443": where an address leads. Error kInvalidArgument: no http or https address.
std::string OriginOf(const std::string& url);
// `location` as seen from `url`.
std::string ResolveUrl(const std::string& url, const std::string& location);

}  // namespace retort
