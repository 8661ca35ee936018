// OpenAI's /v1/chat/completions: its requests and its answers.
//
//   GenerateRequest request = ParseChatCompletion(ReadBody(body, limits), limits);
//   auto writer = MakeChatCompletionWriter(head, request);            // reply.h
//
// Understood beside what sampling_fields.h, output_format_fields.h, thinking_fields.h and
// tool_fields.h list: model, messages, stream, stream_options.include_usage, max_completion_tokens,
// max_tokens (-1: as many as fit), logprobs, top_logprobs (0 to 20), add_generation_prompt,
// continue_final_message, timings_per_token, user. Accepted, and without effect: metadata, store,
// service_tier, safety_identifier, prompt_cache_key, prompt_cache_retention, verbosity, prediction,
// cache_prompt. Other fields are told of in unknown_fields. Errors: RequestError naming the field.
//
// Answers carry the reasoning as `reasoning_content` and as `reasoning`, the same text twice, since
// clients read either; a delta has reasoning, text or calls, never two of them. `content` is null
// only beside tool calls. `logprobs.content` has the answer's tokens, `logprobs.reasoning_content`
// the reasoning's. Beyond OpenAI's members there are `reasoning_truncated` and `thinking_end`,
// `finish_details` ("loop" with the finish reason length, "cancelled" with stop), `stop_reason`
// (the stop string) and `timings`: in a choice's last chunk, and in a whole answer, where several
// choices each have their own. A stream ends with "[DONE]", a broken one with an error. Writers are
// not thread-safe, the rest is stateless.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "api/field_reader.h"
#include "api/generate_request.h"
#include "api/reply.h"

namespace retort::api {

GenerateRequest ParseChatCompletion(const Json& body, const RequestLimits& limits);
std::unique_ptr<ReplyWriter> MakeChatCompletionWriter(ReplyHead head,
                                                      const GenerateRequest& request);

// Fields that chats and completions share: model, streaming, the longest answer, user.
void ReadCommonFields(FieldReader& fields, GenerateRequest* request);

constexpr int32_t kMaxTopLogprobs = 20;

}  // namespace retort::api
