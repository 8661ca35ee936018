// From chat messages to streamed reasoning and answer: template → tokenizer → engine → UTF-8 →
// stop strings → think parser. What `run`, `compare` and later `serve` use.
//
//   Generator generator(*model, engine);
//   auto stream = generator.Chat(messages, {.max_tokens = 512});
//   while (auto piece = stream->Next()) std::cout << piece->answer;
//   GenerationResult result = stream->result();
//
// Start from any thread; each stream belongs to one thread (Cancel excepted).
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "runtime/loaded_model.h"
#include "text/think_parser.h"

namespace retort {

struct GenerationOptions {
  SamplingParams sampling;
  int32_t max_tokens = 2048;
  std::vector<std::string> stop;
  bool ignore_eos = false;
};

// Times in seconds from submission.
struct GenerationResult {
  std::string reasoning, answer;
  FinishReason finish = FinishReason::kNone;
  int32_t prompt_tokens = 0, generated_tokens = 0, reasoning_tokens = 0;
  double first_token_s = 0, first_answer_s = 0, thinking_s = 0, total_s = 0;
  // Generated tokens after the first, over the time after the first.
  double decode_tokens_per_s = 0;
};

class GenerationStream {
 public:
  virtual ~GenerationStream() = default;
  virtual std::optional<ThinkDelta> Next() = 0;  // nullopt at the end
  virtual void Cancel() = 0;
  virtual const GenerationResult& result() const = 0;  // whole after Next gave nullopt
};

class Generator {
 public:
  Generator(LoadedModel& model, Engine& engine) : model_(model), engine_(engine) {}
  // messages: array of {"role", "content"}; kwargs: further template variables.
  std::unique_ptr<GenerationStream> Chat(const nlohmann::ordered_json& messages,
                                         const GenerationOptions& options);
  // A prompt already rendered to text.
  std::unique_ptr<GenerationStream> Complete(const std::string& prompt,
                                             const GenerationOptions& options);
  std::string RenderChat(const nlohmann::ordered_json& messages) const;

 private:
  LoadedModel& model_;
  Engine& engine_;
};

}  // namespace retort
