// Anthropic's interface: messages, and counting their tokens.
#include "api/anthropic_messages.h"
#include "serve/context.h"
#include "serve/request_options.h"
#include "serve/with_model.h"

namespace retort::serve {
namespace {

void Messages(Call& call) {
  Generate(call, api::ParseAnthropicMessages(call.Body(), call.context->options.limits),
           api::MakeAnthropicWriter);
}

void CountTokens(Call& call) {
  const auto request = api::ParseAnthropicCount(call.Body(), call.context->options.limits);
  WithModel(call, request.model, [request](const Call& later, ServedModel& model) {
    const auto tokens = model.tokenizer().Encode(RenderPrompt(request, model));
    later.SendJson(200, api::AnthropicCountJson(std::ssize(tokens)));
  });
}

}  // namespace

void AddAnthropicRoutes(Routes& routes) {
  routes.Add("POST", "/v1/messages", Messages, api::AnthropicError);
  routes.Add("POST", "/v1/messages/count_tokens", CountTokens, api::AnthropicError);
}

}  // namespace retort::serve
