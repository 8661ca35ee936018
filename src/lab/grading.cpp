#include "lab/grading.h"

#include <array>
#include <optional>
#include <utility>

#include "lab/grading/compare.h"
#include "lab/grading/expression.h"
#include "lab/grading/extraction.h"
#include "lab/grading/normalize.h"
#include "lab/grading/repetition.h"
#include "lab/grading/value.h"

namespace retort {
namespace {

constexpr size_t kMaxShown = 200;
constexpr size_t kSearchedTail = 4000;  // bytes in which equations and bare numbers are looked for

struct Candidate {
  std::string text;
  const char* path;
};

std::string_view Tail(std::string_view text, size_t bytes) {
  return text.size() <= bytes ? text : text.substr(text.size() - bytes);
}

// At most kMaxShown bytes, cut between characters.
std::string Shown(std::string_view text) {
  text = Trim(text);
  if (text.size() <= kMaxShown) return std::string(text);
  size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

// Letters glued to a number make it a name, as in "x1"; "^" and "_" make it an exponent or an
// index.
bool IsPartOfName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '^' || c == '_';
}

// The text of the last number, with what belongs to it: "3/4", "25\pi", "-7".
std::optional<std::string> LastNumber(std::string_view normalized) {
  std::optional<std::string> last;
  for (size_t at = 0; at < normalized.size();) {
    if (normalized[at] == ' ') {
      ++at;
      continue;
    }
    const std::optional<ParsedPrefix> parsed =
        ParseExpression(normalized.substr(at), Thousands::kJoined);
    const bool glued = at > 0 && IsPartOfName(normalized[at - 1]);
    if (!parsed || parsed->end == 0) {
      ++at;
      continue;
    }
    if (!glued) last = std::string(Trim(normalized.substr(at, parsed->end)));
    at += parsed->end;
  }
  return last;
}

// "x = 4, y = 7" from the last equation of each unknown.
std::optional<std::string> LastEquations(const Answer& answer, std::string_view normalized) {
  std::string joined;
  for (const AnswerPart& part : answer.parts) {
    if (part.name.empty()) return std::nullopt;
    const std::optional<std::string_view> value = LastEquation(normalized, part.name);
    if (!value) return std::nullopt;
    joined += (joined.empty() ? "" : ", ") + part.name + " = " + std::string(Trim(*value));
  }
  return joined;
}

// The whole line if it reads as an answer, else the last number in it.
std::optional<std::string> FromPhrase(const Answer& answer, std::string_view line) {
  const std::string normalized = NormalizeAnswer(line.substr(0, kMaxExpressionLength));
  if (answer.parts.size() > 1 || ReadValue(normalized, Thousands::kJoined)) {
    return std::string(line);
  }
  return LastNumber(normalized);
}

std::optional<Candidate> FindAnswer(const Answer& answer, std::string_view text) {
  if (std::optional<std::string> boxed = JoinLastBoxes(text, answer.parts.size())) {
    return Candidate{std::move(*boxed), "boxed"};
  }
  if (const std::optional<std::string_view> line = FindPhrase(text)) {
    if (std::optional<std::string> found = FromPhrase(answer, *line)) {
      return Candidate{std::move(*found), "final answer phrase"};
    }
  }
  const std::string normalized = NormalizeAnswer(Tail(text, kSearchedTail));
  if (std::optional<std::string> equations = LastEquations(answer, normalized)) {
    return Candidate{std::move(*equations), "last equation"};
  }
  for (const std::string_view formula : LastFormulas(text)) {
    if (ReadValue(NormalizeAnswer(formula), Thousands::kJoined)) {
      return Candidate{std::string(formula), "last formula"};
    }
  }
  if (std::optional<std::string> number = LastNumber(normalized)) {
    return Candidate{std::move(*number), "last number"};
  }
  return std::nullopt;
}

}  // namespace

const char* VerdictName(Verdict verdict) {
  constexpr std::array kNames = {"correct", "wrong", "no answer", "truncated", "looped"};
  return kNames[static_cast<size_t>(verdict)];
}

Graded Grade(const Problem& problem, std::string_view answer_text, std::string_view reasoning_text,
             bool truncated) {
  std::optional<Candidate> found;
  if (truncated) {
    if (std::optional<std::string> boxed =
            JoinLastBoxes(answer_text, problem.answer.parts.size())) {
      found = Candidate{std::move(*boxed), "boxed"};
    }
  } else {
    found = FindAnswer(problem.answer, answer_text);
  }
  if (found) {
    const bool right = Matches(ToExact(problem.answer), found->text);
    return {right ? Verdict::kCorrect : Verdict::kWrong, Shown(found->text), found->path};
  }
  if (!truncated) return {Verdict::kNoAnswer, "", ""};
  const bool looped = LooksLooped(answer_text) || LooksLooped(reasoning_text);
  return {looped ? Verdict::kLooped : Verdict::kTruncated, "", ""};
}

}  // namespace retort
