#include <cmath>
#include <optional>

#include "api/go_duration.h"
#include "api/ollama.h"
#include "api/openai_chat.h"
#include "api/output_format_fields.h"
#include "api/sampling_fields.h"
#include "api/thinking_fields.h"
#include "api/tool_fields.h"

namespace retort::api {
namespace {

void RefuseOllamaSamplers(FieldReader& options) {
  constexpr const char* kAdvice = "this is not supported; leave it out";
  options.Only("mirostat", 0, kAdvice);
  for (const char* name : {"typical_p", "tfs_z"}) options.Only(name, 1, kAdvice);
  // How a model is loaded and run is the server's to say, and no longer asked by Ollama's clients.
  options.Ignore({"num_keep", "num_batch", "num_gpu", "main_gpu", "num_thread", "draft_num_predict",
                  "use_mmap", "use_mlock", "low_vram", "f16_kv", "numa", "vocab_only", "logits_all",
                  "embedding_only", "penalize_newline", "mirostat_tau", "mirostat_eta"});
}

void ReadOptions(FieldReader& fields, const RequestLimits& limits, GenerateRequest* request) {
  const Json* given = fields.Find("options");
  if (given == nullptr) return;
  FieldReader options(*given, "options");
  ReadTemperature(options, 2, request);
  request->top_p = options.Number("top_p", {.least = 0, .most = 1, .above_least = true});
  request->top_k = ReadTopK(options);
  request->min_p = options.Number("min_p", {.least = 0, .most = 1, .below_most = true});
  request->seed = ReadSeed(options, "seed");
  request->stop = ReadStop(options, "stop", limits);
  const auto num_predict = options.Int32("num_predict", -2, kMaxInt32);
  if (num_predict && *num_predict >= 0)
    request->max_tokens = options.Int32("num_predict", 1, kMaxInt32);
  request->repetition_penalty = options.Number("repeat_penalty", {.least = 0, .above_least = true});
  request->presence_penalty = options.Number("presence_penalty", {.least = -2, .most = 2});
  request->frequency_penalty = options.Number("frequency_penalty", {.least = -2, .most = 2});
  if (const auto num_ctx = options.Int32("num_ctx", 1, kMaxInt32)) {
    request->warnings.push_back(
        fmt::format("num_ctx {} changes nothing; the server says how long a context is", *num_ctx));
  }
  if (const auto last = options.Int32("repeat_last_n", -1, kMaxInt32)) {
    request->warnings.push_back(
        fmt::format("repeat_last_n {} changes nothing; penalties are over the whole text", *last));
  }
  RefuseOllamaSamplers(options);
  options.ReportUnknown(&request->unknown_fields);
}

void ReadThink(FieldReader& fields, GenerateRequest* request) {
  const Json* think = fields.Find("think");
  if (think == nullptr) return;
  if (think->is_boolean()) {
    request->thinking.enabled = think->get<bool>();
  } else if (*think == "low" || *think == "medium" || *think == "high") {
    ApplyEffort(think->get<std::string>(), &request->thinking);
  } else {
    RefuseValue("think", *think, "true, false, low, medium or high");
  }
  request->include_reasoning = request->thinking.enabled != false;
}

OutputFormat ReadFormat(FieldReader& fields) {
  const Json* format = fields.Find("format");
  if (format == nullptr || *format == "") return {};
  if (*format == "json") return {.kind = OutputFormat::Kind::kJsonObject};
  if (!format->is_object()) RefuseValue("format", *format, "\"json\" or a JSON schema");
  return SchemaFormat(*format, "format");
}

std::optional<double> ReadKeepAlive(FieldReader& fields) {
  const Json* value = fields.Find("keep_alive");
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return NumberAt(*value, "keep_alive");
  constexpr const char* kWanted = "seconds, or a text such as \"5m\"";
  if (!value->is_string()) RefuseValue("keep_alive", *value, kWanted);
  const auto seconds = ParseGoDuration(TextAt(*value, "keep_alive"));
  if (!seconds) RefuseValue("keep_alive", *value, kWanted);
  return seconds;
}

void ReadOllamaLogprobs(FieldReader& fields, GenerateRequest* request) {
  const bool wanted = fields.Bool("logprobs").value_or(false);
  const auto top = fields.Int32("top_logprobs", 0, kMaxTopLogprobs);
  if (wanted) request->top_logprobs = top.value_or(0);
}

void ReadShared(FieldReader& fields, const RequestLimits& limits, GenerateRequest* request) {
  request->model = fields.NeedText("model");
  request->stream = fields.Bool("stream").value_or(true);
  ReadOptions(fields, limits, request);
  ReadThink(fields, request);
  request->format = ReadFormat(fields);
  request->keep_alive_s = ReadKeepAlive(fields);
  ReadOllamaLogprobs(fields, request);
  // What does not fit is refused, whatever is said of cutting it.
  fields.Ignore({"truncate", "shift"});
}

}  // namespace

GenerateRequest ParseOllamaChat(const Json& body, const RequestLimits& limits) {
  FieldReader fields(body, "");
  GenerateRequest request;
  ReadShared(fields, limits, &request);
  if (const Json* messages = fields.Array("messages", limits.max_messages))
    request.messages = ReadOllamaMessages(*messages, &request.unknown_fields);
  ReadTools(fields, &request);
  fields.ReportUnknown(&request.unknown_fields);
  return request;
}

GenerateRequest ParseOllamaGenerate(const Json& body, const RequestLimits& limits) {
  FieldReader fields(body, "");
  GenerateRequest request;
  ReadShared(fields, limits, &request);
  const std::string prompt = fields.Text("prompt").value_or("");
  const std::string system = fields.Text("system").value_or("");
  request.raw = fields.Bool("raw").value_or(false);
  request.separate_reasoning = !request.raw;
  if (request.raw && !prompt.empty()) {
    request.prompts = {{.text = prompt}};
  } else if (!prompt.empty()) {
    if (!system.empty()) request.messages.push_back({{"role", "system"}, {"content", system}});
    request.messages.push_back({{"role", "user"}, {"content", prompt}});
  }
  fields.Only("template", "", "the model's own is used; send a raw prompt instead");
  fields.Only("suffix", "", "text before a suffix cannot be asked for");
  fields.Refuse("images", "pictures are not understood here");
  fields.Refuse("context", "this is of an older interface; use /api/chat");
  fields.ReportUnknown(&request.unknown_fields);
  return request;
}

bool WantsOnlyLoading(const GenerateRequest& request) {
  return request.messages.empty() && request.prompts.empty();
}

}  // namespace retort::api
