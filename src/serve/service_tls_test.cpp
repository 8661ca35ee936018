// Certificates that are replaced under a server.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "net/http_client.h"
#include "serve/service.h"
#include "tests/support/expect_error.h"
#include "tests/support/make_certificate.h"
#include "tests/support/temp_dir.h"

namespace retort::serve {
namespace {

class ServiceTlsTest : public testing::Test {
 protected:
  ServiceTlsTest() {
    MakeCertificate(certificate_, key_);
    ServiceOptions options;
    options.http.certificate_file = certificate_;
    options.http.key_file = key_;
    options.log = [this](LogLevel, const nlohmann::ordered_json& fields) {
      if (fields["event"] == "certificates_reloaded") ++reloads_;
    };
    service_.emplace(options, std::vector<ModelSource>{});
    service_->Start();
  }

  // The server's answer to a client that trusts this certificate alone; 0 when it does not trust
  // the server's.
  int StatusTrusting(const std::string& certificate) {
    net::HttpClient client({.port = service_->port(), .tls = true, .ca_file = certificate});
    try {
      return client.Send({.target = "/livez"}).status;
    } catch (const Error&) {
      return 0;
    }
  }

  TempDir dir_;
  const std::string certificate_ = dir_.File("server.crt"), key_ = dir_.File("server.key");
  std::atomic<int> reloads_ = 0;
  std::optional<Service> service_;
};

TEST_F(ServiceTlsTest, TakesUpACertificateThatHasReplacedAnother) {
  const std::string old = dir_.File("old.crt");
  std::filesystem::copy(certificate_, old);
  service_->ReloadCertificates();
  EXPECT_EQ(reloads_, 0) << "unchanged";
  EXPECT_EQ(StatusTrusting(old), 200);
  MakeCertificate(certificate_, key_);
  EXPECT_EQ(StatusTrusting(old), 200) << "until it looks";
  service_->ReloadCertificates();
  EXPECT_EQ(reloads_, 1);
  EXPECT_EQ(StatusTrusting(certificate_), 200);
  EXPECT_EQ(StatusTrusting(old), 0);
}

TEST_F(ServiceTlsTest, KeepsWhatItHasUntilBothFilesFit) {
  const std::string new_certificate = dir_.File("new.crt"), new_key = dir_.File("new.key");
  const std::string old = dir_.File("old.crt");
  std::filesystem::copy(certificate_, old);
  MakeCertificate(new_certificate, new_key);
  std::filesystem::rename(new_certificate, certificate_);
  ExpectError(ErrorCode::kCorrupt, {"server.key"}, [&] { service_->ReloadCertificates(); });
  EXPECT_EQ(StatusTrusting(old), 200);
  service_->ReloadCertificates();  // told once
  std::filesystem::remove(key_);
  service_->ReloadCertificates();  // on its way
  std::filesystem::rename(new_key, key_);
  service_->ReloadCertificates();
  EXPECT_EQ(StatusTrusting(certificate_), 200);
  EXPECT_EQ(reloads_, 1);
}

}  // namespace
}  // namespace retort::serve
