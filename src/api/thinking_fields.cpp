#include "api/thinking_fields.h"

namespace retort::api {
namespace {

void ReadBudget(FieldReader& fields, std::string_view name, ThinkingWish* wish) {
  const auto budget = fields.Int32(name, -1, kMaxInt32);
  if (!budget) return;
  wish->budget = *budget == -1 ? std::nullopt : budget;
}

void Switch(std::optional<bool> enabled, ThinkingWish* wish) {
  if (!enabled || wish->enabled == false) return;
  wish->enabled = enabled;
}

void ReadTemplateKwargs(FieldReader& fields, GenerateRequest* request) {
  const Json* kwargs = fields.Object("chat_template_kwargs");
  if (kwargs == nullptr) return;
  FieldReader members(*kwargs, fields.PathOf("chat_template_kwargs"));
  for (const char* taken : {"messages", "tools", "add_generation_prompt", "bos_token", "eos_token"})
    members.Refuse(taken, "this is not for the template's own variables");
  for (const char* name : {"enable_thinking", "thinking"}) {
    const Json* value = members.Find(name);
    if (value != nullptr && value->is_boolean()) Switch(value->get<bool>(), &request->thinking);
  }
  request->template_kwargs = *kwargs;
}

void ReadVisibility(FieldReader& fields, GenerateRequest* request) {
  const auto format =
      fields.OneOf("reasoning_format", {"none", "auto", "deepseek", "parsed", "raw", "hidden"});
  if (format == "none" || format == "raw") request->separate_reasoning = false;
  if (format == "hidden") request->include_reasoning = false;
  if (const auto separate = fields.Bool("separate_reasoning"))
    request->separate_reasoning = *separate;
  if (const auto include = fields.Bool("include_reasoning")) request->include_reasoning = *include;
}

}  // namespace

void ReadThinking(FieldReader& fields, GenerateRequest* request) {
  ThinkingWish* wish = &request->thinking;
  if (const auto effort = fields.OneOf(
          "reasoning_effort", {"none", "minimal", "low", "medium", "high", "xhigh", "max"}))
    ApplyEffort(*effort, wish);
  if (const Json* thinking = fields.Find("thinking"))
    ReadThinkingObject(*thinking, fields.PathOf("thinking"), wish);
  ReadBudget(fields, "thinking_token_budget", wish);
  ReadBudget(fields, "thinking_budget", wish);
  const auto enabled = fields.Bool("enable_thinking");
  Switch(enabled, wish);
  ReadTemplateKwargs(fields, request);
  if (enabled) request->template_kwargs["enable_thinking"] = *enabled;
  ReadVisibility(fields, request);
}

void ApplyEffort(const std::string& effort, ThinkingWish* wish) {
  Switch(effort != "none", wish);
  if (effort == "minimal" || effort == "low") wish->budget = 1024;
  if (effort == "medium") wish->budget = 4096;
}

void ReadThinkingObject(const Json& thinking, const std::string& path, ThinkingWish* wish) {
  FieldReader fields(thinking, path);
  fields.Need("type", "enabled, disabled or adaptive");
  const std::string type = *fields.OneOf("type", {"enabled", "disabled", "adaptive"});
  if (type != "adaptive") Switch(type == "enabled", wish);
  if (const auto budget = fields.Int32("budget_tokens", 0, kMaxInt32)) wish->budget = budget;
}

}  // namespace retort::api
