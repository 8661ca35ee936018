#include "api/responses_items.h"

#include "api/json_text.h"
#include "api/reply_parts.h"

namespace retort::api {
namespace {

Json FlatTools(const Json& tools) {
  Json flat = Json::array();
  if (!tools.is_array()) return flat;
  for (const Json& tool : tools) {
    Json one = {{"type", "function"}};
    one.update(tool["function"]);
    if (!one.contains("strict")) one["strict"] = false;
    flat.push_back(std::move(one));
  }
  return flat;
}

Json ChoiceJson(const ToolChoice& choice) {
  switch (choice.kind) {
    case ToolChoice::Kind::kNone:
      return "none";
    case ToolChoice::Kind::kRequired:
      return "required";
    case ToolChoice::Kind::kNamed:
      return {{"type", "function"}, {"name", choice.name}};
    case ToolChoice::Kind::kAuto:
      break;
  }
  return "auto";
}

Json FormatJson(const OutputFormat& format) {
  if (format.kind == OutputFormat::Kind::kJsonObject) return {{"type", "json_object"}};
  if (format.kind != OutputFormat::Kind::kJsonSchema) return {{"type", "text"}};
  return {{"type", "json_schema"}, {"name", "schema"}, {"schema", format.schema}};
}

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json UsageOf(const std::vector<Outcome>& outcomes) {
  const TokenTotals totals = SumTokens(outcomes);
  return {{"input_tokens", totals.prompt},
          {"input_tokens_details", {{"cached_tokens", totals.cached}, {"cache_write_tokens", 0}}},
          {"output_tokens", totals.generated},
          {"output_tokens_details", {{"reasoning_tokens", totals.reasoning}}},
          {"total_tokens", totals.prompt + totals.generated}};
}

}  // namespace

Json ResponsesItems::Reasoning(size_t index, const std::string& text,
                               const std::string& status) const {
  Json content = Json::array();
  if (status != "in_progress") content.push_back(ReasoningPart(text));
  return {{"id", fmt::format("rs_{}_{}", id_, index)},
          {"type", "reasoning"},
          {"summary", Json::array()},
          {"content", std::move(content)},
          {"status", status}};
}

Json ResponsesItems::Message(size_t index, const std::string& text, Json logprobs,
                             const std::string& status) const {
  Json content = Json::array();
  if (status != "in_progress") content.push_back(TextPart(text, std::move(logprobs)));
  return {{"id", fmt::format("msg_{}_{}", id_, index)},
          {"type", "message"},
          {"role", "assistant"},
          {"content", std::move(content)},
          {"status", status}};
}

Json ResponsesItems::Call(size_t index, const ToolCall& call, const std::string& status) const {
  return {{"id", fmt::format("fc_{}_{}", id_, index)},
          {"type", "function_call"},
          {"call_id", call.id},
          {"name", call.name},
          {"arguments", status == "in_progress" ? "" : call.arguments},
          {"status", status}};
}

Json ResponsesItems::ReasoningPart(const std::string& text) {
  return {{"type", "reasoning_text"}, {"text", text}};
}

Json ResponsesItems::TextPart(const std::string& text, Json logprobs) {
  return {{"type", "output_text"},
          {"text", text},
          {"annotations", Json::array()},
          {"logprobs", logprobs.is_array() ? std::move(logprobs) : Json::array()}};
}

Json ResponsesEnvelope(const ReplyHead& head, const GenerateRequest& request) {
  Json response = {{"id", "resp_" + head.id},
                   {"object", "response"},
                   {"created_at", head.created},
                   {"status", "in_progress"},
                   {"background", false},
                   {"error", nullptr},
                   {"incomplete_details", nullptr},
                   {"instructions", nullptr},
                   {"max_output_tokens", OrNull(request.max_tokens)},
                   {"model", head.model},
                   {"output", Json::array()},
                   {"parallel_tool_calls", request.parallel_tool_calls},
                   {"previous_response_id", nullptr},
                   {"reasoning", {{"effort", nullptr}, {"summary", nullptr}}},
                   {"store", false},
                   {"temperature", OrNull(request.temperature)},
                   {"text", {{"format", FormatJson(request.format)}}},
                   {"tool_choice", ChoiceJson(request.tool_choice)},
                   {"tools", FlatTools(request.tools)},
                   {"top_p", OrNull(request.top_p)},
                   {"truncation", "disabled"},
                   {"usage", nullptr},
                   {"user", request.user.empty() ? Json() : Json(request.user)},
                   {"metadata", Json::object()}};
  if (!head.fingerprint.empty()) response["system_fingerprint"] = head.fingerprint;
  return response;
}

void EndResponses(const std::vector<Outcome>& outcomes, Json* response) {
  (*response)["usage"] = UsageOf(outcomes);
  if (outcomes.empty() || outcomes[0].choices.empty()) return;
  const ChoiceOutcome& outcome = outcomes[0].choices[0];
  const std::string status = ResponsesStatus(outcome.finish);
  (*response)["status"] = status;
  if (status == "incomplete") (*response)["incomplete_details"] = {{"reason", "max_output_tokens"}};
  if (outcome.finish == Finish::kLoop) (*response)["finish_details"] = {{"type", "loop"}};
  if (outcome.reasoning_truncated) (*response)["reasoning_truncated"] = true;
  (*response)["timings"] = TimingsJson(outcome.timings);
}

std::string ResponsesStatus(Finish finish) {
  switch (finish) {
    case Finish::kLength:
    case Finish::kLoop:
      return "incomplete";
    case Finish::kCancelled:
      return "cancelled";
    case Finish::kError:
      return "failed";
    case Finish::kStop:
    case Finish::kToolCalls:
      break;
  }
  return "completed";
}

Json ResponsesLogprobs(const std::vector<TokenReport>& tokens) {
  Json logprobs = Json::array();
  for (const TokenReport& token : tokens) {
    if (!token.reasoning) logprobs.push_back(TokenReportJson(token));
  }
  return logprobs;
}

}  // namespace retort::api
