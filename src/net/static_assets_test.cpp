#include "net/static_assets.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/support/expect_error.h"

namespace retort::net {
namespace {

StaticAssets ExampleAssets() {
  StaticAssets assets;
  assets.Add("/app.js", {.bytes = "let a", .gzip = "packed", .content_type = "text/javascript"});
  assets.Add("/logo.png", {.bytes = "png", .cache_control = "max-age=60"});
  return assets;
}

Response Fetch(const Headers& headers, const std::string& path = "/app.js") {
  const auto response = ExampleAssets().Find({.method = "GET", .path = path, .headers = headers});
  EXPECT_TRUE(response.has_value());
  return response.value_or(Response{.status = 0});
}

TEST(StaticAssets, AnswersWithBytesTypeAndTag) {
  const Response response = Fetch({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "let a");
  EXPECT_EQ(response.headers.Get("Content-Type"), "text/javascript");
  EXPECT_EQ(response.headers.Get("Cache-Control"), "no-cache");
  EXPECT_EQ(response.headers.Get("Vary"), "Accept-Encoding");
  EXPECT_EQ(response.headers.Get("ETag").size(), 34u);
  EXPECT_EQ(response.headers.Find("Content-Encoding"), nullptr);
  const Response logo = Fetch({{"Accept-Encoding", "gzip"}}, "/logo.png");
  EXPECT_EQ(logo.body, "png");
  EXPECT_EQ(logo.headers.Find("Vary"), nullptr);
  EXPECT_NE(logo.headers.Get("ETag"), response.headers.Get("ETag"));
}

TEST(StaticAssets, SendsThePackedFormUnderATagOfItsOwn) {
  const Response packed = Fetch({{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(packed.body, "packed");
  EXPECT_EQ(packed.headers.Get("Content-Encoding"), "gzip");
  EXPECT_NE(packed.headers.Get("ETag"), Fetch({}).headers.Get("ETag"));
}

TEST(StaticAssets, SendsNothingToWhoHasItAlready) {
  const std::string tag(Fetch({}).headers.Get("ETag"));
  for (const std::string& header : {tag, "\"other\", " + tag, "W/" + tag, std::string("*")}) {
    const Response response = Fetch({{"If-None-Match", header}});
    EXPECT_EQ(response.status, 304) << header;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.headers.Get("ETag"), tag);
  }
  EXPECT_EQ(Fetch({{"If-None-Match", "\"other\""}}).status, 200);
  EXPECT_EQ(Fetch({{"If-None-Match", tag}, {"Accept-Encoding", "gzip"}}).status, 200)
      << "that is the tag of the other form";
}

TEST(StaticAssets, LeavesEverythingElseToOthers) {
  EXPECT_FALSE(ExampleAssets().Find({.method = "GET", .path = "/nothing"}));
  EXPECT_FALSE(ExampleAssets().Find({.method = "GET", .path = "/../app.js"}));
  EXPECT_FALSE(ExampleAssets().Find({.method = "POST", .path = "/app.js"}));
  EXPECT_TRUE(ExampleAssets().Find({.method = "HEAD", .path = "/app.js"}));
  StaticAssets assets = ExampleAssets();
  ExpectError(ErrorCode::kInvalidArgument, {"'/app.js'"},
              [&] { assets.Add("/app.js", {.bytes = ""}); });
  EXPECT_EQ(assets.paths().size(), 2u);
}

TEST(StaticAssets, ReadsWhichFormsAClientTakes) {
  const auto accepts = [](const char* value) {
    return AcceptsGzip(Headers{{"Accept-Encoding", value}});
  };
  EXPECT_FALSE(AcceptsGzip({}));
  EXPECT_TRUE(accepts("gzip"));
  EXPECT_TRUE(accepts("deflate, GZIP;q=0.5"));
  EXPECT_TRUE(accepts("*"));
  EXPECT_TRUE(accepts("gzip;q=0.001"));
  EXPECT_FALSE(accepts("gzip;q=0"));
  EXPECT_FALSE(accepts("gzip ; q=0.000, *"));
  EXPECT_FALSE(accepts("*;q=0"));
  EXPECT_FALSE(accepts("br, gzipped"));
  EXPECT_FALSE(accepts(""));
}

}  // namespace
}  // namespace retort::net
