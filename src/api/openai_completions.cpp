#include "api/openai_completions.h"

#include <optional>
#include <string>
#include <vector>

#include "api/field_reader.h"
#include "api/openai_chat.h"
#include "api/output_format_fields.h"
#include "api/sampling_fields.h"
#include "api/thinking_fields.h"

namespace retort::api {
namespace {

constexpr const char* kPromptForms = "a text, an array of texts, or token ids";

Prompt TokenPrompt(const Json& ids, const std::string& path) {
  if (ids.empty()) RefuseValue(path, ids, "one token id or more");
  std::vector<int32_t> tokens;
  tokens.reserve(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    const int64_t id = IntegerAt(ids[i], ElementPath(path, i), 0, kMaxInt32);
    tokens.push_back(static_cast<int32_t>(id));
  }
  return {.tokens = std::move(tokens)};
}

Prompt OnePrompt(const Json& prompt, const std::string& path) {
  if (prompt.is_string()) return {.text = TextAt(prompt, path)};
  if (prompt.is_array()) return TokenPrompt(prompt, path);
  RefuseValue(path, prompt, kPromptForms);
}

std::vector<Prompt> ReadPrompts(FieldReader& fields, const RequestLimits& limits) {
  const Json& prompt = fields.Need("prompt", kPromptForms);
  const bool is_list = prompt.is_array() && !prompt.empty() && !prompt.front().is_number();
  if (!is_list) return {OnePrompt(prompt, "prompt")};
  std::vector<Prompt> prompts;
  ArrayAt(prompt, "prompt", limits.max_prompts);
  for (size_t i = 0; i < prompt.size(); ++i)
    prompts.push_back(OnePrompt(prompt[i], ElementPath("prompt", i)));
  return prompts;
}

// A number here; some clients send false, or what chats have.
std::optional<int32_t> ReadCompletionLogprobs(FieldReader& fields) {
  const Json* value = fields.Find("logprobs");
  if (value == nullptr || *value == false) return std::nullopt;
  return fields.Int32("logprobs", 0, kMaxTopLogprobs);
}

}  // namespace

GenerateRequest ParseCompletion(const Json& body, const RequestLimits& limits) {
  FieldReader fields(body, "");
  GenerateRequest request;
  request.prompts = ReadPrompts(fields, limits);
  request.raw = true;
  request.separate_reasoning = false;
  request.echo = fields.Bool("echo").value_or(false);
  ReadCommonFields(fields, &request);
  ReadSampling(fields, limits, &request);
  CheckMinTokens(request);
  request.top_logprobs = ReadCompletionLogprobs(fields);
  request.format = ReadOutputFormat(fields);
  ReadThinking(fields, &request);
  request.separate_reasoning = false;
  request.include_reasoning = true;
  fields.Only("suffix", "", "text before a suffix cannot be asked for");
  fields.Only("best_of", request.n, "this is not supported; give n");
  for (const char* name : {"messages", "tools", "tool_choice"})
    fields.Refuse(name, "this is for /v1/chat/completions");
  fields.Refuse("prompt_embeds", "this is not supported; give a prompt");
  fields.Ignore({"metadata", "store", "service_tier", "cache_prompt", "add_special_tokens"});
  fields.ReportUnknown(&request.unknown_fields);
  return request;
}

}  // namespace retort::api
