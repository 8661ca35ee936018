// From chat messages to streamed reasoning and answer: template → tokenizer → engine → UTF-8 →
// stop strings → think parser, with a ThinkingGovernor over the thinking. What `run`, `compare` and
// later `serve` use.
//
//   Generator generator(*model, engine);
//   auto stream = generator.Chat(messages, {.max_tokens = 512});
//   while (auto piece = stream->Next()) std::cout << piece->answer;
//   GenerationResult result = stream->result();
//
// Start from any thread; each stream belongs to one thread (Cancel and EndThinking excepted), which
// waits in Next, or is told by `on_ready` when there is something to take with TryNext. That is
// called as Engine::Submit says. Destroying a stream
// cancels it. An error in the engine is no exception: it ends the stream with kError.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "runtime/loaded_model.h"
#include "runtime/thinking_governor.h"
#include "text/think_parser.h"

namespace retort {

class CompiledGrammar;    // grammar/compiled_grammar.h
class GrammarTree;        // grammar/grammar_tree.h
class GrammarVocabulary;  // grammar/compiled_grammar.h
struct ChatPrompt;        // runtime/chat_prompt.h

struct GenerationOptions {
  SamplingParams sampling = {};
  int32_t max_tokens = 2048;
  int32_t min_tokens = 0;  // the model cannot end before; stop strings can
  // Answers to the one prompt, and log-probabilities: as in engine/request.h.
  int32_t num_choices = 1;
  std::optional<int32_t> top_logprobs = std::nullopt;
  std::vector<std::string> stop = {};
  bool ignore_eos = false;  // and without the loop guard: so many tokens, whatever they say
  // Lowers max_tokens to what the model's context and the KV cache leave after the prompt.
  bool fit_context = false;
  ThinkingLimits thinking = {};
  // What the answer must be, compiled by Generator::Compile; none: anything. It begins behind the
  // thought. Stop strings, the loop guard and max_tokens may cut the answer short; else it is
  // whole.
  std::shared_ptr<const CompiledGrammar> grammar = nullptr;
  // Grammar and stop strings are of thought and answer together, tags included; else they are of
  // the answer alone.
  bool constrain_thinking = false;
  // All text is answer, with its tags, the prompt's open <think> in front (answer_text.h).
  bool raw_text = false;
};

// A token as bytes, which may be a part of a character, and how likely the model held it to be.
struct TextLogprob {
  int32_t token = 0;
  std::string bytes = {};
  double logprob = 0;
};

// Of one generated token, also of those that show no text.
struct TextLogprobs {
  TextLogprob chosen = {};
  std::vector<TextLogprob> top = {};  // the likeliest first
  bool reasoning = false;             // it belongs to the reasoning or its tags
};

// What has come of one choice: text, or with log-probabilities perhaps those alone.
struct GenerationPiece : ThinkDelta {
  int32_t choice = 0;
  std::vector<TextLogprobs> logprobs = {};
  std::vector<int32_t> tokens = {};  // that came; their text may come with later ones
  double time_s = 0;                 // when, from submission
};

// Of one choice. Times in seconds from submission, unless they say otherwise.
struct GenerationResult {
  std::string reasoning = {}, answer = {};
  std::vector<TextLogprobs> logprobs = {};  // of every generated token, if asked for
  FinishReason finish = FinishReason::kNone;
  std::string error = {};           // for kError
  std::string stop_string = {};     // that ended the answer; empty: none did
  bool ended_in_reasoning = false;  // before its </think>
  // Generated tokens count the one that stops and the forced ones; reasoning tokens count the tags.
  int32_t prompt_tokens = 0, generated_tokens = 0, reasoning_tokens = 0;
  ThinkingEnd thinking_end = ThinkingEnd::kNone;
  int32_t forced_tokens = 0;  // with which the thinking was closed
  int32_t cached_tokens = 0;  // of the prompt, that the engine had computed before
  double first_token_s = 0;
  double first_answer_s = 0;  // first answer text that is not blank; 0 if there was none
  double thinking_s = 0;      // from the first token to the last of the reasoning
  double total_s = 0;
  // Generated tokens after the first, over the time after the first.
  double decode_tokens_per_s = 0;
};

class GenerationStream {
 public:
  virtual ~GenerationStream() = default;
  virtual std::optional<GenerationPiece> Next() = 0;  // nullopt at the end of all choices
  // The same without waiting. `piece` is set for kEvent alone, and may show nothing.
  virtual Poll TryNext(GenerationPiece& piece) = 0;
  virtual void Cancel() = 0;
  // Enough thought: it is closed within two tokens, and the answer follows. Of all choices; does
  // nothing where there is no thought. From any thread.
  virtual void EndThinking() = 0;
  // As RequestHandle's. From any thread.
  virtual int32_t QueuePosition() const = 0;
  // What has come so far of a choice; whole after Next gave nullopt. Texts are those that Next
  // gave, joined.
  virtual const GenerationResult& result_of(int32_t choice) const = 0;
  const GenerationResult& result() const { return result_of(0); }
};

class Generator {
 public:
  Generator(LoadedModel& model, Engine& engine);
  // From the parts: a scripted model has no file. `chat_template` may be null; what is handed over
  // must outlive the generator and its streams.
  Generator(const Tokenizer& tokenizer, const ChatTemplate* chat_template, Engine& engine);

  // messages: array of {"role", "content"}. Throws what the template and Engine::Submit throw;
  // kNotFound without a template.
  std::unique_ptr<GenerationStream> Chat(const nlohmann::ordered_json& messages,
                                         const GenerationOptions& options);
  // A prompt already rendered to text; special tokens written in it are recognised, none added.
  std::unique_ptr<GenerationStream> Complete(const std::string& prompt,
                                             const GenerationOptions& options,
                                             std::function<void()> on_ready = nullptr);
  // A prompt of tokens, and the text that they are. Throws kInvalidArgument for a token that the
  // vocabulary does not have.
  std::unique_ptr<GenerationStream> CompleteTokens(const std::string& prompt,
                                                   const std::vector<int32_t>& tokens,
                                                   const GenerationOptions& options,
                                                   std::function<void()> on_ready = nullptr);
  std::string RenderChat(const nlohmann::ordered_json& messages) const;
  std::string Render(const ChatPrompt& chat) const;
  // A grammar for answers of this model, to be kept for further requests. What its vocabulary needs
  // is made at the first call. Thread-safe.
  std::shared_ptr<const CompiledGrammar> Compile(const GrammarTree& tree);

 private:
  std::unique_ptr<GenerationStream> Start(std::string prompt, std::vector<int32_t> tokens,
                                          const GenerationOptions& options,
                                          std::function<void()> on_ready);
  Request RequestFor(const GenerationOptions& options, std::vector<int32_t> prompt) const;
  std::shared_ptr<const TokenConstraint> ConstraintFor(const GenerationOptions& options,
                                                       bool in_reasoning) const;

  const Tokenizer& tokenizer_;
  const ChatTemplate* chat_template_;
  Engine& engine_;
  std::mutex mutex_;
  std::shared_ptr<const GrammarVocabulary> vocabulary_;  // of the grammars, once there are some
};

}  // namespace retort
