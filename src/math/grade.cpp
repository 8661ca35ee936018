#include "math/grade.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace retort {
namespace {

using Kind = Value::Kind;

constexpr size_t kMaxShown = 200;
constexpr size_t kMaxWhole = 300;  // bytes of a text that may be an answer alone

struct Candidate {
  std::string text;
  const char* path;
};

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// At most kMaxShown bytes, cut between characters.
std::string Shown(std::string_view text) {
  text = Trim(text);
  if (text.size() <= kMaxShown) return std::string(text);
  size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

Value Read(std::string_view text, Algebra& algebra) {
  return ReadValue(text, Commas::kThousands, algebra);
}

bool HasFormula(std::string_view text) {
  return text.find('$') != std::string_view::npos || text.find("\\(") != std::string_view::npos ||
         text.find("\\[") != std::string_view::npos;
}

// A short line that is an answer alone, without prose around it.
bool IsAnswerAlone(std::string_view text, Algebra& algebra) {
  if (text.size() > kMaxWhole || text.find('\n') != std::string_view::npos) return false;
  const Value value = Read(text, algebra);
  return value.kind != Kind::kText && !value.after_prose;
}

// The last formula or number, whichever stands later; formulas joined by "and", "or" or a comma are
// one list.
std::optional<Candidate> LastOfAll(std::string_view text, const GradeOptions& options,
                                   Algebra& algebra) {
  std::optional<Candidate> found;
  size_t end = 0;
  if (options.latex) {
    const std::vector<Formula> formulas = LastFormulas(text);
    if (!formulas.empty()) {
      found = Candidate{std::string(formulas.front().content), "last formula"};
      end = formulas.front().end;
    }
  }
  if (options.expr) {
    const std::string_view behind = text.substr(std::min(end, text.size()));
    if (std::optional<FoundNumber> number = LastNumber(behind, algebra)) {
      return Candidate{std::move(number->text), "last number"};
    }
  }
  return found;
}

std::optional<Candidate> FindPrediction(std::string_view text, const GradeOptions& options,
                                        Algebra& algebra) {
  const std::vector<Box> boxes = options.latex ? FindBoxes(text) : std::vector<Box>{};
  const std::optional<Phrase> phrase = FindPhrase(text);
  const bool phrase_first =
      phrase && (boxes.empty() || (phrase->final && (phrase->begin > boxes.back().end ||
                                                     options.boxed_match_priority > 0)));
  if (!boxes.empty() && !phrase_first) return Candidate{*JoinLastBoxes(text, 0), "boxed"};
  const bool readable = options.expr || HasFormula(text);
  if (!phrase && readable && IsAnswerAlone(Trim(text), algebra)) {
    return Candidate{std::string(Trim(text)), "whole text"};
  }
  if (phrase && readable) {
    if (phrase->rest.find("\\boxed") != std::string_view::npos && !boxes.empty()) {
      return Candidate{*JoinLastBoxes(text, 0), "boxed"};
    }
    return Candidate{AnswerOfPhrase(phrase->rest, algebra), "final answer phrase"};
  }
  return LastOfAll(text, options, algebra);
}

// The gold may be a bare answer, with or without dollars, or a whole solution.
std::string FindGold(std::string_view gold, const GradeOptions& options, Algebra& algebra) {
  const std::string_view text = Trim(gold);
  if (std::optional<std::string> boxed = JoinLastBoxes(text, 0)) return *boxed;
  if (IsAnswerAlone(text, algebra)) return std::string(text);
  const bool short_line = text.size() <= kMaxWhole && text.find('\n') == std::string_view::npos;
  if (short_line && !HasFormula(text)) return std::string(text);
  const std::vector<Formula> formulas = LastFormulas(text);
  // "$21, 16$ or $11$" is read as a whole where nothing else stands between.
  if (short_line && formulas.size() != 1 && Read(text, algebra).kind != Kind::kText) {
    return std::string(text);
  }
  if (std::optional<Candidate> last = LastOfAll(text, options, algebra)) return last->text;
  return std::string(text);
}

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// The letter of "B", "(B)", "\text{B}"; 0 for anything else. e and i are letters here.
char VariableLetter(std::string_view text, Algebra& algebra) {
  const Value value = Read(text, algebra);
  if (value.kind != Kind::kExpression || !value.letters) return 0;
  char letter = 0;
  for (const char c : value.text) {
    if (std::string_view("(){} ").find(c) != std::string_view::npos) continue;
    if (letter != 0 || c < 'a' || c > 'z') return 0;
    letter = c;
  }
  return letter;
}

// The choice that a gold answer names, "B" or "(B)"; 0 if it names none.
char ChoiceOf(std::string_view gold, Algebra& algebra) {
  const char letter = Upper(VariableLetter(gold, algebra));
  const bool capital = letter != 0 && gold.find(letter) != std::string_view::npos;
  return capital && letter >= 'A' && letter <= 'H' ? letter : '\0';
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\\' ||
         c == '\'';
}

// The first capital from A to H that stands alone.
char FirstChoice(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool alone =
        (i == 0 || !IsWordByte(text[i - 1])) && (i + 1 == text.size() || !IsWordByte(text[i + 1]));
    if (alone && text[i] >= 'A' && text[i] <= 'H') return text[i];
  }
  return 0;
}

// The letter that a text chooses: in its box, behind its phrase, at its start, or its last one.
std::optional<Candidate> FindChoice(std::string_view text) {
  const auto found = [](char letter, const char* path) {
    return letter == 0 ? std::nullopt : std::optional(Candidate{std::string(1, letter), path});
  };
  if (const std::vector<Box> boxes = FindBoxes(text); !boxes.empty()) {
    std::string content(boxes.back().content);
    for (const std::string_view wrapper : {"\\text{", "\\textbf{", "\\mathrm{"}) {
      const size_t at = content.find(wrapper);
      if (at != std::string::npos) content.replace(at, wrapper.size(), " ");
    }
    return found(FirstChoice(content), "boxed");
  }
  if (const std::optional<Phrase> phrase = FindPhrase(text)) {
    if (std::optional<Candidate> choice = found(FirstChoice(phrase->rest), "final answer phrase")) {
      return choice;
    }
  }
  const std::string_view start = Trim(text);
  const size_t bracket = start.starts_with('(') ? 1 : 0;
  const char letter = FirstChoice(start.substr(bracket, 1));
  const char behind = start.size() > bracket + 1 ? start[bracket + 1] : '.';
  if (letter != 0 && !IsWordByte(behind) && (behind != ' ' || letter != 'A')) {
    return found(letter, "whole text");
  }
  for (size_t at = text.size(); at-- > 0;) {
    if (const char last = FirstChoice(text.substr(at)); last != 0)
      return found(last, "last letter");
    if (text.size() - at > kMaxWhole) break;
  }
  return std::nullopt;
}

bool MeansGoldIn(std::string_view gold, Commas gold_commas, std::string_view written, Commas commas,
                 const CompareOptions& options, Algebra& algebra) {
  const Value right = ReadValue(gold, gold_commas, algebra);
  const Value value = ReadValue(written, commas, algebra);
  // A comma is a decimal point only where the other side is a decimal.
  if (commas == Commas::kDecimal && right.decimals <= 0) return false;
  if (gold_commas == Commas::kDecimal && value.decimals <= 0) return false;
  return SameAnswer(right, value, options, algebra);
}

bool MeansGold(std::string_view gold, std::string_view written, const CompareOptions& options,
               Algebra& algebra) {
  if (Trim(gold) == Trim(written)) return !Trim(gold).empty();
  if (MeansGoldIn(gold, Commas::kThousands, written, Commas::kThousands, options, algebra))
    return true;
  const auto has_comma = [](std::string_view text) { return text.find(',') != text.npos; };
  if (!has_comma(gold) && !has_comma(written)) return false;
  return MeansGoldIn(gold, Commas::kSeparate, written, Commas::kSeparate, options, algebra) ||
         MeansGoldIn(gold, Commas::kThousands, written, Commas::kDecimal, options, algebra) ||
         MeansGoldIn(gold, Commas::kDecimal, written, Commas::kThousands, options, algebra);
}

}  // namespace

bool MeansGold(std::string_view gold, std::string_view written, const CompareOptions& options) {
  Algebra algebra;
  return MeansGold(gold, written, options, algebra);
}

bool MeansGold(const Value& gold, std::string_view written, const CompareOptions& options) {
  Algebra algebra;
  for (const Commas commas : {Commas::kThousands, Commas::kSeparate}) {
    const Value value = ReadValue(written, commas, algebra);
    if (SameAnswer(gold, value, options, algebra)) return true;
    if (written.find(',') == std::string_view::npos) break;
  }
  return false;
}

MathGrade GradeMath(std::string_view gold, std::string_view prediction,
                    const GradeOptions& options) {
  Algebra algebra;
  const std::string_view text = WithoutThinking(prediction);
  const std::string right = FindGold(WithoutThinking(gold), options, algebra);
  std::optional<Candidate> found = FindPrediction(text, options, algebra);
  const auto graded = [&](const Candidate& candidate, bool correct) {
    const bool unread = !correct && Read(candidate.text, algebra).kind == Kind::kText &&
                        Read(right, algebra).kind != Kind::kText;
    return MathGrade{correct, Shown(candidate.text), candidate.path,
                     correct  ? ""
                     : unread ? "unparsable"
                              : "wrong",
                     algebra.budget().spent()};
  };
  if (found && MeansGold(right, found->text, options, algebra)) return graded(*found, true);
  if (const char letter = ChoiceOf(right, algebra); letter != 0) {
    if (const std::optional<Candidate> choice = FindChoice(text)) {
      return graded(*choice, choice->text[0] == letter);
    }
    // (c) for (C), but not x for X.
    const bool marked = right.find_first_of("(\\") != std::string::npos;
    if (found && marked) {
      const char given = VariableLetter(found->text, algebra);
      if (given != 0 && Upper(given) == letter) return graded(*found, true);
    }
  }
  // Words alone are an answer if nothing better is there.
  const std::string_view whole = Trim(text);
  const bool short_line = whole.size() <= kMaxWhole && !whole.empty() && options.expr &&
                          whole.find('\n') == std::string_view::npos;
  if (short_line && (!found || std::string_view(found->path).starts_with("last"))) {
    const Candidate all{std::string(whole), "whole text"};
    const bool correct = MeansGold(right, whole, options, algebra);
    if (correct || !found) return graded(all, correct);
  }
  if (!found) return {false, "", "", "no answer", algebra.budget().spent()};
  return graded(*found, false);
}

}  // namespace retort
