// OpenAI's interface: chat, completions, models.
#include "api/openai_chat.h"
#include "api/openai_completions.h"
#include "api/openai_models.h"
#include "api/openai_responses.h"
#include "serve/context.h"

namespace retort::serve {
namespace {

void CompleteChat(Call& call) {
  Generate(call, api::ParseChatCompletion(call.Body(), call.context->options.limits),
           api::MakeChatCompletionWriter);
}

void Complete(Call& call) {
  Generate(call, api::ParseCompletion(call.Body(), call.context->options.limits),
           api::MakeCompletionWriter);
}

void Respond(Call& call) {
  Generate(call, api::ParseResponses(call.Body(), call.context->options.limits),
           api::MakeResponsesWriter);
}

api::ModelEntry EntryOf(const ModelStatus& status) {
  api::ModelEntry entry{.id = status.name, .state = std::string(ModelStateName(status.state))};
  if (status.context_tokens > 0) {
    entry.max_model_len = static_cast<int32_t>(status.context_tokens);
  }
  const ModelFacts& facts = status.facts;
  if (facts.file_bytes > 0) entry.size_bytes = facts.file_bytes;
  if (facts.parameters > 0) entry.parameters = facts.parameters;
  entry.architecture = facts.architecture;
  if (!facts.types.empty()) entry.quantization = Info(facts.types.front().dtype).name;
  return entry;
}

void ListOpenAiModels(Call& call) {
  std::vector<api::ModelEntry> entries;
  for (const ModelStatus& status : call.context->registry->List()) {
    entries.push_back(EntryOf(status));
  }
  call.SendJson(200, api::ModelListJson(entries));
}

void ShowOpenAiModel(Call& call) {
  const std::string& name = *call.request->PathParam("model");
  call.SendJson(200, api::ModelJson(EntryOf(call.context->registry->Status(name))));
}

void NoEmbeddings(Call&) {
  Fail(ErrorCode::kUnsupported, "embeddings are not served: these models are made to generate");
}

}  // namespace

void AddOpenAiRoutes(Routes& routes) {
  routes.Add("POST", "/v1/chat/completions", CompleteChat);
  routes.Add("POST", "/v1/completions", Complete);
  routes.Add("POST", "/v1/responses", Respond);
  routes.Add("GET", "/v1/models", ListOpenAiModels);
  // Names may have slashes, as repositories have.
  routes.Add("GET", "/v1/models/{model...}", ShowOpenAiModel);
  routes.Add("POST", "/v1/embeddings", NoEmbeddings);
}

}  // namespace retort::serve
