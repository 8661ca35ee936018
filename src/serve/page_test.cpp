// The page as the server hands it out; what it does in a browser, tests/page/ looks at.
#include "serve/page.h"

#include <set>
#include <string>

#include "serve/test_service.h"

namespace retort::serve {
namespace {

std::string HeaderOf(const net::Response& response, const std::string& name) {
  return std::string(response.headers.Get(name));
}

TEST_F(ServiceTest, GivesThePageToAnyoneAndForbidsItsBrowserTheRest) {
  Start({.access = {.keys = {"secret"}}});
  const net::Response page = Get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(HeaderOf(page, "Content-Type"), "text/html; charset=utf-8");
  const std::string policy = HeaderOf(page, "Content-Security-Policy");
  for (const char* part : {"default-src 'none'", "script-src 'self';", "style-src 'self';",
                           "frame-ancestors 'none'", "require-trusted-types-for 'script'"}) {
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(Send("POST", "/").status, 401);  // a page alone is no interface
  EXPECT_EQ(Get("/retort/v1/models").status, 401);
}

TEST_F(ServiceTest, GivesEveryFileOfThePageWithItsTypeAndOnlyWhenItChanged) {
  Start();
  std::set<std::string> urls;
  for (const EmbeddedFile& file : PageFiles()) {
    EXPECT_TRUE(urls.emplace(file.url).second) << file.url;
    const net::Response whole = Get(std::string(file.url));
    EXPECT_EQ(whole.status, 200) << file.url;
    EXPECT_EQ(whole.body, file.plain.view()) << file.url;
    if (file.url.ends_with(".js")) {
      EXPECT_EQ(HeaderOf(whole, "Content-Type"), "text/javascript; charset=utf-8");
    }
  }
  for (const char* wanted :
       {"/", "/js/main.js", "/css/base.css", "/lib/katex.js", "/lib/fonts/KaTeX_Main-Regular.woff2",
        "/lib/licences/node-dompurify.txt"}) {
    EXPECT_TRUE(urls.contains(wanted)) << wanted;
  }
  net::HttpClient client({.port = service_->port()});
  const std::string tag = HeaderOf(Get("/js/main.js"), "ETag");
  EXPECT_EQ(client.Send({.target = "/js/main.js", .headers = {{"If-None-Match", tag}}}).status,
            304);
  EXPECT_EQ(Get("/js/none.js").status, 404);
}

TEST_F(ServiceTest, TellsWhatAModelDoesByItself) {
  ServiceOptions options;
  options.defaults.top_p = 0.9;
  options.defaults.thinking_budget = 500;
  Start(std::move(options));
  const Json model = Json::parse(Get("/retort/v1/models/r1").body);
  EXPECT_EQ(model["thinking"], "forced");
  EXPECT_EQ(model["defaults"]["temperature"], 0);
  EXPECT_EQ(model["defaults"]["top_p"], 0.9);
  EXPECT_EQ(model["defaults"]["thinking_budget"], 500);
  EXPECT_TRUE(model["defaults"]["max_tokens"].is_null());
}

TEST_F(ServiceTest, ListsWhatThereIsToPull) {
  Start();
  const Json catalogue = Json::parse(Get("/retort/v1/catalogue").body);
  EXPECT_EQ(catalogue["can_pull"], false);
  bool found = false;
  for (const Json& model : catalogue["models"]) {
    found |= model["name"] == "r1-distill-qwen-1.5b" && !model["files"].empty();
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace retort::serve
