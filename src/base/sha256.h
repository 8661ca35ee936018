// SHA-256 of bytes that come in pieces, as the digests of model files are written.
//
//   Sha256 hash;
//   while (Read(piece)) hash.Update(piece);
//   hash.Hex()    // "9f86d081884c7d65...", 64 digits; ends the hash
//
// OpenSSL computes it, with the processor's SHA instructions where there are some: 1 to 2 GB/s.
// Errors: kInternal when OpenSSL has no SHA-256. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace retort {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Update(std::string_view bytes);
  std::string Hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace retort
