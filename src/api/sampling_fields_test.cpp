#include "api/sampling_fields.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

GenerateRequest ReadSamplingOf(const char* text, const RequestLimits& limits = {}) {
  const Json body = Body(text);
  FieldReader fields(body, "");
  GenerateRequest request;
  ReadSampling(fields, limits, &request);
  return request;
}

Refusal RefusalOfSampling(const char* text, const RequestLimits& limits = {}) {
  return RefusalOf([&] { ReadSamplingOf(text, limits); });
}

TEST(SamplingFields, LeavesOpenWhatIsLeftOut) {
  const GenerateRequest request = ReadSamplingOf("{}");
  EXPECT_FALSE(request.temperature || request.top_p || request.top_k || request.min_p);
  EXPECT_FALSE(request.seed || request.repetition_penalty || request.thinking.loop_guard);
  EXPECT_EQ(request.n, 1);
  EXPECT_TRUE(request.stop.empty() && request.logit_bias.empty() && request.warnings.empty());
}

TEST(SamplingFields, ReadsAll) {
  const GenerateRequest request = ReadSamplingOf(R"({"temperature": 0.6, "top_p": 0.95, "top_k": 20,
      "min_p": 0.05, "frequency_penalty": -2, "presence_penalty": 2, "repetition_penalty": 1.1,
      "seed": 7, "n": 3, "stop": ["a", "b"], "min_tokens": 5, "ignore_eos": true,
      "return_token_ids": true, "loop_guard": false, "constrain_thinking": true, "logit_bias": {"42": -100, "7": 1.5}})");
  EXPECT_EQ(request.temperature, 0.6);
  EXPECT_EQ(request.top_p, 0.95);
  EXPECT_EQ(request.top_k, 20);
  EXPECT_EQ(request.min_p, 0.05);
  EXPECT_EQ(request.frequency_penalty, -2);
  EXPECT_EQ(request.presence_penalty, 2);
  EXPECT_EQ(request.repetition_penalty, 1.1);
  EXPECT_EQ(request.seed, 7u);
  EXPECT_EQ(request.n, 3);
  EXPECT_EQ(request.stop, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(request.min_tokens, 5);
  EXPECT_TRUE(request.ignore_eos && request.return_token_ids && request.constrain_thinking);
  EXPECT_EQ(request.thinking.loop_guard, false);
  EXPECT_EQ(request.logit_bias, (std::vector<std::pair<int32_t, double>>{{42, -100.0}, {7, 1.5}}));
}

TEST(SamplingFields, TakesOtherNamesAndForms) {
  EXPECT_EQ(ReadSamplingOf(R"({"repeat_penalty": 1.2})").repetition_penalty, 1.2);
  EXPECT_EQ(ReadSamplingOf(R"({"top_k": -1})").top_k, 0);
  EXPECT_EQ(ReadSamplingOf(R"({"stop": "x"})").stop, std::vector<std::string>{"x"});
  EXPECT_TRUE(ReadSamplingOf(R"({"stop": []})").stop.empty());
  EXPECT_EQ(ReadSamplingOf(R"({"seed": -1})").seed, std::nullopt);
  EXPECT_EQ(ReadSamplingOf(R"({"seed": 18446744073709551615})").seed, ~uint64_t{0});
  EXPECT_EQ(ReadSamplingOf(R"({"seed": -5})").seed, static_cast<uint64_t>(int64_t{-5}));
  EXPECT_EQ(ReadSamplingOf(R"({"n_cmpl": 2})").n, 2);
  EXPECT_TRUE(ReadSamplingOf(R"({"return_tokens": true})").return_token_ids);
  EXPECT_EQ(ReadSamplingOf(R"({"repetition_detection": {"min_count": 4}})").thinking.loop_guard,
            true);
  EXPECT_EQ(ReadSamplingOf(R"({"logit_bias": [[42, -1]]})").logit_bias.at(0).first, 42);
}

TEST(SamplingFields, WarnsOfTemperatureZero) {
  EXPECT_EQ(ReadSamplingOf(R"({"temperature": 0})").warnings.size(), 1u);
  EXPECT_EQ(ReadSamplingOf(R"({"temperature": 0.1})").warnings.size(), 0u);
}

TEST(SamplingFields, NamesWhatIsOutOfRange) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"temperature": 2.1})", "temperature"},
      {R"({"temperature": -0.1})", "temperature"},
      {R"({"top_p": 0})", "top_p"},
      {R"({"top_p": 1.01})", "top_p"},
      {R"({"top_k": -2})", "top_k"},
      {R"({"min_p": 1})", "min_p"},
      {R"({"frequency_penalty": 2.5})", "frequency_penalty"},
      {R"({"presence_penalty": -2.5})", "presence_penalty"},
      {R"({"repetition_penalty": 0})", "repetition_penalty"},
      {R"({"seed": 1.5})", "seed"},
      {R"({"n": 0})", "n"},
      {R"({"n": 65})", "n"},
      {R"({"stop": ""})", "stop"},
      {R"({"stop": ["a", ""]})", "stop"},
      {R"({"stop": ["a", 5]})", "stop[1]"},
      {R"({"stop": 5})", "stop"},
      {R"({"min_tokens": -1})", "min_tokens"},
      {R"({"logit_bias": {"x": 1}})", "logit_bias"},
      {R"({"logit_bias": {"-1": 1}})", "logit_bias"},
      {R"({"logit_bias": {"4294967296": 1}})", "logit_bias"},
      {R"({"logit_bias": {"1 ": 1}})", "logit_bias"},
      {R"({"logit_bias": {"1": 1, "01": 2}})", "logit_bias"},
      {R"({"logit_bias": {"1": 101}})", "logit_bias.1"},
      {R"({"logit_bias": {"1": false}})", "logit_bias.1"},
      {R"({"logit_bias": [[1]]})", "logit_bias[0]"},
      {R"({"logit_bias": 1})", "logit_bias"},
      {R"({"mirostat": 2})", "mirostat"},
      {R"({"use_beam_search": true})", "use_beam_search"},
      {R"({"stop_token_ids": [1]})", "stop_token_ids"},
      {R"({"cache_salt": "x"})", "cache_salt"},
      {R"({"priority": 1})", "priority"},
      {R"({"repetition_detection": true})", "repetition_detection"},
  };
  for (const auto& [text, param] : cases) EXPECT_EQ(RefusalOfSampling(text).param, param) << text;
}

TEST(SamplingFields, KeepsToTheLimits) {
  EXPECT_EQ(RefusalOfSampling(R"({"stop": ["a", "b"]})", {.max_stop = 1}).param, "stop");
  EXPECT_EQ(RefusalOfSampling(R"({"n": 3})", {.max_n = 2}).param, "n");
  EXPECT_EQ(RefusalOfSampling(R"({"logit_bias": {"1": 1, "2": 1}})", {.max_logit_bias = 1}).param,
            "logit_bias");
}

}  // namespace
}  // namespace retort::api
