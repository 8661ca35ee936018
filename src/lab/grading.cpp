#include "lab/grading.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lab/grading/repetition.h"
#include "math/grade.h"
#include "math/relation.h"

namespace retort {
namespace {

constexpr size_t kMaxShown = 200;

struct Candidate {
  std::string text;
  const char* path;
};

// At most kMaxShown bytes, cut between characters.
std::string Shown(std::string_view text) {
  const size_t first = text.find_first_not_of(" \n");
  text.remove_prefix(std::min(first, text.size()));
  if (text.size() <= kMaxShown) return std::string(text);
  size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

Value ToValue(const ExactValue& exact) {
  Algebra algebra;
  Form form(Rational(exact.numerator, exact.denominator));
  form = *algebra.Multiply(form, *algebra.SquareRoot(Form(Rational(exact.radicand))));
  if (exact.times_pi) form = *algebra.Multiply(form, Pi());
  return ExpressionValue(std::move(form));
}

// "name = value"
Value ToValue(const AnswerPart& part) {
  if (part.name.empty()) return ToValue(part.value);
  Value name = ExpressionValue(Variable(part.name));
  name.letters = true;
  name.text = part.name;
  Value relation;
  relation.kind = Value::Kind::kRelation;
  relation.operators = {"="};
  relation.items = {std::move(name), ToValue(part.value)};
  return relation;
}

Value ToValue(const Answer& answer) {
  if (answer.parts.size() == 1) {
    Value value = ToValue(answer.parts.front());
    (value.items.empty() ? value : value.items.back()).decimals = answer.decimals;
    return value;
  }
  Value list;
  list.kind = answer.ordered ? Value::Kind::kTuple : Value::Kind::kList;
  list.open = "(";
  list.close = ")";
  for (const AnswerPart& part : answer.parts) list.items.push_back(ToValue(part));
  return list;
}

// "x = 4, y = 7" from the last equation of each unknown.
std::optional<std::string> LastEquations(const Answer& answer, std::string_view text) {
  std::string joined;
  for (const AnswerPart& part : answer.parts) {
    if (part.name.empty()) return std::nullopt;
    const std::optional<std::string> value = LastEquation(text, part.name);
    if (!value) return std::nullopt;
    joined += (joined.empty() ? "" : ", ") + part.name + " = " + *value;
  }
  return joined;
}

bool IsNumber(std::string_view text) {
  Algebra algebra;
  Value value = ReadValue(text, Commas::kThousands, algebra);
  const Value* answer = AnswerOf(value);
  if (answer == nullptr) answer = &value;
  return answer->kind == Value::Kind::kExpression && VariablesOf(answer->form).empty();
}

std::optional<Candidate> FindAnswer(const Answer& answer, std::string_view text) {
  if (std::optional<std::string> boxed = JoinLastBoxes(text, answer.parts.size())) {
    return Candidate{std::move(*boxed), "boxed"};
  }
  if (const std::optional<Phrase> phrase = FindPhrase(text)) {
    return Candidate{
        answer.parts.size() > 1 ? std::string(phrase->rest) : AnswerOfPhrase(phrase->rest),
        "final answer phrase"};
  }
  if (std::optional<std::string> equations = LastEquations(answer, text)) {
    return Candidate{std::move(*equations), "last equation"};
  }
  for (const Formula& formula : LastFormulas(text)) {
    if (IsNumber(formula.content)) return Candidate{std::string(formula.content), "last formula"};
  }
  if (std::optional<FoundNumber> number = LastNumber(text)) {
    return Candidate{std::move(number->text), "last number"};
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
    const bool right = MeansGold(ToValue(problem.answer), found->text, {});
    return {right ? Verdict::kCorrect : Verdict::kWrong, Shown(found->text), found->path};
  }
  if (!truncated) return {Verdict::kNoAnswer, "", ""};
  const bool looped = LooksLooped(answer_text) || LooksLooped(reasoning_text);
  return {looped ? Verdict::kLooped : Verdict::kTruncated, "", ""};
}

}  // namespace retort
