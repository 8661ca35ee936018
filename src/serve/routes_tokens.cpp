// Text and tokens, and prompts as a model reads them, without generating anything.
#include "api/tokenize.h"
#include "serve/context.h"
#include "serve/request_options.h"
#include "serve/with_model.h"

namespace retort::serve {
namespace {

void Tokenize(Call& call) {
  const auto request = api::ParseTokenize(call.Body(), call.context->options.limits);
  WithModel(call, request.chat ? request.chat->model : request.model,
            [request](const Call& later, ServedModel& model) {
              const Tokenizer& tokenizer = model.tokenizer();
              const std::string text =
                  request.chat ? RenderPrompt(*request.chat, model) : request.text;
              api::TokenizeReply reply;
              reply.tokens = tokenizer.Encode(text, {.parse_added = request.parse_special});
              if (request.add_special && tokenizer.spec().add_bos && tokenizer.spec().bos) {
                reply.tokens.insert(reply.tokens.begin(), *tokenizer.spec().bos);
              }
              for (const int32_t token : reply.tokens) {
                if (request.with_pieces) reply.pieces.emplace_back(tokenizer.TokenBytes(token));
              }
              reply.max_model_len = static_cast<int32_t>(model.context_tokens());
              later.SendJson(200, api::TokenizeJson(reply));
            });
}

void Detokenize(Call& call) {
  const auto request = api::ParseDetokenize(call.Body(), call.context->options.limits);
  WithModel(call, request.model, [request](const Call& later, ServedModel& model) {
    CheckTokens("tokens", request.tokens, model.tokenizer().size());
    later.SendJson(200, api::DetokenizeJson(model.tokenizer().Decode(request.tokens)));
  });
}

void ApplyTemplate(Call& call) {
  const auto request = api::ParseApplyTemplate(call.Body(), call.context->options.limits);
  WithModel(call, request.model, [request](const Call& later, ServedModel& model) {
    later.SendJson(200, api::ApplyTemplateJson(RenderPrompt(request, model)));
  });
}

}  // namespace

void AddTokenRoutes(Routes& routes) {
  routes.Add("POST", "/tokenize", Tokenize);
  routes.Add("POST", "/detokenize", Detokenize);
  routes.Add("POST", "/apply-template", ApplyTemplate);
}

}  // namespace retort::serve
