// What the cache remembers about a file that came from an address outside a hub, to know it again.
//
//   WriteOrigin(cache.OriginPath(repository), {.url = url, .sha256 = digest, ...});
//   if (const auto origin = ReadOrigin(path)) origin->url;
//
// Errors: none; what cannot be read is not there. Thread-safe as the file system is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace retort {

struct Origin {
  std::string url, sha256;
  std::string validator;  // the server's word for this version: an ETag or a date
  int64_t bytes = 0;
};

std::optional<Origin> ReadOrigin(const std::string& path);
void WriteOrigin(const std::string& path, const Origin& origin);

}  // namespace retort
