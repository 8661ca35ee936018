#include "api/openai_models.h"

#include <gtest/gtest.h>

namespace retort::api {
namespace {

TEST(OpenAiModels, ListsWhatIsKnown) {
  const Json list = ModelListJson(
      {{.id = "r1", .created = 7}, {.id = "b", .state = "loaded", .max_model_len = 4096}});
  EXPECT_EQ(list, Json::parse(R"({"object": "list", "data": [
      {"id": "r1", "object": "model", "created": 7, "owned_by": "retort"},
      {"id": "b", "object": "model", "created": 0, "owned_by": "retort", "state": "loaded",
       "max_model_len": 4096}]})"));
}

}  // namespace
}  // namespace retort::api
