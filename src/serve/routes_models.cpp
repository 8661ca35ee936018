// Our own interface: which models are loaded and what they hold, loading and unloading, and
// requests that are under way.
#include "serve/context.h"
#include "serve/with_model.h"

namespace retort::serve {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

// What a request gets that says nothing.
Json DefaultsJson(const ModelStatus& status, const RequestDefaults& server) {
  const SamplingParams sampling = DefaultSampling(status.defaults, server);
  return {{"temperature", sampling.temperature},
          {"top_p", sampling.top_p},
          {"top_k", sampling.top_k},
          {"min_p", sampling.min_p},
          {"repetition_penalty", sampling.repetition_penalty},
          {"max_tokens", OrNull(server.max_tokens)},
          {"thinking_budget", OrNull(server.thinking_budget)},
          {"loop_guard", server.loop_guard}};
}

Json ToJson(const ModelStatus& status, const RequestDefaults& server) {
  Json json = {{"name", status.name},
               {"path", status.path},
               {"file_bytes", status.facts.file_bytes},
               {"state", ModelStateName(status.state)},
               {"loads", status.loads}};
  if (!status.error.empty()) json["error"] = status.error;
  if (status.state != ModelState::kLoaded && status.state != ModelState::kUnloading) return json;
  const EngineStats& engine = status.engine;
  json["memory"] = {{"weight_bytes", status.memory.weights},
                    {"kv_cache_bytes", status.memory.kv_cache},
                    {"workspace_bytes", status.memory.workspace}};
  json["context_tokens"] = status.context_tokens;
  json["thinking"] = ThinkingStyleName(status.thinking);
  json["defaults"] = DefaultsJson(status, server);
  json["requests"] = {
      {"at_work", status.leases}, {"running", engine.running}, {"waiting", engine.waiting}};
  json["kv_blocks"] = {{"total", engine.total_blocks},
                       {"free", engine.free_blocks},
                       {"cached", engine.cached_blocks}};
  json["tokens"] = {{"prompt", engine.prompt_tokens},
                    {"reused", engine.reused_tokens},
                    {"generated", engine.generated_tokens}};
  json["preemptions"] = engine.preemptions;
  json["load_s"] = status.load_s;
  json["idle_s"] = status.idle_s;
  json["expires_s"] = status.expires_s < 0 ? Json() : Json(status.expires_s);
  return json;
}

Json StatusJson(const Call& call, const std::string& name) {
  return ToJson(call.context->registry->Status(name), call.context->options.defaults);
}

void ListModels(Call& call) {
  Json models = Json::array();
  for (const ModelStatus& status : call.context->registry->List()) {
    models.push_back(ToJson(status, call.context->options.defaults));
  }
  call.SendJson(200, {{"models", models}});
}

void ShowModel(Call& call) {
  call.SendJson(200, StatusJson(call, *call.request->PathParam("model")));
}

void Load(Call& call) {
  const std::string name = *call.request->PathParam("model");
  WithModel(call, name, [](const Call& later, ServedModel& model) {
    later.SendJson(200, StatusJson(later, model.name()));
  });
}

void Unload(Call& call) {
  const std::string name = *call.request->PathParam("model");
  const bool was_loaded = call.context->registry->Unload(name);
  Json answer = StatusJson(call, name);
  answer["was_loaded"] = was_loaded;
  call.SendJson(200, answer);
}

void ListRequests(Call& call) {
  Json requests = Json::array();
  for (const auto& job : call.context->jobs.All()) {
    requests.push_back({{"id", job->id()}, {"model", job->model()}});
  }
  call.SendJson(200, {{"requests", requests}});
}

std::shared_ptr<GenerationJob> FindJob(const Call& call, std::string id) {
  // As interfaces write it: "chatcmpl-5f0c", "resp_5f0c".
  const std::string given = id;
  for (const char* prefix : {"chatcmpl-", "cmpl-", "resp_", "msg_"}) {
    if (id.starts_with(prefix)) id = id.substr(std::string_view(prefix).size());
  }
  std::shared_ptr<GenerationJob> job = call.context->jobs.Find(id);
  if (!job) {
    throw api::RequestError(
        ErrorCode::kNotFound, "id",
        fmt::format("no request {} is being answered; it may have ended", given));
  }
  return job;
}

void AnswerNow(Call& call) {
  const auto job = FindJob(call, *call.request->PathParam("id"));
  job->EndThinking();
  call.SendJson(200, {{"id", job->id()}, {"action", "reasoning_end"}});
}

void Cancel(Call& call) {
  const auto job = FindJob(call, *call.request->PathParam("id"));
  job->Cancel();
  call.SendJson(200, {{"id", job->id()}, {"action", "cancel"}});
}

// llama.cpp's way to the same.
void Control(Call& call) {
  const Json body = call.Body();
  const auto text = [&](const char* field) -> std::string {
    if (!body.contains(field) || !body[field].is_string()) {
      throw api::RequestError(ErrorCode::kInvalidArgument, field,
                              fmt::format("{} is missing or is no text", field));
    }
    return body[field].get<std::string>();
  };
  if (text("action") != "reasoning_end") {
    throw api::RequestError(ErrorCode::kInvalidArgument, "action",
                            "action must be \"reasoning_end\"");
  }
  const auto job = FindJob(call, text("id"));
  job->EndThinking();
  call.SendJson(200, {{"id", job->id()}, {"action", "reasoning_end"}});
}

}  // namespace

void AddModelRoutes(Routes& routes) {
  routes.Add("GET", "/retort/v1/models", ListModels);
  routes.Add("GET", "/retort/v1/models/{model}", ShowModel);
  routes.Add("POST", "/retort/v1/models/{model}/load", Load);
  routes.Add("POST", "/retort/v1/models/{model}/unload", Unload);
  routes.Add("GET", "/retort/v1/requests", ListRequests);
  routes.Add("POST", "/retort/v1/requests/{id}/answer-now", AnswerNow);
  routes.Add("DELETE", "/retort/v1/requests/{id}", Cancel);
  routes.Add("POST", "/v1/chat/completions/control", Control);
}

}  // namespace retort::serve
