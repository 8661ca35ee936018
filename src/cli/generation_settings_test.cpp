#include "cli/generation_settings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

std::string Refusal(std::string_view name, const Json& value) {
  GenerationOptions options;
  const Json before = GenerationSettingsToJson(options);
  try {
    SetGenerationSetting(options, name, value);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(GenerationSettingsToJson(options), before) << name;
    return error.what();
  }
  return "accepted";
}

TEST(GenerationSettings, EachIsSetAndGivenBack) {
  const Json wanted = {{"temperature", 0.7},
                       {"top_p", 0.5},
                       {"top_k", 40},
                       {"min_p", 0.1},
                       {"repetition_penalty", 1.1},
                       {"presence_penalty", -0.5},
                       {"frequency_penalty", 0.25},
                       {"seed", 18446744073709551615u},
                       {"max_tokens", 77},
                       {"stop", {"a", "b"}},
                       {"ignore_eos", true},
                       {"think_budget", 50},
                       {"loop_guard", false}};
  GenerationOptions options;
  for (const auto& [name, value] : wanted.items()) SetGenerationSetting(options, name, value);
  const Json got = GenerationSettingsToJson(options);
  for (const GenerationSettingInfo& info : GenerationSettingInfos()) {
    const std::string name(info.name);
    EXPECT_EQ(got[name], wanted.value(name, Json())) << name;
  }
  EXPECT_EQ(options.sampling.top_k, 40);
  EXPECT_EQ(options.stop.size(), 2u);
}

TEST(GenerationSettings, TextIsReadAsWhatItLooksLike) {
  GenerationOptions options;
  SetGenerationSettingFromText(options, "max-tokens", "1e3");
  EXPECT_EQ(options.max_tokens, 1000);
  SetGenerationSettingFromText(options, "stop", "END OF TEXT");
  EXPECT_EQ(options.stop, (std::vector<std::string>{"END OF TEXT"}));
  SetGenerationSettingFromText(options, "stop", "[]");
  EXPECT_TRUE(options.stop.empty());
  SetGenerationSettingFromText(options, "ignore_eos", "true");
  EXPECT_TRUE(options.ignore_eos);
}

TEST(GenerationSettings, ABudgetMayBeTakenBack) {
  GenerationOptions options;
  SetGenerationSettingFromText(options, "think_budget", "7");
  EXPECT_EQ(options.thinking.budget, 7);
  SetGenerationSettingFromText(options, "think_budget", "none");
  EXPECT_EQ(options.thinking.budget, std::nullopt);
  EXPECT_NE(Refusal("think_budget", -1), "accepted");
}

TEST(GenerationSettings, WrongValuesAreRefusedByName) {
  EXPECT_EQ(Refusal("top_k", 1.5), "top_k is 1.5; give a whole number");
  EXPECT_EQ(Refusal("top_k", 1e12), "top_k is 1000000000000.0; give a whole number");
  EXPECT_EQ(Refusal("seed", -1), "seed is -1; give a whole number, 0 or more");
  EXPECT_EQ(Refusal("temperature", "warm"), "temperature is \"warm\"; give a number");
  EXPECT_EQ(Refusal("ignore_eos", 1), "ignore_eos is 1; give true or false");
  EXPECT_EQ(Refusal("stop", {1, 2}), "stop is [1,2]; give a text or a list of texts");
  EXPECT_EQ(Refusal("max_tokens", 0), "max_tokens is 0; give 1 or more");
  EXPECT_NE(Refusal("top_p", 2).find("top_p"), std::string::npos);
  EXPECT_TRUE(
      Refusal("warmth", 1).starts_with("there is no setting warmth; there are temperature"));
}

}  // namespace
}  // namespace retort
