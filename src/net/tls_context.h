// OpenSSL's contexts, made from files. Internal to net.
//
//   const auto context = MakeServerContext("server.crt", "server.key");
//
// Errors: kNotFound for a file that cannot be read, kCorrupt for one that holds no certificate or
// key, or not the one that fits; both name the file. Contexts are thread-safe once made.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace retort::net {

using TlsContext = boost::asio::ssl::context;

// PEM files: the certificate with those that vouch for it behind it, and its key.
std::unique_ptr<TlsContext> MakeServerContext(const std::string& certificate_file,
                                              const std::string& key_file);

// Trusts what `ca_file` (PEM) has, or the system's certificates if it is empty.
std::unique_ptr<TlsContext> MakeClientContext(const std::string& ca_file);

}  // namespace retort::net
