// How much a client wants a model to think, by all the names there are for it.
//
//   ReadThinking(fields, &request);            // request.thinking, template_kwargs, *_reasoning
//
//   reasoning_effort   none: no thinking; minimal, low: 1,024 tokens; medium: 4,096;
//                      high, xhigh, max: as many as it takes
//   thinking           {"type": "enabled" | "disabled" | "adaptive", "budget_tokens": 2000}
//   thinking_budget, thinking_token_budget    tokens; -1: as many as it takes
//   enable_thinking, chat_template_kwargs     false in either: no thinking
//   include_reasoning  false: the answer alone is sent
//   reasoning_format   none: raw text with its tags; auto, deepseek, parsed: apart; hidden: not
//   sent separate_reasoning false: raw text
//
// A budget goes before an effort, and "no thinking" before both. Errors: RequestError naming the
// field. Stateless and thread-safe.
#pragma once

#include <string>

#include "api/field_reader.h"
#include "api/generate_request.h"

namespace retort::api {

void ReadThinking(FieldReader& fields, GenerateRequest* request);

void ApplyEffort(const std::string& effort, ThinkingWish* wish);
// {"type", "budget_tokens"}, as DeepSeek and Anthropic have it.
void ReadThinkingObject(const Json& thinking, const std::string& path, ThinkingWish* wish);

}  // namespace retort::api
