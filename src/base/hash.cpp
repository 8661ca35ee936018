#include "base/hash.h"

#include <openssl/evp.h>

#include "base/error.h"

namespace retort {

void StreamHash::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

StreamHash::StreamHash(const evp_md_st* algorithm, const char* name) : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), algorithm, nullptr) != 1)
    Fail(ErrorCode::kInternal, "OpenSSL has no {}; check its configuration (openssl.cnf)", name);
}

StreamHash::~StreamHash() = default;

void StreamHash::Update(std::string_view bytes) {
  RETORT_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string StreamHash::Hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  RETORT_CHECK(EVP_DigestFinal_ex(context_.get(), digest, &size) == 1);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

Sha256::Sha256() : StreamHash(EVP_sha256(), "SHA-256") {}

Sha1::Sha1() : StreamHash(EVP_sha1(), "SHA-1") {}

}  // namespace retort
