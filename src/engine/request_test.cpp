#include "engine/request.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "base/error.h"

namespace retort {
namespace {

TEST(SamplingParams, ValidateNamesFieldValueAndRange) {
  SamplingParams{.temperature = 0.6, .top_p = 0.95}.Validate();
  const auto message = [](const SamplingParams& params) -> std::string {
    try {
      params.Validate();
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message({.top_p = 1.5}), "top_p is 1.5; it must be above 0 and at most 1");
  EXPECT_EQ(message({.temperature = -1}), "temperature is -1; it must be at least 0");
  EXPECT_EQ(message({.temperature = std::nan("")}), "temperature is nan; it must be at least 0");
  EXPECT_EQ(message({.top_k = -3}), "top_k is -3; it must be at least 0 (0 turns it off)");
  EXPECT_EQ(message({.min_p = 1}), "min_p is 1; it must be at least 0 and below 1");
  EXPECT_EQ(message({.repetition_penalty = 0}), "repetition_penalty is 0; it must be above 0");
  EXPECT_EQ(message({.presence_penalty = 2.5}),
            "presence_penalty is 2.5; it must be between -2 and 2");
  EXPECT_EQ(message({.frequency_penalty = -3}),
            "frequency_penalty is -3; it must be between -2 and 2");
  EXPECT_EQ(message({.logit_bias = {{4, -100}, {7, 100.5}}}),
            "logit_bias of token 7 is 100.5; it must be between -100 and 100");
  EXPECT_EQ(message({.logit_bias = {{7, 1}, {4, 1}, {7, 1}}}),
            "logit_bias names token 7 twice; once is enough");
  EXPECT_EQ(message({.logit_bias = {{7, std::nan("")}}}),
            "logit_bias of token 7 is nan; it must be between -100 and 100");
}

TEST(Request, ValidateNamesFieldValueAndRange) {
  const Request valid{.prompt = {1}, .max_tokens = 4, .min_tokens = 4, .top_logprobs = 20};
  valid.Validate();
  const auto message = [&](auto change) -> std::string {
    Request request = valid;
    change(request);
    try {
      request.Validate();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message([](Request& r) { r.prompt.clear(); }),
            "the prompt is empty; it needs at least one token");
  EXPECT_EQ(message([](Request& r) { r.max_tokens = 0; }),
            "max_tokens is 0; it must be at least 1");
  EXPECT_EQ(message([](Request& r) { r.min_tokens = 5; }),
            "min_tokens is 5; it must be at least 0 and at most max_tokens");
  EXPECT_EQ(message([](Request& r) { r.num_choices = 0; }), "n is 0; it must be between 1 and 128");
  EXPECT_EQ(message([](Request& r) { r.num_choices = 129; }),
            "n is 129; it must be between 1 and 128");
  EXPECT_EQ(message([](Request& r) { r.top_logprobs = 21; }),
            "top_logprobs is 21; it must be between 0 and 20");
  EXPECT_EQ(message([](Request& r) { r.top_logprobs = -1; }),
            "top_logprobs is -1; it must be between 0 and 20");
  EXPECT_EQ(message([](Request& r) { r.vocab_limit = -1; }),
            "vocab_limit is -1; it must be at least 0 (0: no limit)");
  EXPECT_EQ(message([](Request& r) { r.sampling.top_p = 0; }),
            "top_p is 0; it must be above 0 and at most 1");
}

TEST(ChoiceSeed, TheFirstIsTheRequestsAndAllDiffer) {
  std::set<uint64_t> seeds;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_EQ(ChoiceSeed(seed, 0), seed);
    for (int32_t choice = 0; choice < kMaxChoices; ++choice) seeds.insert(ChoiceSeed(seed, choice));
  }
  EXPECT_EQ(seeds.size(), 100u * kMaxChoices);
}

}  // namespace
}  // namespace retort
