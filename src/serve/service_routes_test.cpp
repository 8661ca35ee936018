// All of the server's endpoints: described, and locked where there is a key.
#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "serve/test_service.h"

namespace retort::serve {
namespace {

TEST_F(ServiceTest, CountsTokensAndTemplates) {
  Start();
  const Json tokens = Json::parse(Post("/tokenize", {{"content", "a<think>"}}).body);
  EXPECT_EQ(tokens["tokens"], Json({97, kThinkToken}));
  EXPECT_EQ(Json::parse(Post("/detokenize", {{"tokens", {97, 98}}}).body)["content"], "ab");
  EXPECT_EQ(Json::parse(Post("/apply-template", ChatBody("q")).body)["prompt"],
            "<|user|>q<|assistant|><think>\n");
}

TEST_F(ServiceTest, DescribesEveryRoute) {
  Start();
  std::set<std::string> described, served;
  const Json paths = Json::parse(Get("/openapi.json").body)["paths"];
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [method, operation] : methods.items()) described.insert(method + " " + path);
  }
  for (const net::Route& route : service_->routes()) {
    std::string method = route.method, path = route.pattern;
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    if (const size_t rest = path.find("...}"); rest != std::string::npos) path.erase(rest, 3);
    served.insert(method + " " + path);
  }
  EXPECT_EQ(described, served);
}

TEST_F(ServiceTest, EveryRouteNeedsTheKey) {
  Start({.access = {.keys = {"secret"}}});
  for (const net::Route& route : service_->routes()) {
    const bool probe = route.pattern == "/livez" || route.pattern == "/readyz";
    const net::Response response = Send(route.method, route.pattern, "{}");
    EXPECT_EQ(response.status == 401, !probe) << route.method << " " << route.pattern;
  }
}

}  // namespace
}  // namespace retort::serve
