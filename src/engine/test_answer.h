// What came of a request or of one of its choices: its events put together, for tests.
//
//   Answer answer;
//   for (const CoreEvent& event : core.Step()) answer.Take(event.event);
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace retort {

struct Answer {
  std::vector<int32_t> tokens = {};
  std::vector<int32_t> forced = {};  // those whose events say so
  std::vector<TokenLogprobs> logprobs = {};
  FinishReason finish = FinishReason::kNone;
  std::string error = {};
  int32_t cached_tokens = 0;

  void Take(const TokenEvent& event) {
    EXPECT_EQ(finish, FinishReason::kNone) << "an event after the end";
    tokens.insert(tokens.end(), event.tokens.begin(), event.tokens.end());
    if (event.forced) forced.insert(forced.end(), event.tokens.begin(), event.tokens.end());
    logprobs.insert(logprobs.end(), event.logprobs.begin(), event.logprobs.end());
    finish = event.finish;
    error = event.error;
    cached_tokens = event.cached_tokens;
  }
};

}  // namespace retort
