#include "cli/score_json.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

class ScoreJsonTest : public ::testing::Test {
 protected:
  void ExpectRefused(const Json& request, const std::string& part) {
    try {
      ScoreJson(request, *model_, {});
      ADD_FAILURE() << "accepted " << request.dump();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }

  std::unique_ptr<LoadedModel> model_ =
      LoadModel(TestData("models/tiny-llama.gguf"), {.backend = "reference", .kv_tokens = 128});
};

// The vectors that Transformers made beside the model.
TEST_F(ScoreJsonTest, AnswersWithTheModelsLogits) {
  const Json vectors = Json::parse(std::ifstream(TestData("models/tiny-llama.json")));
  const Json& ids = vectors["ids"];
  Json probe_ids = Json::array();
  for (int id = 0; id < 320; ++id) probe_ids.push_back(id);
  const Json answer = ScoreJson({{"ids", ids}, {"probe_ids", probe_ids}}, *model_, {.greedy = 3});
  EXPECT_EQ(answer["nll"].size(), ids.size() - 1);
  EXPECT_EQ(answer["argmax"].size(), ids.size());
  EXPECT_EQ(answer["top"].size(), 64u);
  EXPECT_EQ(answer["greedy"].size(), 3u);
  EXPECT_EQ(answer["greedy"][0], answer["argmax"].back());
  EXPECT_EQ(answer["top"][0][0], answer["argmax"].back());
  EXPECT_FALSE(answer.contains("ids"));
  const Json& expected = vectors["logits"].back();  // after the last id
  for (size_t id = 0; id < 320; ++id) {
    EXPECT_NEAR(answer["probe_logits"][id].get<double>(), expected[id].get<double>(), 2e-4) << id;
  }
}

TEST_F(ScoreJsonTest, TakesText) {
  const Json of_text = ScoreJson({{"text", "the fox<|im_end|>"}}, *model_, {});
  const Json of_ids = ScoreJson({{"ids", of_text["ids"]}}, *model_, {});
  EXPECT_EQ(of_text["ids"], Json(model_->tokenizer().Encode("the fox<|im_end|>")));
  EXPECT_EQ(of_text["nll"], of_ids["nll"]);
}

TEST_F(ScoreJsonTest, RolesAgreeOnTheReference) {
  const Json request = {{"text", "this is the answer"}};
  EXPECT_EQ(ScoreJson(request, *model_, {.role = RowRole::kPrompt}),
            ScoreJson(request, *model_, {.role = RowRole::kGenerated}));
}

TEST_F(ScoreJsonTest, RefusesOtherLines) {
  ExpectRefused(Json::object(), R"(either "ids" or "text")");
  ExpectRefused({{"ids", {1}}, {"text", "a"}}, R"(either "ids" or "text")");
  ExpectRefused({{"text", 5}}, "text is 5");
  ExpectRefused({{"text", ""}}, "ids is empty");
  ExpectRefused({{"ids", "x"}}, "ids is \"x\"");
  ExpectRefused({{"ids", {1, 1.5}}}, "ids[1] is 1.5");
  ExpectRefused({{"ids", {99999999999}}}, "ids[0] is 99999999999");
  ExpectRefused({{"ids", {320}}}, "ids[0] is 320, must be 0 to 319");
  ExpectRefused({{"ids", {1}}, {"probe_ids", {-1}}}, "probe_ids[0] is -1");
}

}  // namespace
}  // namespace retort
