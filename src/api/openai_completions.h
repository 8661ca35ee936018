// OpenAI's /v1/completions: text that goes on, without a chat around it.
//
//   GenerateRequest request = ParseCompletion(ReadBody(body, limits), limits);
//   request.prompts;                                                    // one or more
//   auto writer = MakeCompletionWriter(head, request);                  // reply.h
//
// Understood beside what sampling_fields.h and output_format_fields.h list: model, prompt (a text,
// texts, token ids, or several lists of them), echo, stream, stream_options, max_tokens (-1 or left
// out: as many as fit, where OpenAI's takes 16), logprobs (0 to 20), best_of (if it is n), user.
// A suffix is refused. Reasoning is raw text here, with its tags.
//
// Choices count through all prompts: choice c of prompt p has the index p * n + c. Offsets of
// logprobs count characters from the beginning of the text that is sent. Errors: RequestError
// naming the field. Writers are not thread-safe, the rest is stateless.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "api/generate_request.h"
#include "api/reply.h"

namespace retort::api {

GenerateRequest ParseCompletion(const Json& body, const RequestLimits& limits);
std::unique_ptr<ReplyWriter> MakeCompletionWriter(ReplyHead head, const GenerateRequest& request);

}  // namespace retort::api
