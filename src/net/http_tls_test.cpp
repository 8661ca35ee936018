// The same server over TLS, with a certificate that OpenSSL's command makes for the test.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "base/error.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/test_sockets.h"
#include "tests/support/expect_error.h"
#include "tests/support/make_certificate.h"
#include "tests/support/temp_dir.h"

namespace retort::net {
namespace {

class HttpTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new TempDir;
    MakeCertificate(Certificate(), Key());
  }
  static void TearDownTestSuite() { delete dir_; }
  static std::string Certificate() { return dir_->File("server.crt"); }
  static std::string Key() { return dir_->File("server.key"); }
  static ServerOptions Options() { return {.certificate_file = Certificate(), .key_file = Key()}; }
  static ClientOptions Trusting(uint16_t port, const std::string& host = "127.0.0.1") {
    return {.host = host, .port = port, .tls = true, .ca_file = Certificate()};
  }

  static inline TempDir* dir_ = nullptr;
};

TEST_F(HttpTls, ServesRequestsAndStreams) {
  HttpServer server(Options(), [](Request request, std::shared_ptr<Responder> responder) {
    EXPECT_TRUE(request.tls);
    if (request.path == "/stream") {
      std::thread([responder] {
        responder->Start(200, {});
        for (int i = 0; i < 200; ++i) responder->Write("token ");
        responder->End();
      }).detach();
    } else {
      responder->Send({.body = request.body});
    }
  });
  server.Start();
  for (const char* host : {"127.0.0.1", "localhost"}) {
    HttpClient client(Trusting(server.port(), host));
    const std::string body(300'000, 'a');
    EXPECT_EQ(client.Send({.method = "POST", .body = body}).body, body);
    EXPECT_EQ(client.Send({.target = "/stream"}).body.size(), 1200u);
    EXPECT_EQ(client.Send({}).status, 200);
  }
  EXPECT_EQ(server.counters().connections_accepted, 2u);
}

TEST_F(HttpTls, ClosesSoThatTheClientKnowsThatItHasAll) {
  HttpServer server(Options(), [](Request, std::shared_ptr<Responder> responder) {
    responder->Send({.headers = {{"Connection", "close"}}, .body = "all"});
  });
  server.Start();
  HttpClient client(Trusting(server.port()));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.Send({}).body, "all");
  client.Close();
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }, 1));
}

TEST_F(HttpTls, NoticesThatAClientIsGone) {
  std::atomic<bool> running = false, closed = false;
  std::shared_ptr<Responder> kept;
  HttpServer server(Options(), [&](Request, std::shared_ptr<Responder> responder) {
    responder->OnClosed([&] { closed = true; });
    kept = std::move(responder);
    running = true;
  });
  server.Start();
  ClientOptions options = Trusting(server.port());
  options.silence_seconds = 0.5;
  HttpClient client(options);
  EXPECT_THROW(client.Send({}), Error);
  EXPECT_TRUE(running);
  EXPECT_TRUE(Eventually([&] { return closed.load(); }, 1));
}

TEST_F(HttpTls, ShutsOutWhoDoesNotSpeakItOrNeverEndsItsGreeting) {
  ServerOptions options = Options();
  options.limits.header_seconds = 0.2;
  HttpServer server(options,
                    [](Request, std::shared_ptr<Responder> responder) { responder->Send({}); });
  server.Start();
  RawClient plain(server.port());
  plain.Send(Get("/"));
  EXPECT_EQ(plain.ReadAll().find("HTTP"), std::string::npos);
  RawClient silent(server.port());
  EXPECT_EQ(silent.ReadAll(), "");
  silent.Close();
  plain.Close();
  EXPECT_TRUE(Eventually([&] { return server.counters().connections_open == 0; }));
}

TEST_F(HttpTls, AClientTrustsNobodyByDefaultNorAnotherName) {
  HttpServer server(Options(),
                    [](Request, std::shared_ptr<Responder> responder) { responder->Send({}); });
  server.Start();
  HttpClient stranger({.port = server.port(), .tls = true});
  ExpectError(ErrorCode::kUnavailable, {"TLS"}, [&] { stranger.Send({}); });
  HttpClient other_name(Trusting(server.port(), "127.0.0.2"));
  EXPECT_THROW(other_name.Send({}), Error);
}

TEST_F(HttpTls, NamesFilesThatAreMissingOrWrong) {
  const auto start = [](const std::string& certificate, const std::string& key) {
    HttpServer server({.certificate_file = certificate, .key_file = key}, nullptr);
    server.Start();
  };
  const std::string missing = dir_->File("none.pem"), wrong = dir_->File("wrong.pem");
  std::ofstream(wrong) << "not a certificate\n";
  ExpectError(ErrorCode::kNotFound, {"none.pem"}, [&] { start(missing, Key()); });
  ExpectError(ErrorCode::kNotFound, {"none.pem"}, [&] { start(Certificate(), missing); });
  ExpectError(ErrorCode::kCorrupt, {"wrong.pem"}, [&] { start(wrong, Key()); });
  ExpectError(ErrorCode::kCorrupt, {"wrong.pem"}, [&] { start(Certificate(), wrong); });
  ExpectError(ErrorCode::kInvalidArgument, {"certificate"}, [&] { start(Certificate(), ""); });
}

TEST_F(HttpTls, SpeaksNoVersionThatIsOutOfDate) {
  HttpServer server(Options(), nullptr);
  server.Start();
  const auto greet = [&](const std::string& version) {
    const std::string command =
        "openssl s_client -connect 127.0.0.1:" + std::to_string(server.port()) +
        " -cipher DEFAULT@SECLEVEL=0 " + version + " < /dev/null > /dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  };
  EXPECT_TRUE(greet("-tls1_3"));
  EXPECT_TRUE(greet("-tls1_2"));
  EXPECT_FALSE(greet("-tls1_1"));
  EXPECT_FALSE(greet("-tls1"));
}

TEST_F(HttpTls, TakesNoKeyOfAnotherCertificate) {
  const std::string other = dir_->File("other.crt"), other_key = dir_->File("other.key");
  for (const char* kind : {"ec -pkeyopt ec_paramgen_curve:prime256v1", "rsa:2048"}) {
    MakeCertificate(other, other_key, kind);
    HttpServer server({.certificate_file = other, .key_file = Key()}, nullptr);
    ExpectError(ErrorCode::kCorrupt, {"server.key"}, [&] { server.Start(); });
  }
}

TEST_F(HttpTls, NewConnectionsGetTheCertificateThatHasReplacedAnother) {
  const std::string certificate = dir_->File("changing.crt"), key = dir_->File("changing.key");
  MakeCertificate(certificate, key);
  HttpServer server({.certificate_file = certificate, .key_file = key},
                    [](Request, std::shared_ptr<Responder> responder) { responder->Send({}); });
  server.Start();
  const auto trusting = [&] {
    return ClientOptions{.port = server.port(), .tls = true, .ca_file = certificate};
  };
  HttpClient old(trusting());
  EXPECT_EQ(old.Send({}).status, 200);
  std::ofstream(key) << "not a key\n";
  ExpectError(ErrorCode::kCorrupt, {"changing.key"}, [&] { server.ReloadCertificates(); });
  EXPECT_EQ(HttpClient(trusting()).Send({}).status, 200) << "it goes on with what it has";
  MakeCertificate(certificate, key);
  server.ReloadCertificates();
  EXPECT_EQ(HttpClient(trusting()).Send({}).status, 200) << "which trusts the new one alone";
  EXPECT_EQ(old.Send({}).status, 200) << "open connections live on";
}

}  // namespace
}  // namespace retort::net
