#include "hub/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "hub/names.h"

namespace retort {
namespace {

constexpr size_t kMaxReference = 4096;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string UrlDecode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (text[i] == '%' && high >= 0 && low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view WithoutQuery(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// "ORG/REPO" or "ORG/REPO:FILE"
ModelReference ParseRepository(std::string_view rest) {
  ModelReference reference;
  reference.kind = ModelReference::Kind::kRepository;
  const size_t colon = rest.find(':');
  reference.repository = rest.substr(0, colon);
  CheckRepository(reference.repository);
  if (colon != std::string_view::npos) {
    reference.file = rest.substr(colon + 1);
    CheckFilePath(reference.file);
  }
  return reference;
}

// What follows a hub's endpoint in an address: "ORG/REPO", "ORG/REPO/tree/REV",
// "ORG/REPO/blob/REV/FILE" or "ORG/REPO/resolve/REV/FILE".
ModelReference ParseHubPage(std::string_view page) {
  page = WithoutQuery(page);
  while (page.ends_with('/')) page.remove_suffix(1);
  const std::vector<std::string> parts = Split(UrlDecode(page), '/');
  if (parts.size() < 2) {
    Fail(ErrorCode::kInvalidArgument, "the address names no repository; it goes on with ORG/REPO");
  }
  ModelReference reference = ParseRepository(parts[0] + "/" + parts[1]);
  if (parts.size() == 2) return reference;
  const bool file = parts[2] == "blob" || parts[2] == "resolve";
  if ((!file && parts[2] != "tree") || parts.size() < (file ? 5u : 4u)) {
    Fail(ErrorCode::kInvalidArgument,
         "{} is no address of a model or file; /ORG/REPO, /ORG/REPO/tree/REVISION and "
         "/ORG/REPO/resolve/REVISION/FILE are",
         Quoted("/" + std::string(page)));
  }
  reference.revision = parts[3];
  CheckRevision(reference.revision);
  if (!file) return reference;
  for (size_t i = 4; i < parts.size(); ++i) reference.file += (i > 4 ? "/" : "") + parts[i];
  CheckFilePath(reference.file);
  return reference;
}

// What follows "endpoint/" in `text`, if it is below the endpoint.
std::optional<std::string_view> Below(std::string_view text, std::string_view endpoint) {
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  if (!endpoint.starts_with("http") || !text.starts_with(endpoint)) return std::nullopt;
  text.remove_prefix(endpoint.size());
  if (!text.starts_with('/')) return std::nullopt;
  return text.substr(1);
}

ModelReference ParseUrlReference(std::string_view text) {
  ModelReference reference;
  reference.kind = ModelReference::Kind::kUrl;
  reference.url = text;
  FileNameOfUrl(text);
  return reference;
}

ModelReference ParseCatalogueName(std::string_view text) {
  ModelReference reference;
  reference.name = LowerCase(text);
  const bool plain = std::all_of(reference.name.begin(), reference.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.:").find(c) != std::string_view::npos;
  });
  if (plain) return reference;
  Fail(ErrorCode::kInvalidArgument,
       "{} names no model; write a name that `retort list` shows, hf:ORG/REPO, an https:// "
       "address or the path of a file",
       Quoted(text));
}

ModelReference Parse(std::string_view text, std::string_view endpoint) {
  if (text.empty() || text.size() > kMaxReference) {
    Fail(ErrorCode::kInvalidArgument, "the name of a model has {} bytes, must have 1 to {}",
         text.size(), kMaxReference);
  }
  for (const std::string_view prefix : {"hf:", "hf.co/"}) {
    if (text.starts_with(prefix)) return ParseRepository(text.substr(prefix.size()));
  }
  for (const std::string_view hub : {endpoint, kPublicHub}) {
    if (const auto page = Below(text, hub)) return ParseHubPage(*page);
  }
  for (const std::string_view scheme : {"https://", "http://", "file://"}) {
    if (text.starts_with(scheme)) return ParseUrlReference(text);
  }
  if (text.find("://") != std::string_view::npos) {
    Fail(ErrorCode::kUnsupported, "{}: only https, http and file are spoken",
         Quoted(text.substr(0, text.find("://") + 3)));
  }
  return ParseCatalogueName(text);
}

}  // namespace

ModelReference ParseReference(std::string_view text, std::string_view endpoint) {
  ModelReference reference = Parse(text, endpoint);
  reference.text = text;
  return reference;
}

std::string FileNameOfUrl(std::string_view url) {
  const size_t scheme = url.find("://");
  std::string_view rest =
      WithoutQuery(url.substr(scheme == std::string_view::npos ? 0 : scheme + 3));
  const size_t slash = rest.rfind('/');
  const std::string name = slash == std::string_view::npos ? "" : UrlDecode(rest.substr(slash + 1));
  if (name.empty() || name.find('/') != std::string::npos) {
    Fail(ErrorCode::kInvalidArgument, "{} names no file; the address of a file ends with its name",
         Quoted(url));
  }
  CheckFilePath(name);
  return name;
}

std::string UrlEncodePath(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-_.~/").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c)
                 : fmt::format("%{:02X}", static_cast<unsigned int>(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace retort
