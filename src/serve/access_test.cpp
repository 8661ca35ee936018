#include "serve/access.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/expect_error.h"
#include "tests/support/temp_dir.h"

namespace retort::serve {
namespace {

net::Request Ask(const std::string& path, net::Headers headers) {
  return {.id = "1", .method = "GET", .path = path, .headers = std::move(headers)};
}

int StatusOf(const Access& access, const net::Request& request) {
  const auto refusal = access.Check(request);
  return refusal ? refusal->status : 200;
}

void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

TEST(Access, WithoutKeysAnswersToThisMachinesNames) {
  const Access access({.hosts = {"box.example"}});
  const auto with_host = [&](const char* host) {
    return StatusOf(access, Ask("/v1/models", {{"Host", host}}));
  };
  for (const char* host : {"localhost", "localhost:7860", "LOCALHOST", "127.0.0.1:7860",
                           "127.1.2.3", "[::1]:7860", "[::1]", "box.example:80", "a.localhost"}) {
    EXPECT_EQ(with_host(host), 200) << host;
  }
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", "127.evil", "localhost.evil",
                           "10.0.0.1", "notlocalhost"}) {
    EXPECT_EQ(with_host(host), 403) << host;
  }
}

TEST(Access, BoundBeyondThisMachineTakesAnyName) {
  const Access access({.any_host = true});
  EXPECT_EQ(StatusOf(access, Ask("/v1/models", {{"Host", "gpu.example"}})), 200);
}

TEST(Access, RefusesPagesOfOthers) {
  const Access access({.origins = {"https://chat.example"}});
  const auto from = [&](const char* origin) {
    return StatusOf(access, Ask("/", {{"Host", "localhost:7860"}, {"Origin", origin}}));
  };
  EXPECT_EQ(from("http://localhost:7860"), 200) << "its own page";
  EXPECT_EQ(from("https://chat.example"), 200);
  EXPECT_EQ(from("https://evil.example"), 403);
  EXPECT_EQ(from("null"), 403);
  EXPECT_EQ(from("http://localhost:1"), 403);
}

TEST(Access, TellsBrowsersWhatIsAllowed) {
  const Access access({.origins = {"https://chat.example"}});
  net::Request request = Ask("/", {{"Host", "localhost"}, {"Origin", "https://chat.example"}});
  EXPECT_EQ(access.CorsHeaders(request).Get("Access-Control-Allow-Origin"), "https://chat.example");
  request.headers.Set("Origin", "https://evil.example");
  EXPECT_TRUE(access.CorsHeaders(request).empty());
  EXPECT_TRUE(Access({}).CorsHeaders(request).empty()) << "off unless asked for";
}

TEST(Access, WithKeysEveryPathButTheProbesNeedsOne) {
  const Access access({.keys = {"first", "second"}});
  for (const char* path : {"/", "/v1/models", "/metrics", "/health", "/retort/v1/models"}) {
    EXPECT_EQ(StatusOf(access, Ask(path, {})), 401) << path;
    EXPECT_EQ(StatusOf(access, Ask(path, {{"Authorization", "Bearer second"}})), 200) << path;
    EXPECT_EQ(StatusOf(access, Ask(path, {{"Authorization", "bearer first"}})), 200) << path;
    EXPECT_EQ(StatusOf(access, Ask(path, {{"X-Api-Key", "first"}})), 200) << path;
  }
  for (const char* wrong : {"Bearer firs", "Bearer firstt", "Bearer ", "first", "Basic first"}) {
    EXPECT_EQ(StatusOf(access, Ask("/v1/models", {{"Authorization", wrong}})), 401) << wrong;
  }
  EXPECT_EQ(StatusOf(access, Ask("/livez", {})), 200);
  EXPECT_EQ(StatusOf(access, Ask("/readyz", {})), 200);
  EXPECT_EQ(access.Check(Ask("/", {{"Authorization", "Bearer wrong"}}))->message.find("wrong"),
            std::string::npos)
      << "keys are not shown";
}

TEST(Access, ReadsItsFileAgainWhenItChanges) {
  const TempDir dir;
  const std::string file = dir.path() + "/keys";
  Write(file, "# ours\none\r\n\ntwo\n");
  Access access({.keys_file = file});
  const auto status = [&](const char* key) {
    return StatusOf(access, Ask("/", {{"X-Api-Key", key}}));
  };
  EXPECT_EQ(status("one"), 200);
  EXPECT_EQ(status("two"), 200);
  EXPECT_EQ(status("# ours"), 401);
  EXPECT_FALSE(access.Reload()) << "unchanged";
  Write(file, "three and more\n");
  EXPECT_TRUE(access.Reload());
  EXPECT_EQ(status("three and more"), 200);
  EXPECT_EQ(status("one"), 401);
  Write(file, "\n");
  ExpectError(ErrorCode::kCorrupt, {"there is no key"}, [&] { access.Reload(); });
  EXPECT_EQ(status("three and more"), 200) << "what was there stays";
}

TEST(Access, NamesAFileThatIsNotThere) {
  ExpectError(ErrorCode::kNotFound, {"/nowhere/keys"},
              [] { Access({.keys_file = "/nowhere/keys"}); });
}

}  // namespace
}  // namespace retort::serve
