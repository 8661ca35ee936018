#include "net/http_message.h"

#include <gtest/gtest.h>

namespace retort::net {
namespace {

Request WithTarget(const std::string& method, const std::string& target) {
  return {.method = method, .target = target};
}

TEST(HttpMessage, FindsHeadersInAnyCaseAndTheFirstOfSeveral) {
  Headers headers = {{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
  EXPECT_EQ(headers.Get("content-TYPE"), "a");
  EXPECT_EQ(headers.Get("x"), "1");
  EXPECT_EQ(headers.Count("X"), 2u);
  EXPECT_EQ(headers.Find("Content-Typ"), nullptr);
  EXPECT_EQ(headers.Get("y", "none"), "none");
  headers.Set("X", "3");
  EXPECT_EQ(headers.Count("x"), 1u);
  EXPECT_EQ(headers.Get("x"), "3");
  headers.Remove("CONTENT-type");
  EXPECT_EQ(headers.size(), 1u);
}

TEST(HttpMessage, FindsTokensInListsAcrossFields) {
  const Headers headers = {{"Connection", "keep-alive , Upgrade"}, {"connection", "CLOSE"}};
  EXPECT_TRUE(headers.HasToken("connection", "upgrade"));
  EXPECT_TRUE(headers.HasToken("connection", "close"));
  EXPECT_FALSE(headers.HasToken("connection", "clos"));
  EXPECT_FALSE(headers.HasToken("connection", ""));
}

TEST(HttpMessage, DecodesPathAndQuery) {
  Request request = WithTarget("GET", "/v1/a%2Fb/%E6%A8%A1?limit=3&name=a+b%26c&flag&&limit=4");
  ASSERT_TRUE(ParseTarget(&request));
  EXPECT_EQ(request.path, "/v1/a/b/模");
  EXPECT_EQ(PathOfTarget(request.target), "/v1/a%2Fb/%E6%A8%A1");
  ASSERT_EQ(request.query.size(), 4u);
  EXPECT_EQ(*request.Query("limit"), "3");
  EXPECT_EQ(*request.Query("name"), "a b&c");
  EXPECT_EQ(*request.Query("flag"), "");
  EXPECT_EQ(request.Query("absent"), nullptr);
}

TEST(HttpMessage, APlusInAPathIsAPlus) {
  Request request = WithTarget("GET", "/a+b");
  ASSERT_TRUE(ParseTarget(&request));
  EXPECT_EQ(request.path, "/a+b");
}

TEST(HttpMessage, UnderstandsTargetsAsProxiesAreAsked) {
  Request request = WithTarget("GET", "http://host:8080/v1/models?x=1");
  ASSERT_TRUE(ParseTarget(&request));
  EXPECT_EQ(request.target, "/v1/models?x=1");
  EXPECT_EQ(request.path, "/v1/models");
  request = WithTarget("GET", "http://host");
  ASSERT_TRUE(ParseTarget(&request));
  EXPECT_EQ(request.path, "/");
}

TEST(HttpMessage, RefusesTargetsThatAreNoPath) {
  for (const char* target : {"", "a", "*", "host:80", "ftp://host/a", "/%", "/%4", "/%zz", "/%00",
                             "/%ff", "/?a=%c0%80", "/?%f"}) {
    Request request = WithTarget("GET", target);
    EXPECT_FALSE(ParseTarget(&request)) << target;
  }
  Request request = WithTarget("OPTIONS", "*");
  EXPECT_TRUE(ParseTarget(&request));
}

TEST(HttpMessage, DropsWhatStandsBehindANumberSign) {
  Request request = WithTarget("GET", "/a?b=c#d?e=f");
  ASSERT_TRUE(ParseTarget(&request));
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(*request.Query("b"), "c");
}

}  // namespace
}  // namespace retort::net
