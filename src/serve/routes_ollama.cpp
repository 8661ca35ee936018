// The part of Ollama's interface that chats and generates, and says which models there are.
#include <sys/stat.h>

#include <ctime>

#include "api/ollama.h"
#include "api/ollama_models.h"
#include "base/version.h"
#include "serve/context.h"
#include "serve/with_model.h"

namespace retort::serve {
namespace {

// Seconds since 1970; 0 if the file cannot be asked.
int64_t ModifiedTime(const std::string& path) {
  struct stat about = {};
  return stat(path.c_str(), &about) == 0 ? static_cast<int64_t>(about.st_mtime) : 0;
}

// The model's stay, if the request says anything about it.
void SetStay(const Call& call, const api::GenerateRequest& request) {
  if (request.keep_alive_s) call.context->registry->SetTtl(request.model, *request.keep_alive_s);
}

// A request without a prompt: Ollama's way to load a model, or to unload it.
void OnlyLoad(const Call& call, const api::GenerateRequest& request, bool is_chat) {
  const auto answer = [request, is_chat](const Call& later, const std::string& name) {
    const api::ReplyHead head{.id = later.request->id,
                              .model = name,
                              .created = static_cast<int64_t>(std::time(nullptr))};
    later.SendJson(200, api::OllamaLoadJson(head, request, is_chat));
  };
  if (request.keep_alive_s && *request.keep_alive_s == 0) {
    call.context->registry->Unload(request.model);
    return answer(call, request.model);
  }
  WithModel(call, request.model,
            [answer](const Call& later, ServedModel& model) { answer(later, model.name()); });
}

void Answer(const Call& call, api::GenerateRequest request, bool is_chat) {
  call.context->registry->Status(request.model);  // throws for a model that there is not
  SetStay(call, request);
  if (api::WantsOnlyLoading(request)) return OnlyLoad(call, request, is_chat);
  Generate(call, std::move(request),
           is_chat ? api::MakeOllamaChatWriter : api::MakeOllamaGenerateWriter);
}

void OllamaChat(Call& call) {
  Answer(call, api::ParseOllamaChat(call.Body(), call.context->options.limits), true);
}

void GenerateText(Call& call) {
  Answer(call, api::ParseOllamaGenerate(call.Body(), call.context->options.limits), false);
}

std::string Quantization(const ModelFacts& facts) {
  return facts.types.empty() ? std::string() : std::string(Info(facts.types.front().dtype).name);
}

// "1.5B", "494M"
std::string ParameterSize(int64_t parameters) {
  const auto count = static_cast<double>(parameters);
  return parameters < 1'000'000'000 ? fmt::format("{:.0f}M", count / 1e6)
                                    : fmt::format("{:.1f}B", count / 1e9);
}

api::OllamaModel ModelOf(const ModelStatus& status) {
  const ModelFacts& facts = status.facts;
  return {.name = status.name,
          .modified = ModifiedTime(status.path),
          .size = facts.file_bytes,
          .family = facts.architecture,
          .parameter_size = ParameterSize(facts.parameters),
          .quantization = Quantization(facts)};
}

void ListOllamaModels(Call& call) {
  std::vector<api::OllamaModel> models;
  for (const ModelStatus& status : call.context->registry->List()) {
    models.push_back(ModelOf(status));
  }
  call.SendJson(200, api::OllamaTagsJson(models));
}

void ListRunning(Call& call) {
  std::vector<api::OllamaRunning> running;
  for (const ModelStatus& status : call.context->registry->List()) {
    if (status.state != ModelState::kLoaded) continue;
    const ModelMemory& memory = status.memory;
    running.push_back({.model = ModelOf(status),
                       .expires = status.expires_s < 0 ? 0
                                                       : static_cast<int64_t>(std::time(nullptr)) +
                                                             static_cast<int64_t>(status.expires_s),
                       .memory_on_device = 0,
                       .context_length = static_cast<int32_t>(status.context_tokens)});
    running.back().model.size = memory.weights + memory.kv_cache + memory.workspace;
  }
  call.SendJson(200, api::OllamaPsJson(running));
}

void ShowOllamaModel(Call& call) {
  const api::OllamaShowRequest request = api::ParseOllamaShow(call.Body());
  const ModelStatus status = call.context->registry->Status(request.model);
  const ModelFacts& facts = status.facts;
  api::OllamaDetails details{.model = ModelOf(status), .license = facts.license};
  details.chat_template = facts.chat_template;
  details.model_info = {{"general.architecture", facts.architecture},
                        {"general.parameter_count", facts.parameters}};
  if (facts.context_length) {
    details.model_info[facts.architecture + ".context_length"] = *facts.context_length;
  }
  if (DetectToolCallStyle(facts.chat_template) != ToolCallStyle::kNone) {
    details.capabilities.push_back("tools");
  }
  call.SendJson(200, api::OllamaShowJson(details));
}

void Version(Call& call) { call.SendJson(200, api::OllamaVersionJson(kVersion)); }

}  // namespace

void AddOllamaRoutes(Routes& routes) {
  const auto add = [&](const char* method, const char* pattern, Endpoint endpoint) {
    routes.Add(method, pattern, std::move(endpoint), api::OllamaError);
  };
  add("POST", "/api/chat", OllamaChat);
  add("POST", "/api/generate", GenerateText);
  add("GET", "/api/tags", ListOllamaModels);
  add("GET", "/api/ps", ListRunning);
  add("POST", "/api/show", ShowOllamaModel);
  add("GET", "/api/version", Version);
}

}  // namespace retort::serve
