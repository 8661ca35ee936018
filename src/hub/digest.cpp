#include "hub/digest.h"

#include <fmt/format.h>

#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/quote.h"

namespace retort {

std::unique_ptr<StreamHash> GitBlobHash(int64_t size) {
  auto hash = std::make_unique<Sha1>();
  const std::string header = fmt::format("blob {}", size);
  hash->Update({header.c_str(), header.size() + 1});  // with the zero byte that ends it
  return hash;
}

std::string Sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Hex();
}

std::string FileSha256(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail(ErrorCode::kNotFound, "{} cannot be read; check the path", Quoted(path));
  Sha256 hash;
  std::vector<char> buffer(1 << 20);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
         file.gcount() > 0) {
    hash.Update({buffer.data(), static_cast<size_t>(file.gcount())});
  }
  return hash.Hex();
}

}  // namespace retort
