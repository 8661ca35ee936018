#include "cli/answer_printer.h"

#include <fmt/format.h>

#include "cli/trimmed.h"

namespace retort {
namespace {

// Empty where the model closed its thinking itself, or did not think.
std::string WhyClosed(ThinkingEnd end) {
  switch (end) {
    case ThinkingEnd::kLoop:
      return "it repeated itself";
    case ThinkingEnd::kBudget:
    case ThinkingEnd::kBudgetHard:
      return "its budget was spent";
    default:
      return "";
  }
}

std::string ThoughtFor(const GenerationResult& result) {
  const std::string why = WhyClosed(result.thinking_end);
  return fmt::format("Thought for {}, {} token{}{}", FormatDuration(result.thinking_s),
                     result.reasoning_tokens, result.reasoning_tokens == 1 ? "" : "s",
                     why.empty() ? "" : "; closed there: " + why);
}

}  // namespace

std::vector<std::string> NotesFor(const GenerationResult& result) {
  std::vector<std::string> notes;
  if (const std::string why = WhyClosed(result.thinking_end); !why.empty()) {
    notes.push_back(
        fmt::format("thinking was closed after {} tokens: {}", result.reasoning_tokens, why));
  }
  if (result.finish == FinishReason::kLength) {
    notes.push_back(fmt::format("the answer was cut after {} tokens; raise --max-tokens",
                                result.generated_tokens));
  }
  if (result.finish == FinishReason::kLoop) {
    notes.push_back(fmt::format("the answer was stopped after {} tokens: it repeated itself",
                                result.generated_tokens));
  }
  return notes;
}

std::string AnswerPrinter::Trimmer::Push(std::string_view text) {
  const size_t last = text.find_last_not_of(kBlank);
  if (last == std::string_view::npos) {
    if (begun_) held_ += text;
    return {};
  }
  std::string shown = begun_ ? held_ : std::string();
  shown += begun_ ? text.substr(0, last + 1)
                  : text.substr(text.find_first_not_of(kBlank),
                                last + 1 - text.find_first_not_of(kBlank));
  held_ = text.substr(last + 1);
  begun_ = true;
  return shown;
}

void AnswerPrinter::Push(const ThinkDelta& piece, const GenerationResult& so_far) {
  if (options_.terminal && !piece.reasoning.empty()) PushReasoning(piece.reasoning, so_far);
  const std::string shown = answer_.Push(piece.answer);
  if (shown.empty()) return;
  EndReasoning(so_far);
  Print(options_.terminal ? SafeForTerminal(shown) : shown);
}

void AnswerPrinter::PushReasoning(std::string_view text, const GenerationResult& so_far) {
  const bool first = !reasoning_.begun();
  const std::string shown = reasoning_.Push(text);
  if (!reasoning_.begun()) return;
  if (options_.hide_thinking) {
    // One line that counts along, rewritten in place.
    Print(fmt::format(
        "\r{}", options_.style.Dim(fmt::format("Thinking… {} tokens", so_far.reasoning_tokens))));
    return;
  }
  if (first) Print(options_.style.Dim("Thinking…") + "\n");
  // Each piece is dimmed by itself: whatever interrupts it finds the terminal as it was.
  if (!shown.empty()) Print(options_.style.Dim(SafeForTerminal(shown)));
}

void AnswerPrinter::EndReasoning(const GenerationResult& so_far) {
  if (!reasoning_.begun() || thinking_ended_) return;
  thinking_ended_ = true;
  Print(options_.hide_thinking ? "\r\x1b[2K" : "\n");
  Print(options_.style.Dim(ThoughtFor(so_far) + ".") + "\n\n");
}

void AnswerPrinter::Finish(const GenerationResult& result) {
  if (answer_.begun()) {
    Print("\n");
  } else if (reasoning_.begun()) {
    Print(options_.hide_thinking ? "\r\x1b[2K" : "\n");
    const bool closed = !WhyClosed(result.thinking_end).empty();
    const char* outcome = closed ? "; no answer came." : " and came to no answer.";
    Print(options_.style.Dim(ThoughtFor(result) + outcome) + "\n");
  }
}

void AnswerPrinter::Print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

}  // namespace retort
