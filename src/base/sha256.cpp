#include "base/sha256.h"

#include <openssl/evp.h>

#include "base/error.h"

namespace retort {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
    Fail(ErrorCode::kInternal, "OpenSSL has no SHA-256; check its configuration (openssl.cnf)");
}

Sha256::~Sha256() = default;

void Sha256::Update(std::string_view bytes) {
  RETORT_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::Hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  RETORT_CHECK(EVP_DigestFinal_ex(context_.get(), digest, &size) == 1);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace retort
