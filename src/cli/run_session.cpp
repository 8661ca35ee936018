#include "cli/run_session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/error.h"
#include "cli/answer_printer.h"
#include "cli/on_interrupt.h"

namespace retort {
namespace {

EngineOptions OptionsFor(const RunFlags& flags) {
  EngineOptions options;
  if (!flags.speculate) options.max_draft_tokens = 0;
  return options;
}

}  // namespace

RunSession::RunSession(const RunFlags& flags)
    : flags_(flags),
      model_(Load()),
      generation_(MergeDefaults()),
      engine_(model_->language_model(), OptionsFor(flags)),
      generator_(*model_, engine_),
      style_(StyleFor(STDOUT_FILENO)) {
  if (flags.grammar_tree) generation_.grammar = generator_.Compile(*flags.grammar_tree);
}

std::unique_ptr<LoadedModel> RunSession::Load() {
  const OnInterrupt leave(signals_, [](int signal) { std::_Exit(128 + signal); });
  return LoadModel(flags_.file, flags_.load);
}

GenerationOptions RunSession::MergeDefaults() const {
  GenerationOptions options = flags_.generation;
  model_->generation_defaults().ApplyTo(options.sampling);
  const SamplingParams& flags = flags_.generation.sampling;
  const auto keep = [&](const char* flag, auto SamplingParams::*member) {
    if (flags_.given.contains(flag)) options.sampling.*member = flags.*member;
  };
  keep("--temperature", &SamplingParams::temperature);
  keep("--top-p", &SamplingParams::top_p);
  keep("--top-k", &SamplingParams::top_k);
  keep("--min-p", &SamplingParams::min_p);
  keep("--repetition-penalty", &SamplingParams::repetition_penalty);
  return options;
}

GenerationResult RunSession::Answer(Conversation& conversation, const std::string& question,
                                    const GenerationOptions& options) {
  AnswerPrinter printer(stdout, {.style = style_,
                                 .terminal = IsTerminal(STDOUT_FILENO),
                                 .hide_thinking = flags_.hide_thinking});
  const std::unique_ptr<GenerationStream> stream = conversation.Ask(generator_, question, options);
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

std::string AnswerSummary(const GenerationResult& result) {
  std::string text =
      fmt::format("{} tokens, {:.1f} tokens/s, first after {}", result.generated_tokens,
                  result.decode_tokens_per_s, FormatDuration(result.first_token_s));
  if (result.finish == FinishReason::kCancelled) text += "; stopped";
  if (result.finish == FinishReason::kLength) text += "; cut there (--max-tokens, or context full)";
  if (result.finish == FinishReason::kLoop) text += "; stopped there: it repeated itself";
  return text;
}

}  // namespace retort
