#include "math/extraction.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "math/characters.h"
#include "math/expression.h"
#include "math/functions.h"
#include "math/value.h"

namespace retort {
namespace {

constexpr size_t kTail = 4000;  // bytes searched for formulas and numbers

std::string_view Tail(std::string_view text) {
  return text.size() <= kTail ? text : text.substr(text.size() - kTail);
}

// A closing delimiter that is not escaped, as "\$" is.
size_t FindClose(std::string_view text, size_t begin, std::string_view close) {
  size_t at = text.find(close, begin);
  while (at != std::string_view::npos && close[0] == '$' && at > begin && text[at - 1] == '\\') {
    at = text.find(close, at + 1);
  }
  return at;
}

constexpr size_t kMaxNumberTokens = 100;

bool IsLatinWord(const Token& token) {
  return token.kind == LatexTokenKind::kWord &&
         std::isalpha(static_cast<unsigned char>(token.text[0]));
}

// How many tokens may belong to a number: up to a letter that stands apart, as in "79 g de cire".
size_t NumberSpan(std::span<const Token> tokens) {
  size_t end = 1;
  while (end < std::min(tokens.size(), kMaxNumberTokens) &&
         !(tokens[end].kind == LatexTokenKind::kName && tokens[end].spaced &&
           tokens[end].text.size() == 1)) {
    ++end;
  }
  return end;
}

bool CanStartNumber(std::span<const Token> tokens) {
  for (const Token& token : tokens.first(std::min(tokens.size(), kMaxNumberTokens))) {
    if (token.kind == LatexTokenKind::kNumber || token.Is(LatexTokenKind::kName, "pi")) return true;
    if (token.kind == LatexTokenKind::kFunction) return FindFunction(token.text)->in_numbers;
    const bool opens =
        token.Is(LatexTokenKind::kOpen, "(") || token.Is(LatexTokenKind::kOpen, "{") ||
        token.Is(LatexTokenKind::kOperator, "-") || token.Is(LatexTokenKind::kOperator, "+");
    if (!opens) return false;
  }
  return false;
}

// "the volume is 12. I hope it is correct" up to its first sentence's end.
std::string_view FirstSentence(std::string_view text) {
  for (size_t at = text.find(". "); at != std::string_view::npos; at = text.find(". ", at + 1)) {
    const char next = at + 2 < text.size() ? text[at + 2] : ' ';
    if ((next >= 'A' && next <= 'Z') || next == '<') {
      return text.substr(0, at);
    }
  }
  return text;
}

struct Known {
  std::string_view text;
  bool final;
};
constexpr std::array kPhrases = {Known{"final answer is", true},
                                 Known{"final answer:", true},
                                 Known{"final answer**", true},
                                 Known{"answer is", false},
                                 Known{"answer:", false},
                                 Known{"answer：", false},
                                 Known{"####", true},
                                 Known{"答案是", true},
                                 Known{"答案为", true},
                                 Known{"答案：", true},
                                 Known{"答案:", true},
                                 Known{"结果是", false},
                                 Known{"结果为", false},
                                 Known{"答：", false},
                                 Known{"答:", false},
                                 Known{"réponse est", false},
                                 Known{"respuesta es", false},
                                 Known{"antwort ist", false}};

// Where each phrase begins last, so far as it may end behind all others; npos otherwise. One pass
// from behind, since this is what reads the whole of a long text.
std::array<size_t, kPhrases.size()> LastPhrases(std::string_view lower) {
  std::array<bool, 256> starts{};
  size_t longest = 0;
  for (const Known& known : kPhrases) {
    starts[static_cast<unsigned char>(known.text[0])] = true;
    longest = std::max(longest, known.text.size());
  }
  std::array<size_t, kPhrases.size()> last;
  last.fill(std::string_view::npos);
  size_t stop = 0;
  for (size_t at = lower.size(); at-- > stop;) {
    if (!starts[static_cast<unsigned char>(lower[at])]) continue;
    for (size_t i = 0; i < kPhrases.size(); ++i) {
      const std::string_view phrase = kPhrases[i].text;
      if (last[i] != std::string_view::npos || phrase[0] != lower[at] ||
          !lower.substr(at).starts_with(phrase)) {
        continue;
      }
      last[i] = at;
      const size_t behind = at + phrase.size();
      stop = std::max(stop, behind - std::min(behind, longest));
    }
  }
  return last;
}

}  // namespace

std::optional<Phrase> FindPhrase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), AsciiLower);
  std::optional<Phrase> best;
  size_t behind = 0;
  const std::array<size_t, kPhrases.size()> last = LastPhrases(lower);
  for (size_t i = 0; i < kPhrases.size(); ++i) {
    const Known& known = kPhrases[i];
    const size_t at = last[i];
    if (at == std::string::npos || (best && at + known.text.size() < behind)) continue;
    // "final answer is" ends where its "answer is" does.
    if (best && at + known.text.size() == behind && !known.final) continue;
    behind = at + known.text.size();
    best = Phrase{at, known.final, {}};
  }
  if (!best) return std::nullopt;
  std::string_view rest = text.substr(behind);
  rest.remove_prefix(std::min(rest.find_first_not_of(" :\n*#"), rest.size()));
  best->rest = rest.substr(0, rest.find('\n'));
  if (best->rest.empty()) return std::nullopt;
  return best;
}

std::vector<Formula> LastFormulas(std::string_view text) {
  const size_t skipped = text.size() - Tail(text).size();
  text = Tail(text);
  struct Delimiter {
    std::string_view open, close;
    bool in_line;
  };
  constexpr std::array kDelimiters = {Delimiter{"$$", "$$", false}, Delimiter{"$", "$", true},
                                      Delimiter{"\\(", "\\)", true},
                                      Delimiter{"\\[", "\\]", false}};
  // Where a delimiter's close was looked for in vain up to: so each byte is seen once by each.
  std::array<size_t, kDelimiters.size()> no_close_before{};
  size_t line_end = 0;
  std::vector<Formula> formulas;
  for (size_t at = 0; at < text.size(); ++at) {
    if (at >= line_end) line_end = std::min(text.find('\n', at), text.size());
    for (size_t i = 0; i < kDelimiters.size(); ++i) {
      const Delimiter& delimiter = kDelimiters[i];
      const size_t limit = delimiter.in_line ? line_end : text.size();
      if (no_close_before[i] == limit || !text.substr(at).starts_with(delimiter.open)) continue;
      const size_t begin = at + delimiter.open.size();
      const size_t end = FindClose(text.substr(0, limit), begin, delimiter.close);
      if (end == std::string_view::npos) {
        no_close_before[i] = limit;
        continue;
      }
      const std::string_view content = text.substr(begin, end - begin);
      if (content.find_first_not_of(" \n") != std::string_view::npos) {
        formulas.push_back({skipped + end + delimiter.close.size(), content});
      }
      at = end + delimiter.close.size() - 1;
      break;
    }
  }
  std::reverse(formulas.begin(), formulas.end());
  return formulas;
}

std::string AnswerOfPhrase(std::string_view rest) {
  Algebra algebra;
  return AnswerOfPhrase(rest, algebra);
}

std::string AnswerOfPhrase(std::string_view rest, Algebra& algebra) {
  std::string_view sentence = FirstSentence(rest);
  for (const std::string_view verb : {" is ", " are ", "是", "为"}) {
    const size_t at = sentence.rfind(verb);
    if (at != std::string_view::npos) sentence = sentence.substr(at + verb.size());
  }
  const Value value = ReadValue(sentence, Commas::kThousands, algebra);
  if (value.kind != Value::Kind::kText) return std::string(sentence);
  if (std::vector<Formula> formulas = LastFormulas(sentence); !formulas.empty()) {
    return std::string(formulas.front().content);
  }
  if (std::optional<FoundNumber> number = LastNumber(sentence, algebra)) return number->text;
  return std::string(sentence);
}

std::optional<FoundNumber> LastNumber(std::string_view text) {
  Algebra algebra;
  return LastNumber(text, algebra);
}

std::optional<FoundNumber> LastNumber(std::string_view text, Algebra& algebra) {
  const std::string latex = ToLatex(Tail(text));
  const std::vector<Token> tokens = Tokenize(latex);
  const std::span<const Token> all(tokens);
  std::optional<FoundNumber> last;
  for (size_t i = 0; i < tokens.size();) {
    const Token& token = tokens[i];
    // Letters glued to a number make it a name, as in "x1".
    const bool glued = i > 0 && !token.spaced &&
                       (tokens[i - 1].kind == LatexTokenKind::kName || IsLatinWord(tokens[i - 1]) ||
                        (tokens[i - 1].kind == LatexTokenKind::kOperator &&
                         (tokens[i - 1].text == "^" || tokens[i - 1].text == "_")));
    const size_t span = NumberSpan(all.subspan(i));
    const std::optional<ParsedExpression> parsed =
        CanStartNumber(all.subspan(i))
            ? ParseExpression(all.subspan(i, span), PlusMinus::kPlus, algebra)
            : std::nullopt;
    if (!parsed || parsed->end == 0) {
      ++i;
      continue;
    }
    size_t end = i + parsed->end;
    // A decimal comma: "2,74".
    if (parsed->end == 1 && end + 1 < tokens.size() &&
        tokens[end].Is(LatexTokenKind::kSeparator, ",") && !tokens[end].spaced &&
        !tokens[end + 1].spaced && tokens[end + 1].kind == LatexTokenKind::kNumber &&
        tokens[end + 1].text.size() <= 2) {
      end += 2;
    }
    // 42_5 is no 42.
    const bool indexed = end < tokens.size() && tokens[end].Is(LatexTokenKind::kOperator, "_");
    if (!glued && !indexed) {
      const size_t begin = token.begin;
      last = FoundNumber{begin, latex.substr(begin, tokens[end - 1].end - begin)};
    }
    i = end;
  }
  if (last) last->begin += text.size() - Tail(text).size();
  return last;
}

std::optional<std::string> LastEquation(std::string_view text, std::string_view name) {
  const std::string latex = ToLatex(Tail(text));
  const std::vector<Token> tokens = Tokenize(latex, Commas::kSeparate);
  Algebra algebra;
  for (size_t i = tokens.size(); i-- > 0;) {
    const bool names = i + 2 < tokens.size() && tokens[i].text == name &&
                       tokens[i + 1].Is(LatexTokenKind::kRelation, "=");
    if (!names) continue;
    const size_t span = std::min<size_t>(tokens.size() - i - 2, kMaxNumberTokens);
    const std::optional<ParsedExpression> parsed = ParseExpression(
        std::span<const Token>(tokens).subspan(i + 2, span), PlusMinus::kPlus, algebra);
    if (!parsed || parsed->end == 0) continue;
    const size_t begin = tokens[i + 2].begin;
    return latex.substr(begin, tokens[i + 1 + parsed->end].end - begin);
  }
  return std::nullopt;
}

std::string_view WithoutThinking(std::string_view text) {
  constexpr std::string_view kEnd = "</think>";
  const size_t end = text.rfind(kEnd);
  return end == std::string_view::npos ? text : text.substr(end + kEnd.size());
}

}  // namespace retort
