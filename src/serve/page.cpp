#include "serve/page.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace retort::serve {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' "
    "data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types dompurify";

std::string TypeOf(std::string_view url) {
  constexpr std::array<std::pair<std::string_view, const char*>, 5> kTypes = {{
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (url.ends_with(ending)) return type;
  }
  return "text/html; charset=utf-8";
}

}  // namespace

Page::Page() {
  for (const EmbeddedFile& file : PageFiles()) {
    // What is packed already, as fonts are, is not worth unpacking.
    const bool smaller = file.gzip.view().size() < file.plain.view().size() / 10 * 9;
    assets_.Add(file.url, {.bytes = file.plain.view(),
                           .gzip = smaller ? file.gzip.view() : std::string_view(),
                           .content_type = TypeOf(file.url)});
  }
}

std::optional<net::Response> Page::Find(const net::Request& request) const {
  std::optional<net::Response> response = assets_.Find(request);
  if (!response) return std::nullopt;
  response->headers.Add("Content-Security-Policy", kPolicy);
  response->headers.Add("Referrer-Policy", "no-referrer");
  response->headers.Add("Cross-Origin-Opener-Policy", "same-origin");
  response->headers.Add("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace retort::serve
