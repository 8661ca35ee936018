#include "hub/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <utility>

#include "base/quote.h"
#include "base/version.h"
#include "hub/names.h"

namespace retort {
namespace {

constexpr int kMaxRedirects = 10;
constexpr size_t kMaxBody = 64 << 20;  // of a list of files; nothing else is kept
constexpr size_t kMaxHeaders = 256;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

std::string Part(CURLU* url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

Url ParseUrl(const std::string& text) {
  Url url(curl_url());
  const bool good = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
  const std::string scheme = good ? Part(url.get(), CURLUPART_SCHEME) : "";
  if (good && !Part(url.get(), CURLUPART_PASSWORD).empty()) {
    Fail(
        ErrorCode::kInvalidArgument,
        "the address holds a password, which would be shown and kept; use one without, or a token");
  }
  if (scheme == "http" || scheme == "https") return url;
  Fail(ErrorCode::kInvalidArgument, "{} is no http or https address", Quoted(text));
}

// What a certificate or a name says stays as it is however often one asks.
bool IsTransient(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\n' ||
                           text.back() == '\t')) {
    text.remove_suffix(1);
  }
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

}  // namespace

std::optional<std::string> HttpResponse::Header(const std::string& name) const {
  const auto found = headers.find(name);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::optional<int64_t> HttpResponse::Count(const std::string& name) const {
  const std::optional<std::string> text = Header(name);
  int64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 0) return std::nullopt;
  return value;
}

// What libcurl's callbacks work on during one exchange. They are C's, so exceptions wait here.
struct HttpClient::Exchange {
  const Interrupted& interrupted;
  const HttpSink& sink;
  HttpResponse response = {};
  std::exception_ptr error = nullptr;

  static size_t OnHeader(char* data, size_t, size_t size, void* self) {
    HttpResponse& response = static_cast<Exchange*>(self)->response;
    const std::string_view line = Trim({data, size});
    if (line.starts_with("HTTP/")) {  // of a new answer: an interim one may have come before
      response.headers.clear();
      const size_t space = line.find(' ');
      const std::string_view code = space == std::string_view::npos ? "" : line.substr(space + 1);
      response.status = 0;
      std::from_chars(code.data(), code.data() + code.size(), response.status);
    } else if (const size_t colon = line.find(':');
               colon != std::string_view::npos && response.headers.size() < kMaxHeaders) {
      response.headers[LowerCase(line.substr(0, colon))] = Trim(line.substr(colon + 1));
    }
    return size;
  }

  static size_t OnBody(char* data, size_t, size_t size, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    HttpResponse& response = exchange.response;
    try {
      if (exchange.sink && (response.status == 200 || response.status == 206)) {
        exchange.sink(response, {data, size});
      } else if (response.body.size() + size <= kMaxBody) {
        response.body.append(data, size);
      } else {
        Fail(ErrorCode::kCorrupt, "{}: the answer is longer than {} MB", response.url,
             kMaxBody >> 20);
      }
      return size;
    } catch (...) {
      exchange.error = std::current_exception();
      return 0;
    }
  }

  static int OnProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(self)->interrupted(0) ? 1 : 0;
  }
};

HttpClient::HttpClient(HttpOptions options)
    : options_(std::move(options)), curl_(curl_easy_init()) {
  if (curl_ == nullptr) Fail(ErrorCode::kUnavailable, "libcurl cannot be used on this system");
  for (const char c : options_.token) {
    if (c > 0x20 && c < 0x7f) continue;
    curl_easy_cleanup(curl_);
    Fail(ErrorCode::kInvalidArgument,
         "the hub's token holds blanks or control characters; check HF_TOKEN and the token file");
  }
}

HttpClient::~HttpClient() { curl_easy_cleanup(curl_); }

bool HttpClient::MayCarryToken(const std::string& url) const {
  if (options_.token.empty() || OriginOf(url) != OriginOf(options_.token_origin)) return false;
  const Url parsed = ParseUrl(url);
  const std::string host = Part(parsed.get(), CURLUPART_HOST);
  // Unencrypted, anyone on the way could read it.
  return Part(parsed.get(), CURLUPART_SCHEME) == "https" || host == "127.0.0.1" ||
         host == "localhost" || host == "[::1]";
}

HttpResponse HttpClient::SendOnce(const HttpRequest& request, const HttpSink& sink) {
  Exchange exchange{options_.interrupted, sink};
  exchange.response.url = request.url;
  curl_easy_reset(curl_);  // connections stay open
  const std::string agent = fmt::format("retort/{}", kVersion);
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl_, option, value); };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_NOBODY, request.head ? 1L : 0L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_USERAGENT, agent.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.patience.connect_s * 1000));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(options_.patience.stall_s)));
  set(CURLOPT_BUFFERSIZE, 256L << 10);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Exchange::OnProgress);
  set(CURLOPT_XFERINFODATA, &exchange);
  set(CURLOPT_HEADERFUNCTION, &Exchange::OnHeader);
  set(CURLOPT_HEADERDATA, &exchange);
  set(CURLOPT_WRITEFUNCTION, &Exchange::OnBody);
  set(CURLOPT_WRITEDATA, &exchange);
  if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
  curl_slist* headers = curl_slist_append(nullptr, "Accept-Encoding: identity");
  for (const std::string& line : request.headers)
    headers = curl_slist_append(headers, line.c_str());
  if (MayCarryToken(request.url)) {
    headers = curl_slist_append(headers, ("Authorization: Bearer " + options_.token).c_str());
  }
  set(CURLOPT_HTTPHEADER, headers);
  const CURLcode code = curl_easy_perform(curl_);
  curl_slist_free_all(headers);
  if (exchange.error) std::rethrow_exception(exchange.error);
  FailIfInterrupted(options_.interrupted);
  if (code == CURLE_OK) return std::move(exchange.response);
  const std::string message =
      fmt::format("{}: {}", OriginOf(request.url), curl_easy_strerror(code));
  if (IsTransient(code)) throw TransientError(message);
  Fail(ErrorCode::kUnavailable, "{}; check the network, proxies (https_proxy) and HF_ENDPOINT",
       message);
}

HttpResponse HttpClient::Send(const HttpRequest& request, const HttpSink& sink) {
  HttpRequest next = request;
  std::map<std::string, std::string> said;  // what an answer on the way said about the file
  for (int redirects = 0;; ++redirects) {
    HttpResponse response = SendOnce(next, sink);
    for (const auto& [name, value] : response.headers) {
      if (name.starts_with("x-")) said[name] = value;
    }
    response.headers.merge(std::map(said));
    const std::optional<std::string> location = response.Header("location");
    if (!IsRedirect(response.status) || !location) return response;
    const std::string target = ResolveUrl(next.url, *location);
    const std::string from = OriginOf(next.url), to = OriginOf(target);
    if (request.stay && from != to) return response;
    if (redirects == kMaxRedirects) {
      Fail(ErrorCode::kUnavailable, "{}: more than {} redirects", from, kMaxRedirects);
    }
    if (from.starts_with("https:") && !to.starts_with("https:")) {
      Fail(ErrorCode::kUnavailable, "{} redirects to {}, which is not encrypted", from, to);
    }
    next.url = target;
  }
}

std::string OriginOf(const std::string& url) {
  const Url parsed = ParseUrl(url);
  return fmt::format("{}://{}:{}", Part(parsed.get(), CURLUPART_SCHEME),
                     LowerCase(Part(parsed.get(), CURLUPART_HOST)),
                     Part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

std::string ResolveUrl(const std::string& url, const std::string& location) {
  const Url parsed = ParseUrl(url);
  if (curl_url_set(parsed.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK) {
    Fail(ErrorCode::kUnavailable, "{} redirects to {}, which is no address", OriginOf(url),
         Quoted(location));
  }
  const std::string scheme = Part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    Fail(ErrorCode::kUnavailable, "{} redirects to {}; only http and https are followed",
         OriginOf(url), Quoted(location));
  }
  return Part(parsed.get(), CURLUPART_URL);
}

}  // namespace retort
