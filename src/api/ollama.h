// Ollama's /api/chat and /api/generate: requests and answers.
//
//   GenerateRequest request = ParseOllamaChat(ReadBody(body, limits), limits);
//   auto writer = MakeOllamaChatWriter(head, request);          // reply.h; a stream is lines of
//   JSON
//
// Understood: model, messages with thinking and tool_calls, prompt, system, raw, format ("json" or
// a schema), think (true, false, low, medium, high), keep_alive (seconds, or "5m"), tools,
// logprobs, top_logprobs, stream (left out: true), and of options temperature, top_k, top_p, min_p,
// seed, stop, num_predict (-1, -2: as many as fit), repeat_penalty, presence_penalty,
// frequency_penalty. num_ctx and repeat_last_n are answered with a warning; options of how a model
// is run change nothing. A chat without messages and a generation without a prompt only load the
// model, or with keep_alive 0 unload it: WantsOnlyLoading says so. Pictures, templates, suffixes
// and contexts are refused. Errors: RequestError naming the field.
//
// Thinking stands apart from the answer, as `thinking`, unless think is false or the prompt is raw.
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

GenerateRequest ParseOllamaChat(const Json& body, const RequestLimits& limits);
GenerateRequest ParseOllamaGenerate(const Json& body, const RequestLimits& limits);

bool WantsOnlyLoading(const GenerateRequest& request);
// The whole answer to that. `is_chat`: of /api/chat.
Json OllamaLoadJson(const ReplyHead& head, const GenerateRequest& request, bool is_chat);

std::unique_ptr<ReplyWriter> MakeOllamaChatWriter(ReplyHead head, const GenerateRequest& request);
std::unique_ptr<ReplyWriter> MakeOllamaGenerateWriter(ReplyHead head,
                                                      const GenerateRequest& request);

// Messages in the form that chat templates read. ollama_messages.cpp.
Json ReadOllamaMessages(const Json& messages, std::vector<std::string>* unknown);

}  // namespace retort::api
