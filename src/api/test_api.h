// What the tests of this layer share: bodies as text, refusals as values, answers in pieces.
//
//   EXPECT_EQ(RefusalOf([] { ParseChatCompletion(Body("{}"), {}); }).param, "messages");
//
// For tests alone; stateless.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/generate_request.h"
#include "api/read_body.h"
#include "api/reply.h"
#include "api/request_error.h"

namespace retort::api {

inline Json Body(std::string_view text) { return ReadBody(text, RequestLimits{}); }

struct Refusal {
  std::string param = "accepted";
  std::string message = {};
  ErrorCode code = ErrorCode::kInternal;
};

template <class Action>
Refusal RefusalOf(Action action) {
  try {
    action();
  } catch (const RequestError& error) {
    EXPECT_EQ(DescribeError(error, "").status, 400) << error.what();
    return {error.param, error.what(), error.code()};
  }
  return {};
}

inline Json DataOf(const Event& event) { return Json::parse(event.data); }

inline TokenReport Token(std::string bytes, double logprob, bool reasoning = false) {
  return {.chosen = {.id = 1, .bytes = bytes, .logprob = logprob},
          .top = {{.id = 1, .bytes = bytes, .logprob = logprob},
                  {.id = 2, .bytes = "x", .logprob = logprob - 1}},
          .reasoning = reasoning};
}

// A thought and an answer that came to their end.
inline Outcome SomeOutcome() {
  return {.choices = {{.reasoning = "17 * 23 = 391",
                       .text = "It is 391.",
                       .thinking_end = "model",
                       .generated_tokens = 20,
                       .reasoning_tokens = 12,
                       .timings = {.first_token_s = 0.5, .first_answer_s = 1.5, .total_s = 2}}},
          .prompt_tokens = 9,
          .cached_tokens = 4};
}

inline ToolCall SomeCall() {
  return {.id = "call_1", .name = "weather", .arguments = R"({"city":"Oslo"})"};
}

inline ReplyHead SomeHead() {
  return {.id = "5f0c2a", .model = "r1", .created = 1767225600, .prompts = {"Say: "}};
}

}  // namespace retort::api
