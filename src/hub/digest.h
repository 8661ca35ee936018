// The digests by which a hub names files: SHA-256 of large ones, SHA-1 as git computes it for a
// blob of small ones.
//
//   std::unique_ptr<StreamHash> hash = GitBlobHash(size);
//   hash->Update(bytes);
//   hash->Hex();                      // what `git hash-object` prints
//
// Errors: kNotFound for a file that cannot be read. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace retort {

// Of a file of so many bytes, which are part of what git hashes.
std::unique_ptr<StreamHash> GitBlobHash(int64_t size);

std::string Sha256Hex(std::string_view bytes);
std::string FileSha256(const std::string& path);

}  // namespace retort
