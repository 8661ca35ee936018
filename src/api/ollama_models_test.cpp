#include "api/ollama_models.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

OllamaModel SomeModel() {
  return {.name = "r1-1.5b",
          .modified = 1767225600,
          .size = 1117320768,
          .digest = "ab12",
          .family = "qwen2",
          .parameter_size = "1.8B",
          .quantization = "Q4_K_M"};
}

TEST(OllamaModels, ListsThem) {
  const Json tags = OllamaTagsJson({SomeModel()});
  const Json& entry = tags["models"][0];
  EXPECT_EQ(entry["name"], "r1-1.5b");
  EXPECT_EQ(entry["model"], "r1-1.5b");
  EXPECT_EQ(entry["modified_at"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(entry["details"]["quantization_level"], "Q4_K_M");
  EXPECT_EQ(entry["details"]["families"], Json::array({"qwen2"}));
}

TEST(OllamaModels, SaysWhatIsLoaded) {
  const Json ps =
      OllamaPsJson({{.model = SomeModel(), .expires = 1767225600, .context_length = 4096},
                    {.model = SomeModel()}});
  EXPECT_EQ(ps["models"][0]["expires_at"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(ps["models"][0]["context_length"], 4096);
  EXPECT_EQ(ps["models"][1]["expires_at"], "2100-01-01T00:00:00Z");
}

TEST(OllamaModels, ShowsOne) {
  const Json show = OllamaShowJson({.model = SomeModel(), .chat_template = "{{ messages }}"});
  EXPECT_EQ(show["template"], "{{ messages }}");
  EXPECT_EQ(show["capabilities"], Json::array({"completion", "thinking"}));
  EXPECT_EQ(OllamaVersionJson("0.1.0"), Json::parse(R"({"version": "0.1.0"})"));
}

TEST(OllamaModels, AsksByEitherName) {
  EXPECT_EQ(ParseOllamaShow(Body(R"({"model": "a", "verbose": true})")).model, "a");
  EXPECT_EQ(ParseOllamaShow(Body(R"({"name": "a"})")).model, "a");
  EXPECT_EQ(RefusalOf([] { ParseOllamaShow(Body("{}")); }).param, "model");
  EXPECT_EQ(RefusalOf([] { ParseOllamaShow(Body(R"({"model": 5})")); }).param, "model");
}

}  // namespace
}  // namespace retort::api
