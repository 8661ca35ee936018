#include "serve/served_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/chat_prompt.h"
#include "text/think_parser.h"

namespace retort::serve {
namespace {

using Json = nlohmann::ordered_json;

// Compiled grammars hold masks over the vocabulary: some MiB each at most.
constexpr size_t kKeptGrammars = 16;

ModelParts PartsOf(LoadedModel& model) {
  const ChatTemplate* chat_template = model.has_chat_template() ? &model.chat_template() : nullptr;
  return {.language_model = model.language_model(),
          .tokenizer = model.tokenizer(),
          .chat_template = chat_template,
          .tool_style = chat_template == nullptr ? ToolCallStyle::kNone
                                                 : DetectToolCallStyle(chat_template->source()),
          .defaults = model.generation_defaults()};
}

// By asking it, with thinking and without.
ThinkingStyle ThinkingStyleOf(const ModelParts& parts) {
  if (parts.chat_template == nullptr) return ThinkingStyle::kNone;
  const auto prompt = [&](bool thinking) {
    const Json messages = Json::array({{{"role", "user"}, {"content", "?"}}});
    const Json kwargs = {{"enable_thinking", thinking}, {"thinking", thinking}};
    return RenderChatPrompt(*parts.chat_template, parts.tokenizer,
                            {.messages = &messages, .template_kwargs = &kwargs});
  };
  try {
    const std::string with = prompt(true);
    if (with != prompt(false)) return ThinkingStyle::kSwitched;
    return ThinkParser::OpensThinking(with) ? ThinkingStyle::kForced : ThinkingStyle::kNone;
  } catch (const Error&) {
    return ThinkingStyle::kNone;  // a template that wants more than a question
  }
}

}  // namespace

std::string_view ThinkingStyleName(ThinkingStyle style) {
  if (style == ThinkingStyle::kForced) return "forced";
  return style == ThinkingStyle::kSwitched ? "switched" : "none";
}

ServedModel::ServedModel(std::string name, std::unique_ptr<LoadedModel> model,
                         const EngineOptions& options)
    : name_(std::move(name)),
      loaded_(std::move(model)),
      parts_(PartsOf(*loaded_)),
      engine_(parts_.language_model, options),
      generator_(parts_.tokenizer, parts_.chat_template, engine_),
      thinking_style_(ThinkingStyleOf(parts_)) {}

ServedModel::ServedModel(std::string name, const ModelParts& parts, const EngineOptions& options)
    : name_(std::move(name)),
      parts_(parts),
      engine_(parts_.language_model, options),
      generator_(parts_.tokenizer, parts_.chat_template, engine_),
      thinking_style_(ThinkingStyleOf(parts_)) {}

std::shared_ptr<const CompiledGrammar> ServedModel::Compile(
    const std::string& key, const std::function<GrammarTree()>& tree) {
  const auto has_key = [&](const KeptGrammar& kept) { return kept.first == key; };
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(grammars_.begin(), grammars_.end(), has_key);
    if (found != grammars_.end()) {
      grammars_.splice(grammars_.begin(), grammars_, found);
      return found->second;
    }
  }
  // Without the lock: others need not wait for it, and two that compile the same do no harm.
  const std::shared_ptr<const CompiledGrammar> grammar = generator_.Compile(tree());
  const std::lock_guard lock(mutex_);
  grammars_.remove_if(has_key);
  grammars_.emplace_front(key, grammar);
  if (grammars_.size() > kKeptGrammars) grammars_.pop_back();
  return grammar;
}

}  // namespace retort::serve
