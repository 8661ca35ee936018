// A loaded model with its engine, asked from a terminal: prints each answer as it comes, and lets
// Ctrl-C stop it. What `retort run` has below its three faces: one answer, chat, and batch.
//
//   RunSession session(flags);
//   Conversation conversation(flags.system);
//   GenerationResult result = session.Answer(conversation, "1 + 1?", session.generation());
//
// Errors: what loading, templates and the engine throw; kInternal when a step fails. Construct in
// the main thread before any other thread exists, as InterruptSignals wants it. Not thread-safe.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "base/interrupt.h"
#include "cli/conversation.h"
#include "cli/terminal.h"
#include "engine/engine.h"
#include "runtime/generation.h"
#include "runtime/loaded_model.h"

namespace retort {

// What answers are kept to; one of them, or nothing.
struct GrammarFlags {
  std::string json_schema, gbnf;  // files
  bool json_object = false;
};

struct RunFlags {
  std::string file;
  std::string prompt;
  std::string system;
  LoadOptions load;
  bool speculate = true;  // compute guessed tokens ahead where that is faster
  GenerationOptions generation{
      .sampling = {.temperature = 0.6, .top_p = 0.95}, .max_tokens = 2048, .fit_context = true};
  std::set<std::string> given;  // sampling flags on the command line, such as "--top-p"
  GrammarFlags grammar;
  std::shared_ptr<const GrammarTree> grammar_tree;  // what they name
  bool hide_thinking = false;
  bool json = false;
  std::string batch;   // JSON lines to answer; "-" is the standard input
  std::string output;  // where their answers go; empty: the standard output
  int parallel = 8;    // of them at once
};

class RunSession {
 public:
  explicit RunSession(const RunFlags& flags);

  // Prints the answer to a question as it comes; nothing with --json.
  GenerationResult Answer(Conversation& conversation, const std::string& question,
                          const GenerationOptions& options);

  // How often Ctrl-C came since the last line that was typed: the second one leaves a chat.
  int interrupts() const { return interrupts_; }
  void CountInterrupt() { ++interrupts_; }
  void ForgetInterrupts() { interrupts_ = 0; }
  // Whether a signal asked the program to end.
  bool leaving() const { return leaving_; }

  const RunFlags& flags() const { return flags_; }
  // As the flags say, and where they say nothing, as the model's makers do.
  const GenerationOptions& generation() const { return generation_; }
  const InterruptSignals& signals() const { return signals_; }
  LoadedModel& model() { return *model_; }
  Engine& engine() { return engine_; }
  Generator& generator() { return generator_; }
  const Style& style() const { return style_; }

 private:
  std::unique_ptr<LoadedModel> Load();
  GenerationOptions MergeDefaults() const;

  const RunFlags& flags_;
  InterruptSignals signals_;  // before the threads of model and engine, which inherit its mask
  std::unique_ptr<LoadedModel> model_;
  GenerationOptions generation_;
  Engine engine_;
  Generator generator_;
  Style style_;
  int interrupts_ = 0;
  bool leaving_ = false;
};

// "214 tokens, 45.3 tokens/s, first after 0.2 s", and why it ended if not by itself.
std::string AnswerSummary(const GenerationResult& result);

}  // namespace retort
