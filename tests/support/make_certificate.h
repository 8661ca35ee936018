// A certificate for this machine, signed by itself, made with OpenSSL's command.
//
//   MakeCertificate(dir.File("server.crt"), dir.File("server.key"));    // may replace others
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace retort {

inline void MakeCertificate(const std::string& certificate, const std::string& key,
                            const std::string& kind = "ec -pkeyopt ec_paramgen_curve:prime256v1") {
  const std::string command =
      "openssl req -x509 -nodes -days 2 -subj /CN=localhost "
      "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -newkey " +
      kind + " -keyout " + key + " -out " + certificate + " 2> /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << "the command openssl makes the certificate";
}

}  // namespace retort
