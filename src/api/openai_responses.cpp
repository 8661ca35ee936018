#include "api/openai_responses.h"

#include <string>
#include <utility>

#include "api/field_reader.h"
#include "api/openai_chat.h"
#include "api/output_format_fields.h"
#include "api/sampling_fields.h"
#include "api/thinking_fields.h"
#include "api/tool_fields.h"
#include "base/quote.h"

namespace retort::api {
namespace {

void ReadConversation(FieldReader& fields, const RequestLimits& limits, GenerateRequest* request) {
  const Json& input = fields.Need("input", "a text or an array of items");
  Json messages = ReadResponsesInput(input, "input", limits.max_messages, &request->unknown_fields);
  if (const auto instructions = fields.Text("instructions"))
    request->messages.push_back({{"role", "system"}, {"content", *instructions}});
  for (Json& message : messages) request->messages.push_back(std::move(message));
}

void ReadFlatTools(FieldReader& fields, GenerateRequest* request) {
  const Json* tools = fields.Array("tools", kMaxTools);
  if (tools == nullptr) return;
  for (size_t i = 0; i < tools->size(); ++i) {
    FieldReader tool((*tools)[i], ElementPath("tools", i));
    if (const std::string type = tool.NeedText("type"); type != "function") {
      RefuseUnsupported(tool.PathOf("type"),
                        fmt::format("is {}; only functions are supported", Quoted(type)));
    }
    AddTool(ReadFunction(tool), tool.PathOf("name"), request);
  }
}

void ReadResponsesToolChoice(FieldReader& fields, GenerateRequest* request) {
  const Json* choice = fields.Find("tool_choice");
  if (choice == nullptr) return;
  if (choice->is_object()) {
    FieldReader named(*choice, "tool_choice");
    if (const std::string type = named.NeedText("type"); type != "function") {
      RefuseUnsupported(named.PathOf("type"),
                        fmt::format("is {}; only 'function' is supported", Quoted(type)));
    }
    request->tool_choice = {.kind = ToolChoice::Kind::kNamed, .name = named.NeedText("name")};
  } else {
    const std::string word = *fields.OneOf("tool_choice", {"auto", "none", "required"});
    if (word == "none") request->tool_choice.kind = ToolChoice::Kind::kNone;
    if (word == "required") request->tool_choice.kind = ToolChoice::Kind::kRequired;
  }
  CheckToolChoice(*request, "tool_choice");
}

void ReadReasoning(FieldReader& fields, GenerateRequest* request) {
  if (const Json* given = fields.Find("reasoning")) {
    FieldReader reasoning(*given, "reasoning");
    const auto effort =
        reasoning.OneOf("effort", {"none", "minimal", "low", "medium", "high", "xhigh", "max"});
    if (effort) ApplyEffort(*effort, &request->thinking);
    reasoning.Ignore({"summary", "generate_summary"});
    reasoning.ReportUnknown(&request->unknown_fields);
  }
  ReadThinking(fields, request);
  request->separate_reasoning = true;
}

void ReadTextFormat(FieldReader& fields, GenerateRequest* request) {
  const Json* given = fields.Find("text");
  if (given == nullptr) return;
  FieldReader text(*given, "text");
  if (const Json* format = text.Find("format")) {
    FieldReader members(*format, text.PathOf("format"));
    if (members.Text("type") == "json_schema") members.Need("schema", "a JSON schema");
    request->format = ReadFormatObject(*format, text.PathOf("format"));
  }
  text.Ignore({"verbosity"});
  text.ReportUnknown(&request->unknown_fields);
}

void ReadResponsesLogprobs(FieldReader& fields, GenerateRequest* request) {
  request->top_logprobs = fields.Int32("top_logprobs", 0, kMaxTopLogprobs);
  const Json* include = fields.Find("include");
  if (include == nullptr) return;
  constexpr size_t kMaxIncluded = 100;
  for (const std::string& name : TextsAt(*include, "include", kMaxIncluded)) {
    if (name == "message.output_text.logprobs" && !request->top_logprobs) request->top_logprobs = 0;
  }
}

void RefuseMemory(FieldReader& fields) {
  constexpr const char* kAdvice = "nothing is kept between requests; send the whole input";
  for (const char* name : {"previous_response_id", "conversation", "prompt"})
    fields.Refuse(name, kAdvice);
  fields.Only("background", false, kAdvice);
  fields.Only("n", 1, "a response has one answer");
  fields.Ignore({"store", "metadata", "truncation", "service_tier", "safety_identifier",
                 "prompt_cache_key", "prompt_cache_retention", "max_tool_calls"});
}

}  // namespace

GenerateRequest ParseResponses(const Json& body, const RequestLimits& limits) {
  FieldReader fields(body, "");
  GenerateRequest request;
  RefuseMemory(fields);
  ReadConversation(fields, limits, &request);
  ReadCommonFields(fields, &request);
  if (const auto most = ReadTokenLimit(fields, "max_output_tokens")) request.max_tokens = most;
  ReadSampling(fields, limits, &request);
  CheckMinTokens(request);
  ReadResponsesLogprobs(fields, &request);
  ReadReasoning(fields, &request);
  ReadTextFormat(fields, &request);
  ReadFlatTools(fields, &request);
  ReadResponsesToolChoice(fields, &request);
  request.parallel_tool_calls = fields.Bool("parallel_tool_calls").value_or(true);
  fields.ReportUnknown(&request.unknown_fields);
  return request;
}

}  // namespace retort::api
