// Anthropic's /v1/messages and /v1/messages/count_tokens: requests and answers.
//
//   GenerateRequest request = ParseAnthropicMessages(ReadBody(body, limits), limits);
//   auto writer = MakeAnthropicWriter(head, request);                 // reply.h
//
// Understood: model, max_tokens, system, messages (blocks of text, thinking, tool_use and
// tool_result), stop_sequences, temperature [0, 1], top_p, top_k, tools, tool_choice, thinking,
// metadata.user_id, stream. Messages that end with one of the assistant's have it continued. Tools
// that run on Anthropic's servers, pictures and documents are refused. Accepted, and without
// effect: service_tier, cache_control, context_management. Errors: RequestError naming the field.
//
// The models think unless they are told not to, so thinking is shown unless the request says
// {"type": "disabled"}; its blocks have the empty signature. `input_tokens` are those that were
// computed, `cache_read_input_tokens` those that were not; a stream tells both at its end, since
// they are not known at its beginning. Beyond Anthropic's members there is `reasoning_truncated`.
// Writers are not thread-safe, the rest is stateless.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/field_reader.h"
#include "api/generate_request.h"
#include "api/reply.h"

namespace retort::api {

GenerateRequest ParseAnthropicMessages(const Json& body, const RequestLimits& limits);
// The same without a need of max_tokens.
GenerateRequest ParseAnthropicCount(const Json& body, const RequestLimits& limits);
Json AnthropicCountJson(int64_t input_tokens);  // {"input_tokens": 17}

std::unique_ptr<ReplyWriter> MakeAnthropicWriter(ReplyHead head, const GenerateRequest& request);

// `system` and `messages` in the form that chat templates read: a tool's result is a message of its
// own, before the text that came with it.
Json ReadAnthropicMessages(FieldReader& fields, const RequestLimits& limits,
                           std::vector<std::string>* unknown);

}  // namespace retort::api
