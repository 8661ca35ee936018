#include "net/router.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/error.h"
#include "net/test_responder.h"
#include "tests/support/expect_error.h"

namespace retort::net {
namespace {

// Answers with its name and what the pattern's names stood for.
Handler Named(const std::string& name) {
  return [name](Request request, std::shared_ptr<Responder> responder) {
    std::string body = name;
    for (const Parameter& param : request.path_params) body += " " + param.name + "=" + param.value;
    responder->Send({.body = body});
  };
}

Response Ask(const Router& router, const std::string& method, const std::string& target) {
  const auto answer = std::make_shared<RecordedResponder>();
  Request request = {.method = method, .target = target};
  EXPECT_TRUE(ParseTarget(&request)) << target;
  router.Handle(std::move(request), answer);
  return answer->response;
}

Router ExampleRouter() {
  Router router;
  router.Add("GET", "/", Named("root"));
  router.Add("GET", "/v1/models", Named("list"));
  router.Add("GET", "/v1/models/{id}", Named("show"));
  router.Add("DELETE", "/v1/models/{id}", Named("remove"));
  router.Add("GET", "/v1/models/default", Named("default"));
  router.Add("POST", "/v1/models/{id}/load", Named("load"));
  router.Add("GET", "/assets/{file...}", Named("asset"));
  return router;
}

TEST(Router, FindsHandlersByMethodAndPath) {
  const Router router = ExampleRouter();
  EXPECT_EQ(Ask(router, "GET", "/").body, "root");
  EXPECT_EQ(Ask(router, "GET", "/v1/models?x=1").body, "list");
  EXPECT_EQ(Ask(router, "GET", "/v1/models/a").body, "show id=a");
  EXPECT_EQ(Ask(router, "DELETE", "/v1/models/a").body, "remove id=a");
  EXPECT_EQ(Ask(router, "POST", "/v1/models/a/load").body, "load id=a");
}

TEST(Router, LiteralPartsGoFirst) {
  EXPECT_EQ(Ask(ExampleRouter(), "GET", "/v1/models/default").body, "default");
  EXPECT_EQ(Ask(ExampleRouter(), "DELETE", "/v1/models/default").body, "remove id=default");
}

TEST(Router, NamesAreDecodedAfterThePathIsTakenApart) {
  const Router router = ExampleRouter();
  EXPECT_EQ(Ask(router, "GET", "/v1/models/deepseek-ai%2FR1%20x").body, "show id=deepseek-ai/R1 x");
  EXPECT_EQ(Ask(router, "GET", "/assets/css/a%20b.css").body, "asset file=css/a b.css");
  EXPECT_EQ(Ask(router, "GET", "/assets/").body, "asset file=");
  EXPECT_EQ(Ask(router, "GET", "/v1/%6dodels").body, "list");
}

TEST(Router, AnotherPathIsA404) {
  for (const char* target : {"/v1", "/v1/", "/v1/models/", "/v1/models/a/b", "/V1/models",
                             "/assets", "//", "/v1//models"}) {
    const Response response = Ask(ExampleRouter(), "GET", target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_NE(response.body.find("unknown_path"), std::string::npos);
  }
}

TEST(Router, AnotherMethodIsA405ThatListsThoseAllowed) {
  const Response response = Ask(ExampleRouter(), "PUT", "/v1/models/a");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.Get("Allow"), "DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(Ask(ExampleRouter(), "get", "/v1/models").status, 405)
      << "methods know upper and lower case";
}

TEST(Router, AnswersOptionsAndHeadByItselfAndLetsHandlersTakeThem) {
  Router router = ExampleRouter();
  const Response options = Ask(router, "OPTIONS", "/v1/models/a/load");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.Get("Allow"), "POST, OPTIONS");
  EXPECT_EQ(Ask(router, "OPTIONS", "/nowhere").status, 404);
  EXPECT_EQ(Ask(router, "HEAD", "/v1/models").body, "list");
  router.Add("HEAD", "/v1/models", Named("head"));
  router.Add("OPTIONS", "/v1/models", Named("options"));
  EXPECT_EQ(Ask(router, "HEAD", "/v1/models").body, "head");
  EXPECT_EQ(Ask(router, "OPTIONS", "/v1/models").body, "options");
}

TEST(Router, ListsItsRoutes) {
  const auto routes = ExampleRouter().routes();
  ASSERT_EQ(routes.size(), 7u);
  EXPECT_EQ(routes[3].method, "DELETE");
  EXPECT_EQ(routes[3].pattern, "/v1/models/{id}");
}

TEST(Router, RefusesPatternsThatAreMalformedOrTwice) {
  Router router = ExampleRouter();
  for (const char* pattern : {"", "a", "/{}", "/{...}", "/a{b}", "/{rest...}/a", "/a?b"}) {
    ExpectError(ErrorCode::kInvalidArgument, {"'" + std::string(pattern) + "'"},
                [&] { router.Add("GET", pattern, Named("x")); });
  }
  ExpectError(ErrorCode::kInvalidArgument, {"'/v1/models/{other}'", "'/v1/models/{id}'"},
              [&] { router.Add("GET", "/v1/models/{other}", Named("x")); });
}

}  // namespace
}  // namespace retort::net
