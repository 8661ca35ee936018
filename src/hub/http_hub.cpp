#include "hub/http_hub.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/quote.h"
#include "base/strict_json.h"
#include "hub/digest.h"
#include "hub/folder_hub.h"
#include "hub/names.h"
#include "hub/reference.h"

namespace retort {
namespace {

constexpr size_t kMaxFiles = 100'000;

bool IsTransientStatus(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
         status == 504;
}

bool IsDone(int status) { return status == 200 || status == 206; }

// A status that no retry is going to change, said so that one knows what to do. `what`: the
// repository or file; `page`: where a person reads about it.
[[noreturn]] void FailWithStatus(const HttpResponse& response, const std::string& what,
                                 const std::string& page, bool has_token) {
  const std::string origin = OriginOf(response.url);
  const std::string code = response.Header("x-error-code").value_or("");
  if (IsTransientStatus(response.status)) {
    const auto wait = static_cast<double>(response.Count("retry-after").value_or(0));
    throw TransientError(fmt::format("{} answers {}{}", origin, response.status,
                                     response.status == 429 ? " (too many requests)" : ""),
                         wait);
  }
  if (code == "GatedRepo" || response.status == 403) {
    Fail(ErrorCode::kInvalidArgument, "{} is gated: accept its terms at {} and {}", what, page,
         has_token ? "use a token (HF_TOKEN) of that account that may read it"
                   : "set HF_TOKEN to a token of that account");
  }
  if (response.status == 401) {
    Fail(ErrorCode::kInvalidArgument,
         "{}: {} knows no such repository, or wants a token; check "
         "the name{}",
         what, origin, has_token ? ", and that the token is valid" : ", or set HF_TOKEN");
  }
  if (code == "RevisionNotFound") {
    Fail(ErrorCode::kNotFound, "{}: {} has no such revision; see {}", what, origin, page);
  }
  if (response.status == 404) {
    Fail(ErrorCode::kNotFound, "{}: {} has no such {}; see {}", what, origin,
         code == "EntryNotFound" ? "file" : "repository or file", page);
  }
  Fail(ErrorCode::kUnavailable, "{}: {} answers {}; it is no model hub, or not well", what, origin,
       response.status);
}

// What tells this version of a file from others, as If-Range takes it: no weak ETag.
std::string Validator(const HttpResponse& head) {
  const std::string etag = head.Header("etag").value_or("");
  if (!etag.empty() && !etag.starts_with("W/")) return etag;
  return head.Header("last-modified").value_or("");
}

// Sends the bytes of `url` to a sink, from `offset` on where the server lets it.
void ReadUrl(HttpClient& client, const RemoteFile& file, int64_t offset,
             const std::string& validator, ByteSink& sink, bool has_token) {
  HttpRequest request{.url = file.url};
  if (offset > 0) request.headers.push_back(fmt::format("Range: bytes={}-", offset));
  if (offset > 0 && !validator.empty()) request.headers.push_back("If-Range: " + validator);
  bool begun = false;
  const HttpResponse response =
      client.Send(request, [&](const HttpResponse& head, std::string_view bytes) {
        if (!begun) {
          const std::string range = head.Header("content-range").value_or("");
          const bool continues =
              head.status == 206 && range.starts_with(fmt::format("bytes {}-", offset));
          if (head.status == 206 && !continues) {
            Fail(ErrorCode::kUnavailable, "{} answers with {} instead of bytes {} on",
                 OriginOf(head.url), Quoted(range), offset);
          }
          sink.Begin(continues ? offset : 0, Validator(head));
          begun = true;
        }
        sink.Append(bytes);
      });
  if (response.status == 416) {
    // Nothing lies at the offset: what is here is longer than the file, so it is another one's.
    sink.Begin(0, "");
    throw TransientError(fmt::format("{}: the file has changed", OriginOf(response.url)));
  }
  if (!IsDone(response.status)) FailWithStatus(response, file.path, file.url, has_token);
  if (!begun) sink.Begin(offset, "");  // an empty file
}

// A field of an answer, or null.
const nlohmann::ordered_json& FieldOf(const nlohmann::ordered_json& object, const char* name) {
  static const nlohmann::ordered_json null;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? null : *found;
}

}  // namespace

RemoteListing ParseListing(std::string_view text, const std::string& where) {
  const nlohmann::ordered_json json = ReadJson(text, where, "check HF_ENDPOINT");
  const auto& sha = FieldOf(json, "sha");
  const auto& siblings = FieldOf(json, "siblings");
  if (!sha.is_string() || !IsCommit(sha.get_ref<const std::string&>()) || !siblings.is_array() ||
      siblings.size() > kMaxFiles) {
    Fail(ErrorCode::kCorrupt,
         "{}: the list of files is not what a model hub sends (sha, siblings); check HF_ENDPOINT",
         where);
  }
  RemoteListing listing{sha.get<std::string>(), {}};
  for (const auto& sibling : siblings) {
    const auto& name = FieldOf(sibling, "rfilename");
    if (!name.is_string()) Fail(ErrorCode::kCorrupt, "{}: a file in the list has no name", where);
    CheckFilePath(name.get_ref<const std::string&>());
    listing.files.push_back(name.get<std::string>());
  }
  return listing;
}

std::string PlainEtag(std::string_view header) {
  if (header.starts_with("W/")) header.remove_prefix(2);
  if (header.size() >= 2 && header.front() == '"' && header.back() == '"') {
    header = header.substr(1, header.size() - 2);
  }
  return std::string(header);
}

HttpHub::HttpHub(std::string endpoint, const HttpOptions& options)
    : endpoint_(std::move(endpoint)), has_token_(!options.token.empty()), client_(options) {}

RemoteListing HttpHub::List(const std::string& repository, const std::string& revision) {
  const std::string url =
      fmt::format("{}/api/models/{}/revision/{}", endpoint_, repository, UrlEncodePath(revision));
  const HttpResponse response = client_.Send({.url = url});
  if (response.status != 200) {
    FailWithStatus(response, repository, fmt::format("{}/{}", endpoint_, repository), has_token_);
  }
  return ParseListing(response.body, repository);
}

RemoteFile HttpHub::Describe(const std::string& repository, const std::string& revision,
                             const std::string& path) {
  RemoteFile file;
  file.path = path;
  file.url = fmt::format("{}/{}/resolve/{}/{}", endpoint_, repository, UrlEncodePath(revision),
                         UrlEncodePath(path));
  // Large files are answered by a redirect to where their bytes lie; the hub's own word about them
  // stands beside it.
  HttpResponse response = client_.Send({.url = file.url, .head = true, .stay = true});
  if (response.Header("location") && !response.Header("x-linked-etag")) {
    response = client_.Send({.url = file.url, .head = true});  // a mirror that sends one elsewhere
  }
  const bool redirects = response.status >= 300 && response.status < 400;
  if (!redirects && response.status != 200) {
    FailWithStatus(response, repository + ":" + path, fmt::format("{}/{}", endpoint_, repository),
                   has_token_);
  }
  const auto linked = response.Header("x-linked-etag");
  file.etag = PlainEtag(linked.value_or(redirects ? "" : response.Header("etag").value_or("")));
  file.size = response.Count("x-linked-size")
                  .value_or(redirects ? -1 : response.Count("content-length").value_or(-1));
  file.commit = response.Header("x-repo-commit").value_or("");
  if (!IsCommit(file.commit) || !IsBlobName(file.etag)) {
    Fail(ErrorCode::kCorrupt,
         "{} says neither commit nor ETag of {} as a model hub does; check HF_ENDPOINT", endpoint_,
         Quoted(path));
  }
  return file;
}

void HttpHub::Read(const RemoteFile& file, int64_t offset, const std::string&, ByteSink& sink) {
  // No validator: address and partial file both name one content, and its digest is checked.
  ReadUrl(client_, file, offset, "", sink, has_token_);
}

RemoteListing HttpUrl::List(const std::string&, const std::string&) {
  return {Sha256Hex(url_).substr(0, 40), {FileNameOfUrl(url_)}};
}

RemoteFile HttpUrl::Describe(const std::string&, const std::string& revision,
                             const std::string& path) {
  const HttpResponse response = client_.Send({.url = url_, .head = true});
  if (response.status != 200) FailWithStatus(response, path, url_, false);
  return {.url = url_,
          .path = path,
          .commit = revision,
          .etag = "",
          .size = response.Count("content-length").value_or(-1),
          .validator = Validator(response)};
}

void HttpUrl::Read(const RemoteFile& file, int64_t offset, const std::string& validator,
                   ByteSink& sink) {
  // Without one there is no telling whether the rest would be of the same file.
  ReadUrl(client_, file, validator.empty() ? 0 : offset, validator, sink, false);
}

std::unique_ptr<HubSource> OpenHub(const std::string& endpoint, const HttpOptions& options) {
  if (endpoint.starts_with("file://")) {
    return std::make_unique<FolderHub>(endpoint.substr(std::string_view("file://").size()));
  }
  OriginOf(endpoint);
  return std::make_unique<HttpHub>(endpoint, options);
}

std::unique_ptr<HubSource> OpenUrl(const std::string& url, const HttpOptions& options) {
  if (url.starts_with("file://")) return std::make_unique<FileUrl>(url);
  OriginOf(url);
  return std::make_unique<HttpUrl>(url, options);
}

}  // namespace retort
