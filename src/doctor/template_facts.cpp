// What CheckTemplate looks at: a template's answers to small conversations.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "doctor/template_check.h"
#include "runtime/chat_prompt.h"
#include "text/chat_template.h"

namespace retort::doctor {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kQuestion = "How many apples?";
constexpr const char* kAnswer = "Exactly two apples.";

Json Message(const char* role, const std::string& content) {
  return {{"role", role}, {"content", content}};
}

std::string Render(const ChatTemplate& chat, const Tokenizer& tokenizer, const Json& messages) {
  return RenderChatPrompt(chat, tokenizer, {.messages = &messages});
}

std::string RenderAfter(const ChatTemplate& chat, const Tokenizer& tokenizer, const Json& answer) {
  return Render(chat, tokenizer,
                Json::array({Message("user", kQuestion), answer, Message("user", "And now?")}));
}

// What stands behind the answer: a token, or what would be one if the vocabulary had it.
void FindEndOfTurn(const Tokenizer& tokenizer, const GenerationDefaults& defaults,
                   TemplateFacts& facts) {
  const size_t answer = facts.history_of_fields.rfind(kAnswer);
  if (answer == std::string::npos) return;
  std::string rest = facts.history_of_fields.substr(answer + std::string(kAnswer).size());
  rest.erase(0, std::min(rest.find_first_not_of(" \r\n"), rest.size()));
  const std::vector<int32_t> ids = tokenizer.Encode(rest);
  if (ids.empty()) return;
  const int32_t first = ids.front();
  const TokenizerSpec& spec = tokenizer.spec();
  facts.end_is_token = spec.kinds[static_cast<size_t>(first)] == TokenKind::kControl ||
                       spec.kinds[static_cast<size_t>(first)] == TokenKind::kUserDefined;
  if (facts.end_is_token) {
    facts.end_of_turn = tokenizer.TokenBytes(first);
    facts.end_stops = std::ranges::find(spec.stop_ids, first) != spec.stop_ids.end() ||
                      std::ranges::find(defaults.eos_ids, first) != defaults.eos_ids.end();
  } else {
    facts.end_of_turn = rest.substr(0, rest.find_first_of(" \r\n"));
  }
}

void RenderAll(const ChatTemplate& chat, const Tokenizer& tokenizer, TemplateFacts& facts) {
  facts.prompt = Render(chat, tokenizer, Json::array({Message("user", kQuestion)}));
  Json fields = Message("assistant", kAnswer);
  fields["reasoning_content"] = kThought;
  facts.history_of_fields = RenderAfter(chat, tokenizer, fields);
  facts.history = RenderAfter(
      chat, tokenizer,
      Message("assistant", std::string("<think>\n") + kThought + "\n</think>\n\n" + kAnswer));
}

}  // namespace

TemplateFacts GatherTemplate(const Tokenizer& tokenizer, const std::string& chat_template,
                             const GenerationDefaults& defaults, const TemplateOptions& options) {
  const TokenizerSpec& spec = tokenizer.spec();
  TemplateFacts facts{.is_r1 = options.is_r1,
                      .opens_itself = options.opens_itself,
                      .has_template = !chat_template.empty(),
                      .adds_bos = spec.add_bos,
                      .open_tokens = tokenizer.Encode("<think>").size(),
                      .close_tokens = tokenizer.Encode("</think>").size(),
                      .temperature = defaults.temperature,
                      .top_p = defaults.top_p,
                      .sampling_source = defaults.source};
  if (spec.bos) facts.bos = tokenizer.TokenBytes(*spec.bos);
  for (const int32_t id : spec.stop_ids) {
    facts.stop_tokens.emplace_back(tokenizer.TokenBytes(id));
  }
  if (chat_template.empty()) return facts;
  try {
    const ChatTemplate chat(chat_template, "the chat template");
    RenderAll(chat, tokenizer, facts);
    FindEndOfTurn(tokenizer, defaults, facts);
  } catch (const Error& error) {
    facts.failure = error.what();
  }
  return facts;
}

}  // namespace retort::doctor
