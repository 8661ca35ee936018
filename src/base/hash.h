// Hashes of bytes that come in pieces: SHA-256, as the digests of model files are written, and
// SHA-1, by which git names small files.
//
//   Sha256 hash;
//   while (Read(piece)) hash.Update(piece);
//   hash.Hex()    // "9f86d081884c7d65...", 64 digits; ends the hash
//
// OpenSSL computes them, with the processor's SHA instructions where there are some: 1 to 2 GB/s.
// Errors: kInternal when OpenSSL has no such hash. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;
struct evp_md_st;

namespace retort {

class StreamHash {
 public:
  virtual ~StreamHash();
  StreamHash(const StreamHash&) = delete;
  StreamHash& operator=(const StreamHash&) = delete;

  void Update(std::string_view bytes);
  std::string Hex();

 protected:
  StreamHash(const evp_md_st* algorithm, const char* name);

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

class Sha256 final : public StreamHash {
 public:
  Sha256();
};

// Tells whether bytes arrived whole; no protection against who means harm.
class Sha1 final : public StreamHash {
 public:
  Sha1();
};

}  // namespace retort
