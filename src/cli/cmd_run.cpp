// retort run MODEL [PROMPT]: chat in a terminal, or one answer for a prompt or piped text.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "base/error.h"
#include "cli/answer_printer.h"
#include "cli/batch_run.h"
#include "cli/chat.h"
#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/generation_json.h"
#include "cli/grammar_flags.h"
#include "cli/hub_settings.h"
#include "cli/input_history.h"
#include "cli/line_editor.h"
#include "cli/line_reader.h"
#include "cli/run_session.h"
#include "cli/terminal.h"

namespace retort {
namespace {

constexpr const char* kRunExamples =
    "Examples:\n"
    "  retort run r1.gguf                                   chat; /help says what else it knows\n"
    "  retort run r1.gguf \"What is 17 * 23?\"                one answer\n"
    "  retort run r1.gguf --json < question.txt             reasoning, answer and times as JSON\n"
    "  retort run r1.gguf --think-budget 1000               answers after 1,000 tokens at most\n"
    "  retort run r1.gguf --json-schema city.json \"Paris?\"  an answer that is JSON of the "
    "schema\n"
    "  git diff | retort run r1.gguf --system \"Review this change.\" --temperature 0\n"
    "  retort run r1.gguf --batch questions.jsonl --output answers.jsonl\n\n"
    "A batch answers lines {\"prompt\": \"..\"} or {\"messages\": [..]}, with an \"id\" and "
    "settings of\n"
    "their own (\"temperature\", \"max_tokens\", \"seed\", ...) if wanted; the same command goes "
    "on after\n"
    "an interruption.";

void AnswerOnce(RunSession& session, const RunFlags& flags, const std::string& prompt) {
  Conversation conversation(flags.system);
  const GenerationResult result = session.Answer(conversation, prompt, session.generation());
  if (flags.json) {
    nlohmann::ordered_json line = {{"model", flags.file},
                                   {"seed", session.generation().sampling.seed}};
    line.update(ToJson(result));
    line["speculation"] = SpeculationJson(session.engine().Stats());
    std::puts(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else if (IsTerminal(STDOUT_FILENO)) {
    fmt::print("\n{}\n", session.style().Dim(AnswerSummary(result) + "."));
  } else {
    for (const std::string& note : NotesFor(result)) fmt::print(stderr, "retort: {}\n", note);
  }
  if (result.finish == FinishReason::kCancelled) {
    Fail(ErrorCode::kCancelled, "stopped after {} tokens", result.generated_tokens);
  }
}

std::string ReadStandardInput() {
  std::string text(std::istreambuf_iterator<char>(std::cin), {});
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

// Editing and history where somebody sits at a terminal that can show them.
std::unique_ptr<LineSource> MakeLineSource(const RunSession& session, InputHistory& history) {
  const char* term = std::getenv("TERM");
  const bool plain = !IsTerminal(STDOUT_FILENO) || term == nullptr || std::string(term) == "dumb";
  if (plain) return std::make_unique<LineReader>(STDIN_FILENO, session.signals());
  return std::make_unique<LineEditor>(STDIN_FILENO, stdout, session.signals(), history);
}

// $RETORT_HISTORY, "" for none; else where the XDG specification puts such files.
std::string HistoryPath() {
  if (const char* path = std::getenv("RETORT_HISTORY")) return path;
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return std::string(state) + "/retort/history";
  const char* home = std::getenv("HOME");
  return home == nullptr ? "" : std::string(home) + "/.local/state/retort/history";
}

void RunChat(const RunFlags& flags) {
  if (flags.json)
    Fail(ErrorCode::kInvalidArgument, "--json needs a prompt: give one, or pipe it in");
  RunSession session(flags);
  InputHistory history(HistoryPath());
  const std::unique_ptr<LineSource> lines = MakeLineSource(session, history);
  Chat(session, *lines, flags).Run();
}

void Run(RunFlags& flags) {
  flags.file = ModelPath(flags.file);
  flags.generation.sampling.Validate();
  flags.generation.thinking.Validate();
  flags.grammar_tree = ReadGrammar(flags.grammar);  // before a model is loaded for it
  if (!flags.batch.empty()) {
    RunSession session(flags);
    return RunBatch(session, flags);
  }
  std::string prompt = flags.prompt;
  if (prompt.empty() && IsTerminal(STDIN_FILENO)) return RunChat(flags);
  if (prompt.empty()) prompt = ReadStandardInput();
  if (prompt.empty())
    Fail(ErrorCode::kInvalidArgument, "the prompt is empty: give one, or pipe it in");
  RunSession session(flags);
  AnswerOnce(session, flags, prompt);
}

void AddThinkingFlags(CLI::App& command, ThinkingLimits& limits) {
  command
      .add_option("--think-budget", limits.budget,
                  "Close thinking after so many tokens of --max-tokens; 0: no thinking at all")
      ->group("Thinking");
  command
      .add_flag("!--no-loop-guard", limits.loop_guard,
                "Let thinking and answers that repeat themselves run on")
      ->group("Thinking");
}

void AddSamplingFlags(CLI::App& command, GenerationOptions& options) {
  SamplingParams& sampling = options.sampling;
  const auto add = [&](const char* name, auto& value, const char* help) {
    command.add_option(name, value, help)->capture_default_str()->group("Sampling");
  };
  add("--temperature", sampling.temperature, "0 always takes the most likely token");
  add("--top-p", sampling.top_p, "Keep the most likely tokens up to this share");
  add("--top-k", sampling.top_k, "Keep so many tokens; 0 keeps all");
  add("--min-p", sampling.min_p, "Keep tokens this likely, as a share of the likeliest");
  add("--repetition-penalty", sampling.repetition_penalty, "Above 1: repeat less");
  add("--presence-penalty", sampling.presence_penalty, "Against tokens already generated");
  add("--frequency-penalty", sampling.frequency_penalty, "The same, for each time");
  command
      .add_option("--seed", sampling.seed,
                  "The same seed gives the same answer; random if not given")
      ->group("Sampling");
  add("--max-tokens", options.max_tokens, "Longest answer, thinking included");
  command
      .add_flag("--ignore-eos", options.ignore_eos, "Go on to --max-tokens whatever the model says")
      ->group("Sampling");
  command.add_option("--stop", options.stop, "End the answer before this text; may be repeated")
      ->allow_extra_args(false)
      ->group("Sampling");
}

}  // namespace

void AddRunCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("run", "Chat with a model, or get one answer");
  const auto flags = std::make_shared<RunFlags>();
  command->add_option("model", flags->file, "File, folder, or name of a pulled model")->required();
  command->add_option("prompt", flags->prompt, "Question; without one: chat, or read the pipe");
  command->add_option("--system", flags->system, "System message");
  command->add_flag("--hide-thinking", flags->hide_thinking, "Show the answer only")
      ->group("Thinking");
  command->add_flag("--json", flags->json, "One JSON object with reasoning, answer and times");
  CLI::Option* batch = command
                           ->add_option("--batch", flags->batch,
                                        "Answer the JSON lines of this file; - reads the pipe")
                           ->type_name("FILE.jsonl");
  command->get_option("prompt")->excludes(batch);
  command->add_option("--output", flags->output, "Append a batch's answers to this file")
      ->type_name("FILE.jsonl")
      ->needs(batch);
  command->add_option("--parallel", flags->parallel, "Answers of a batch at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str()
      ->needs(batch);
  std::random_device entropy;
  flags->generation.sampling.seed = entropy();
  AddSamplingFlags(*command, flags->generation);
  AddThinkingFlags(*command, flags->generation.thinking);
  AddGrammarFlags(*command, flags->grammar);
  AddModelFlags(*command, flags->load);
  AddSpeculateFlag(*command, flags->speculate);
  command->footer(kRunExamples);
  command->callback([flags, command] {
    for (const CLI::Option* option : command->get_options()) {
      if (option->count() > 0) flags->given.insert(option->get_name());
    }
    Run(*flags);
  });
}

}  // namespace retort
