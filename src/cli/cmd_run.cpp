// retort run FILE [PROMPT]: chat in a terminal, or one answer for a prompt or piped text.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "base/error.h"
#include "base/interrupt.h"
#include "cli/answer_printer.h"
#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/conversation.h"
#include "cli/line_reader.h"
#include "cli/on_interrupt.h"
#include "cli/terminal.h"
#include "engine/engine.h"
#include "runtime/generation.h"
#include "runtime/loaded_model.h"

namespace retort {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  retort run r1.gguf                                   chat; /help says what else it knows\n"
    "  retort run r1.gguf \"What is 17 * 23?\"                one answer\n"
    "  retort run r1.gguf --json < question.txt             reasoning, answer and times as JSON\n"
    "  git diff | retort run r1.gguf --system \"Review this change.\" --temperature 0";

constexpr const char* kHelp =
    "/clear  forget the conversation      /exit  leave (as Ctrl-D does)\n"
    "Ctrl-C stops an answer. A line that ends with \\ goes on in the next one.";

struct RunFlags {
  std::string file;
  std::string prompt;
  std::string system;
  LoadOptions load;
  GenerationOptions generation{
      .sampling = {.temperature = 0.6, .top_p = 0.95}, .max_tokens = 2048, .fit_context = true};
  bool hide_thinking = false;
  bool json = false;
};

// "214 tokens, 45.3 tokens/s, first after 0.2 s", and why it ended if not by itself.
std::string Summary(const GenerationResult& result) {
  std::string text =
      fmt::format("{} tokens, {:.1f} tokens/s, first after {}", result.generated_tokens,
                  result.decode_tokens_per_s, FormatDuration(result.first_token_s));
  if (result.finish == FinishReason::kCancelled) text += "; stopped";
  if (result.finish == FinishReason::kLength) text += "; cut there (--max-tokens, or context full)";
  return text;
}

nlohmann::ordered_json ToJson(const RunFlags& flags, const GenerationResult& result) {
  return {{"model", flags.file},
          {"seed", flags.generation.sampling.seed},
          {"reasoning", result.reasoning},
          {"answer", result.answer},
          {"finish_reason", FinishReasonName(result.finish)},
          {"prompt_tokens", result.prompt_tokens},
          {"generated_tokens", result.generated_tokens},
          {"reasoning_tokens", result.reasoning_tokens},
          {"timings",
           {{"first_token_s", result.first_token_s},
            {"first_answer_s", result.first_answer_s},
            {"thinking_s", result.thinking_s},
            {"total_s", result.total_s},
            {"tokens_per_s", result.decode_tokens_per_s}}}};
}

// A model with its engine, ready to answer.
class RunCommand {
 public:
  explicit RunCommand(const RunFlags& flags)
      : flags_(flags),
        model_(Load()),
        engine_(model_->language_model(), {}),
        generator_(*model_, engine_),
        conversation_(flags.system) {}

  void Chat();
  void AnswerOnce(const std::string& prompt);

 private:
  std::unique_ptr<LoadedModel> Load();
  GenerationResult Answer(const std::string& question);
  void RunTurn(const std::string& line);
  void PrintGreeting() const;

  const RunFlags& flags_;
  InterruptSignals signals_;  // before the threads of model and engine, which inherit its mask
  std::unique_ptr<LoadedModel> model_;
  Engine engine_;
  Generator generator_;
  Conversation conversation_;
  Style style_ = StyleFor(STDOUT_FILENO);
  int interrupts_ = 0;  // Ctrl-C in a row: the second leaves the chat
  bool leaving_ = false;
};

std::unique_ptr<LoadedModel> RunCommand::Load() {
  const OnInterrupt leave(signals_, [](int signal) { std::_Exit(128 + signal); });
  return LoadModel(flags_.file, flags_.load);
}

// Prints the answer to a question as it comes.
GenerationResult RunCommand::Answer(const std::string& question) {
  AnswerPrinter printer(stdout, {.style = style_,
                                 .terminal = IsTerminal(STDOUT_FILENO),
                                 .hide_thinking = flags_.hide_thinking});
  const std::unique_ptr<GenerationStream> stream =
      conversation_.Ask(generator_, question, flags_.generation);
  {
    const OnInterrupt stop(signals_, [&](int signal) {
      leaving_ = leaving_ || signal != SIGINT || interrupts_ > 0;
      ++interrupts_;
      stream->Cancel();
    });
    while (const auto piece = stream->Next()) {
      if (!flags_.json) printer.Push(*piece, stream->result());
    }
  }
  if (!flags_.json) printer.Finish(stream->result());
  const GenerationResult& result = stream->result();
  if (result.finish == FinishReason::kError) {
    Fail(ErrorCode::kInternal, "{}: {}", flags_.file, result.error);
  }
  return result;
}

void RunCommand::AnswerOnce(const std::string& prompt) {
  const GenerationResult result = Answer(prompt);
  if (flags_.json) {
    std::puts(ToJson(flags_, result)
                  .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                  .c_str());
  } else if (IsTerminal(STDOUT_FILENO)) {
    fmt::print("\n{}\n", style_.Dim(Summary(result) + "."));
  } else if (result.finish == FinishReason::kLength) {
    fmt::print(stderr, "retort: the answer was cut after {} tokens; raise --max-tokens\n",
               result.generated_tokens);
  }
  if (result.finish == FinishReason::kCancelled) {
    Fail(ErrorCode::kCancelled, "stopped after {} tokens", result.generated_tokens);
  }
}

void RunCommand::PrintGreeting() const {
  const ModelConfig& config = model_->config();
  fmt::print("{}  {}\n{}\n", style_.Bold(config.name),
             style_.Dim(fmt::format(
                 "{}, context {}", model_->backend().description(),
                 std::min<int64_t>(config.max_position_embeddings, engine_.MaxSequenceTokens()))),
             style_.Dim("/help for what you can type, Ctrl-D to leave"));
}

void RunCommand::Chat() {
  PrintGreeting();
  LineReader reader(STDIN_FILENO, signals_);
  while (!leaving_) {
    fmt::print("\n{} ", style_.Bold(">"));
    std::fflush(stdout);
    const LineReader::Event event = reader.Next();
    if (event.kind == LineReader::Kind::kEnd) break;
    if (event.kind == LineReader::Kind::kLine) {
      interrupts_ = 0;
      RunTurn(event.line);
    } else if (++interrupts_ == 1) {
      fmt::print("\n{}", style_.Dim("Ctrl-C again or Ctrl-D leaves."));
    } else {
      break;
    }
  }
  fmt::print("\n");
}

void RunCommand::RunTurn(const std::string& line) {
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  if (line == "/exit" || line == "/quit" || line == "/bye") {
    leaving_ = true;
  } else if (line == "/clear") {
    conversation_.Clear();
    fmt::print("{}\n", style_.Dim("A new conversation."));
  } else if (line == "/help" || line == "/?") {
    fmt::print("{}\n", kHelp);
  } else if (line.starts_with('/') && line.find(' ') == std::string::npos) {
    fmt::print("{}\n", style_.Dim(fmt::format("There is no command {}; see /help.", line)));
  } else {
    try {
      fmt::print("\n");
      const GenerationResult result = Answer(line);
      conversation_.Keep(result);
      fmt::print("\n{}\n", style_.Dim(Summary(result) + "."));
    } catch (const Error& error) {
      // The chat lives on: a question may be too long, and the next one is not.
      fmt::print(stderr, "retort: {}\n", error.what());
    }
  }
}

std::string ReadStandardInput() {
  std::string text(std::istreambuf_iterator<char>(std::cin), {});
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

void Run(const RunFlags& flags) {
  flags.generation.sampling.Validate();
  std::string prompt = flags.prompt;
  const bool chat = prompt.empty() && IsTerminal(STDIN_FILENO);
  if (chat && flags.json) {
    Fail(ErrorCode::kInvalidArgument, "--json needs a prompt: give one, or pipe it in");
  }
  if (!chat && prompt.empty()) prompt = ReadStandardInput();
  if (!chat && prompt.empty()) {
    Fail(ErrorCode::kInvalidArgument, "the prompt is empty: give one, or pipe it in");
  }
  RunCommand command(flags);
  if (chat) {
    command.Chat();
  } else {
    command.AnswerOnce(prompt);
  }
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
  command.add_option("--stop", options.stop, "End the answer before this text; may be repeated")
      ->allow_extra_args(false)
      ->group("Sampling");
}

}  // namespace

void AddRunCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("run", "Chat with a model, or get one answer");
  const auto flags = std::make_shared<RunFlags>();
  command->add_option("file", flags->file, "Model file (GGUF)")->required();
  command->add_option("prompt", flags->prompt, "Question; without one: chat, or read the pipe");
  command->add_option("--system", flags->system, "System message");
  command->add_flag("--hide-thinking", flags->hide_thinking, "Show the answer only");
  command->add_flag("--json", flags->json, "One JSON object with reasoning, answer and times");
  std::random_device entropy;
  flags->generation.sampling.seed = entropy();
  AddSamplingFlags(*command, flags->generation);
  AddModelFlags(*command, flags->load);
  command->footer(kExamples);
  command->callback([flags] { Run(*flags); });
}

}  // namespace retort
