// A trained Llama as a folder of safetensors, 260,000 weights that tell stories: greedy decoding
// must give the very tokens of the program that it was trained for, on every backend.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/model/model_under_test.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

class Stories : public ::testing::TestWithParam<BackendSpec> {};

int32_t Likeliest(std::span<const float> logits) {
  return static_cast<int32_t>(std::ranges::max_element(logits) - logits.begin());
}

TEST_P(Stories, AreToldAsByTheProgramThatTheyWereMadeFor) {
  const std::string folder = SharedData("data/weights/stories260K");
  if (folder.empty()) GTEST_SKIP() << kNoSharedData;
  std::ifstream file(folder + "/golden_greedy.json");
  const nlohmann::json golden = nlohmann::json::parse(file);
  const std::vector<int32_t> expected = golden.at("greedy_ids");
  const std::vector<float> first_logits = golden.at("logits_pos0");
  ASSERT_EQ(expected.size(), 199u);

  ModelUnderTest story(folder, GetParam(),
                       {.max_rows = 16, .kv = {.block_size = 16, .num_blocks = 16}});
  std::vector<int32_t> told;
  int32_t token = golden.at("prompt_ids").at(0);
  while (told.size() < expected.size()) {
    const std::span<const float> logits = story.model().Forward(
        OneSequence({&token, 1}, static_cast<int32_t>(told.size()), RowRole::kGenerated, 16));
    for (size_t i = 0; told.empty() && i < first_logits.size(); ++i) {
      EXPECT_NEAR(logits[i], first_logits[i], 0.02) << i;
    }
    token = Likeliest(logits);
    told.push_back(token);
  }
  EXPECT_EQ(told, expected);
}

INSTANTIATE_TEST_SUITE_P(All, Stories, ::testing::ValuesIn(AllBackends()),
                         [](const ::testing::TestParamInfo<BackendSpec>& param_info) {
                           return SpecName(param_info.param);
                         });

}  // namespace
}  // namespace retort
