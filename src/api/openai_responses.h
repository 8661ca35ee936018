// OpenAI's /v1/responses: requests and answers, without anything kept between them.
//
//   GenerateRequest request = ParseResponses(ReadBody(body, limits), limits);
//   auto writer = MakeResponsesWriter(head, request);                 // reply.h
//
// Understood beside what sampling_fields.h lists: model, input (a text, or items: message,
// function_call, function_call_output, reasoning), instructions, max_output_tokens,
// reasoning.effort (and thinking_fields.h), text.format, tools (functions, in their flat form),
// tool_choice, parallel_tool_calls, include ("message.output_text.logprobs"), top_logprobs, stream.
// What would need a memory is refused: previous_response_id, conversation, background, prompt,
// items by reference. Accepted, and without effect: store, metadata, truncation, service_tier,
// safety_identifier, prompt_cache_key, reasoning.summary, text.verbosity, max_tool_calls.
//
// Answers have an item of reasoning with its text, one of the message and one for each call. An
// answer that was cut is incomplete, for max_output_tokens. A stream's events have names and
// numbers. Beyond OpenAI's members there are `timings` and `reasoning_truncated`. Errors:
// RequestError naming the field. Writers are not thread-safe, the rest is stateless.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/generate_request.h"
#include "api/reply.h"

namespace retort::api {

GenerateRequest ParseResponses(const Json& body, const RequestLimits& limits);
std::unique_ptr<ReplyWriter> MakeResponsesWriter(ReplyHead head, const GenerateRequest& request);

// Items in the form that chat templates read: what the assistant thought, said and called up to the
// next item of somebody else is one message. responses_input.cpp.
Json ReadResponsesInput(const Json& input, const std::string& path, size_t max_items,
                        std::vector<std::string>* unknown);

}  // namespace retort::api
