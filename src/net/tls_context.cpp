#include "net/tls_context.h"

#include <fstream>

#include "base/error.h"
#include "base/quote.h"

namespace retort::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::unique_ptr<TlsContext> MakeContext(TlsContext::method method) {
  auto context = std::make_unique<TlsContext>(method);
  context->set_options(TlsContext::default_workarounds | TlsContext::no_sslv2 |
                       TlsContext::no_sslv3 | TlsContext::no_tlsv1 | TlsContext::no_tlsv1_1 |
                       TlsContext::no_compression);
  return context;
}

void CheckReadable(const std::string& file, const char* what) {
  if (!std::ifstream(file)) {
    Fail(ErrorCode::kNotFound, "the {} {} cannot be opened; check its path and its permissions",
         what, Quoted(file));
  }
}

void Check(error_code error, const std::string& file, const char* what) {
  if (!error) return;
  Fail(ErrorCode::kCorrupt, "{} is no {} in PEM form: {}; give the file that has it", Quoted(file),
       what, error.message());
}

}  // namespace

std::unique_ptr<TlsContext> MakeServerContext(const std::string& certificate_file,
                                              const std::string& key_file) {
  CheckReadable(certificate_file, "certificate");
  CheckReadable(key_file, "certificate's key");
  auto context = MakeContext(TlsContext::tls_server);
  // A key with a pass phrase would ask for it at the terminal.
  context->set_password_callback(
      [](size_t, TlsContext::password_purpose) { return std::string(); });
  error_code error;
  context->use_certificate_chain_file(certificate_file, error);
  Check(error, certificate_file, "certificate");
  context->use_private_key_file(key_file, TlsContext::pem, error);
  const char* const what = "key of that certificate, without a pass phrase,";
  Check(error, key_file, what);
  // OpenSSL takes a key of another kind than the certificate's for one whose own is still to come.
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    error.assign(static_cast<int>(ERR_get_error()), boost::asio::error::get_ssl_category());
    Check(error, key_file, what);
  }
  return context;
}

std::unique_ptr<TlsContext> MakeClientContext(const std::string& ca_file) {
  auto context = MakeContext(TlsContext::tls_client);
  context->set_verify_mode(ssl::verify_peer);
  error_code error;
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    CheckReadable(ca_file, "certificate");
    context->load_verify_file(ca_file, error);
    Check(error, ca_file, "certificate");
  }
  return context;
}

}  // namespace retort::net
