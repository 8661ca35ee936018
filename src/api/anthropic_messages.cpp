#include "api/anthropic_messages.h"

#include "api/sampling_fields.h"
#include "api/thinking_fields.h"
#include "api/tool_fields.h"
#include "base/quote.h"

namespace retort::api {
namespace {

void ReadAnthropicTools(FieldReader& fields, GenerateRequest* request) {
  const Json* tools = fields.Array("tools", kMaxTools);
  if (tools == nullptr) return;
  for (size_t i = 0; i < tools->size(); ++i) {
    FieldReader tool((*tools)[i], ElementPath(fields.PathOf("tools"), i));
    if (const auto type = tool.Text("type").value_or("custom"); type != "custom") {
      RefuseUnsupported(
          tool.PathOf("type"),
          fmt::format("is {}; only tools of the client's own are supported", Quoted(type)));
    }
    AddTool(ReadFunction(tool, "input_schema"), tool.PathOf("name"), request);
  }
}

void ReadAnthropicToolChoice(FieldReader& fields, GenerateRequest* request) {
  const Json* given = fields.Find("tool_choice");
  if (given == nullptr) return;
  FieldReader choice(*given, fields.PathOf("tool_choice"));
  choice.Need("type", "auto, any, tool or none");
  const std::string type = *choice.OneOf("type", {"auto", "any", "tool", "none"});
  if (type == "any") request->tool_choice.kind = ToolChoice::Kind::kRequired;
  if (type == "none") request->tool_choice.kind = ToolChoice::Kind::kNone;
  if (type == "tool")
    request->tool_choice = {.kind = ToolChoice::Kind::kNamed, .name = choice.NeedText("name")};
  CheckToolChoice(*request, choice.PathOf(type == "tool" ? "name" : "type"));
  request->parallel_tool_calls = !choice.Bool("disable_parallel_tool_use").value_or(false);
}

void ReadSettings(FieldReader& fields, const RequestLimits& limits, GenerateRequest* request) {
  request->stream = fields.Bool("stream").value_or(false);
  ReadTemperature(fields, 1, request);
  request->top_p = fields.Number("top_p", {.least = 0, .most = 1, .above_least = true});
  request->top_k = ReadTopK(fields);
  request->stop = ReadStop(fields, "stop_sequences", limits);
  if (const Json* thinking = fields.Find("thinking"))
    ReadThinkingObject(*thinking, "thinking", &request->thinking);
  request->include_reasoning = request->thinking.enabled != false;
  if (const Json* metadata = fields.Object("metadata"))
    request->user = FieldReader(*metadata, "metadata").Text("user_id").value_or("");
}

GenerateRequest Parse(const Json& body, const RequestLimits& limits, bool only_count) {
  FieldReader fields(body, "");
  GenerateRequest request;
  request.model = fields.Text("model").value_or("");
  request.messages = ReadAnthropicMessages(fields, limits, &request.unknown_fields);
  const Json& last = request.messages.back();
  request.continue_final_message = last["role"] == "assistant" && !last.contains("tool_calls");
  request.add_generation_prompt = !request.continue_final_message;
  if (!only_count) fields.Need("max_tokens", "a whole number, 1 or more");
  request.max_tokens = fields.Int32("max_tokens", 1, kMaxInt32);
  ReadSettings(fields, limits, &request);
  ReadAnthropicTools(fields, &request);
  ReadAnthropicToolChoice(fields, &request);
  for (const char* name : {"mcp_servers", "container"})
    fields.Refuse(name, "this is not supported; leave it out");
  fields.Ignore({"service_tier", "cache_control", "context_management"});
  fields.ReportUnknown(&request.unknown_fields);
  return request;
}

}  // namespace

GenerateRequest ParseAnthropicMessages(const Json& body, const RequestLimits& limits) {
  return Parse(body, limits, /*only_count=*/false);
}

GenerateRequest ParseAnthropicCount(const Json& body, const RequestLimits& limits) {
  return Parse(body, limits, /*only_count=*/true);
}

Json AnthropicCountJson(int64_t input_tokens) { return {{"input_tokens", input_tokens}}; }

}  // namespace retort::api
