#include "math/token_text.h"

#include <algorithm>
#include <string_view>

#include "math/characters.h"

namespace retort {
namespace {

using enum LatexTokenKind;

}  // namespace

bool IsPunctuation(const Token& token) {
  return token.kind == kSeparator ||
         (token.kind == kWord && token.text.size() == 1 &&
          std::string_view(".?\"'`#").find(token.text[0]) != std::string_view::npos) ||
         token.Is(kOperator, "!");
}

bool EndsInFactorial(Tokens tokens) {
  if (tokens.size() < 2 || !tokens.back().Is(kOperator, "!")) return false;
  const LatexTokenKind before = tokens[tokens.size() - 2].kind;
  return before == kNumber || before == kName || before == kClose;
}

bool IsLatin(const Token& word) {
  const char first = AsciiLower(word.text[0]);
  return word.kind == kWord && first >= 'a' && first <= 'z';
}

std::string TextOf(Tokens tokens) {
  std::string text;
  for (const Token& token : tokens) {
    if (IsPunctuation(token) && !token.Is(kSeparator, ":")) continue;
    if (!text.empty() && (token.kind == kWord || token.spaced)) text += ' ';
    for (const char c : token.text) text += AsciiLower(c);
  }
  return text;
}

bool IsName(Tokens tokens) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool mark = token.Is(kOperator, "_") || token.Is(kOperator, "'");
    const bool index = token.kind == kNumber && i > 0 &&
                       (tokens[i - 1].Is(kOperator, "_") || tokens[i - 1].kind == kOpen);
    const bool letters = token.kind == kName || token.kind == kFunction ||
                         (token.kind == kWord && i > 0) || token.Is(kOperator, "|");
    if (!letters && token.kind != kOpen && token.kind != kClose && !mark && !index) {
      return false;
    }
  }
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const Token& token) { return token.kind == kName; });
}

}  // namespace retort
