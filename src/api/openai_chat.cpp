#include "api/openai_chat.h"

#include <optional>

#include "api/message_reader.h"
#include "api/output_format_fields.h"
#include "api/sampling_fields.h"
#include "api/thinking_fields.h"
#include "api/tool_fields.h"

namespace retort::api {
namespace {

void ReadChatLogprobs(FieldReader& fields, GenerateRequest* request) {
  const bool wanted = fields.Bool("logprobs").value_or(false);
  const auto top = fields.Int32("top_logprobs", 0, kMaxTopLogprobs);
  if (wanted) request->top_logprobs = top.value_or(0);
  if (!wanted && top.value_or(0) > 0) {
    throw RequestError(ErrorCode::kInvalidArgument, "top_logprobs",
                       fmt::format("top_logprobs is {} without logprobs; give \"logprobs\": true, "
                                   "too",
                                   *top));
  }
}

void ReadContinuation(FieldReader& fields, GenerateRequest* request) {
  request->continue_final_message = fields.Bool("continue_final_message").value_or(false);
  const auto prompt = fields.Bool("add_generation_prompt");
  request->add_generation_prompt = prompt.value_or(!request->continue_final_message);
  if (!request->continue_final_message) return;
  if (request->add_generation_prompt) {
    throw RequestError(ErrorCode::kInvalidArgument, "add_generation_prompt",
                       "add_generation_prompt and continue_final_message are both true; one of "
                       "them can be");
  }
  if (request->messages.back()["role"] != "assistant") {
    throw RequestError(ErrorCode::kInvalidArgument, "continue_final_message",
                       "continue_final_message is true; end the messages with one of the "
                       "assistant's");
  }
}

void RefuseForeignFields(FieldReader& fields) {
  fields.Only("modalities", Json::array({"text"}), "only text can be answered");
  for (const char* name : {"audio", "web_search_options", "documents"})
    fields.Refuse(name, "this is not supported; leave it out");
  fields.Refuse("chat_template", "the model's own template is used; leave it out");
  fields.Only("echo", false, "this is for /v1/completions");
  fields.Only("best_of", 1, "this is not supported; give n");
  fields.Ignore({"metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key",
                 "prompt_cache_retention", "verbosity", "prediction", "cache_prompt"});
}

}  // namespace

GenerateRequest ParseChatCompletion(const Json& body, const RequestLimits& limits) {
  FieldReader fields(body, "");
  GenerateRequest request;
  fields.Need("messages", "an array of messages");
  request.messages = ReadMessages(*fields.Array("messages", limits.max_messages), "messages",
                                  &request.unknown_fields);
  ReadCommonFields(fields, &request);
  ReadSampling(fields, limits, &request);
  CheckMinTokens(request);
  ReadChatLogprobs(fields, &request);
  request.format = ReadOutputFormat(fields);
  ReadThinking(fields, &request);
  ReadTools(fields, &request);
  ReadContinuation(fields, &request);
  RefuseForeignFields(fields);
  fields.ReportUnknown(&request.unknown_fields);
  return request;
}

void ReadCommonFields(FieldReader& fields, GenerateRequest* request) {
  request->model = fields.Text("model").value_or("");
  request->stream = fields.Bool("stream").value_or(false);
  if (const Json* given = fields.Find("stream_options")) {
    FieldReader options(*given, fields.PathOf("stream_options"));
    request->include_usage = options.Bool("include_usage").value_or(false);
    options.Ignore({"include_obfuscation"});
    options.ReportUnknown(&request->unknown_fields);
  }
  request->timings_per_token = fields.Bool("timings_per_token").value_or(false);
  const auto max_tokens = ReadTokenLimit(fields, "max_tokens");
  request->max_tokens = ReadTokenLimit(fields, "max_completion_tokens");
  if (!request->max_tokens) request->max_tokens = max_tokens;
  request->user = fields.Text("user").value_or("");
}

}  // namespace retort::api
