// A model that answers requests: loaded, with its engine, and what is kept beside it.
//
//   ServedModel model("r1", LoadModel(path, options), {});
//   auto stream = model.generator().Complete(prompt, options, on_ready);
//
// From parts it is one without a file, such as a scripted model for tests; the parts must outlive
// it. Errors: those of the engine. Thread-safe, but for construction and destruction; the latter
// waits for the engine's thread and must not come from it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "api/generate_request.h"
#include "engine/engine.h"
#include "grammar/grammar_tree.h"
#include "runtime/generation.h"
#include "runtime/loaded_model.h"
#include "text/tool_calls.h"

namespace retort::serve {

struct ModelParts {
  LanguageModel& language_model;
  const Tokenizer& tokenizer;
  const ChatTemplate* chat_template = nullptr;
  ToolCallStyle tool_style = ToolCallStyle::kNone;
  GenerationDefaults defaults = {};
};

// Whether a model thinks before it answers, as far as its template tells.
enum class ThinkingStyle : uint8_t {
  kNone,      // nothing is known of it
  kSwitched,  // if asked to: the template looks at enable_thinking
  kForced,    // always: the template opens the thought
};
std::string_view ThinkingStyleName(ThinkingStyle style);  // "none", "switched", "forced"

class ServedModel {
 public:
  ServedModel(std::string name, std::unique_ptr<LoadedModel> model, const EngineOptions& options);
  ServedModel(std::string name, const ModelParts& parts, const EngineOptions& options);

  const std::string& name() const { return name_; }
  std::string path() const { return loaded_ ? loaded_->path() : ""; }
  ModelMemory memory() const { return loaded_ ? loaded_->memory() : ModelMemory(); }
  const LoadedModel* loaded() const { return loaded_.get(); }  // null: from parts
  const Tokenizer& tokenizer() const { return parts_.tokenizer; }
  bool has_chat_template() const { return parts_.chat_template != nullptr; }
  ToolCallStyle tool_style() const { return parts_.tool_style; }
  ThinkingStyle thinking_style() const { return thinking_style_; }
  const GenerationDefaults& defaults() const { return parts_.defaults; }
  // Longest sequence, prompt and answer together.
  int64_t context_tokens() const { return engine_.MaxSequenceTokens(); }
  Engine& engine() { return engine_; }
  const Engine& engine() const { return engine_; }
  Generator& generator() { return generator_; }

  // Compiled, and kept: the last ones asked for are at hand. `key` stands for the tree: the same
  // key, the same tree.
  std::shared_ptr<const CompiledGrammar> Compile(const std::string& key,
                                                 const std::function<GrammarTree()>& tree);

 private:
  using KeptGrammar = std::pair<std::string, std::shared_ptr<const CompiledGrammar>>;

  std::string name_;
  std::unique_ptr<LoadedModel> loaded_;
  ModelParts parts_;
  Engine engine_;
  Generator generator_;
  ThinkingStyle thinking_style_;
  std::mutex mutex_;
  std::list<KeptGrammar> grammars_;  // the last used first
};

}  // namespace retort::serve
