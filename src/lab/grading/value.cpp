#include "lab/grading/value.h"

#include <array>

namespace retort {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Behind the last "=", and before a "≈" that has a value on its left.
std::string_view RightSide(std::string_view text, Thousands thousands) {
  constexpr std::string_view kApproximately = "\\approx";
  if (const size_t equals = text.rfind('='); equals != std::string_view::npos) {
    if (!Trim(text.substr(equals + 1)).empty()) text = text.substr(equals + 1);
  }
  const size_t about = text.find(kApproximately);
  if (about == std::string_view::npos) return text;
  const std::string_view left = text.substr(0, about);
  return ReadValue(left, thousands) ? left : text.substr(about + kApproximately.size());
}

// Skips prose up to where a number can begin. Nothing if a letter touches the number, as in "x5".
std::optional<std::string_view> SkipProse(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    const char c = text[at];
    const bool after_letter = at > 0 && IsLetter(text[at - 1]);
    if (IsDigit(c)) return after_letter ? std::nullopt : std::optional(rest);
    if (rest.starts_with("\\frac") || rest.starts_with("\\sqrt") || rest.starts_with("\\pi")) {
      return rest;
    }
    const bool word = rest.starts_with("sqrt") || rest.starts_with("pi");
    if (word && !after_letter && ParseExpression(rest, Thousands::kJoined)) return rest;
    const bool opens = c == '-' || c == '+' || c == '(' || c == '{' || c == '.';
    if (opens && ParseExpression(rest, Thousands::kJoined)) return rest;
    // "--7", or brackets nested too deep.
    const bool doubled = rest.size() > 1 && std::string_view("-+(").find(rest[1]) != rest.npos;
    if (opens && doubled) return std::nullopt;
    if (c == '\\' || c == '^' || c == '*' || c == '/' || c == '<' || c == '>') return std::nullopt;
  }
  return std::nullopt;
}

// "万", "million": removes it and says by how much to multiply.
Rational TakeMultiplier(std::string_view& rest) {
  struct Word {
    std::string_view text;
    int64_t factor;
  };
  constexpr std::array kWords = {Word{"万", 10'000},
                                 Word{"亿", 100'000'000},
                                 Word{"百", 100},
                                 Word{"千米", 1},
                                 Word{"千克", 1},
                                 Word{"千", 1000},
                                 Word{"hundred", 100},
                                 Word{"thousand", 1000},
                                 Word{"million", 1'000'000},
                                 Word{"billion", 1'000'000'000}};
  const std::string_view trimmed = Trim(rest);
  for (const Word& word : kWords) {
    if (!trimmed.starts_with(word.text)) continue;
    rest = trimmed.substr(word.text.size());
    return Rational(word.factor);
  }
  return Rational(1);
}

// Whether what follows a number is words and unit signs only: "cm^2", "本书", "km/h", "%".
bool IsUnit(std::string_view rest) {
  if (Trim(rest).starts_with('%')) rest.remove_prefix(rest.find('%') + 1);
  // A single letter glued to a number is an unknown, unless it is a usual unit.
  constexpr std::string_view kUnitLetters = "mgshlL";
  if (!rest.empty() && IsLetter(rest[0]) && (rest.size() == 1 || !IsLetter(rest[1])) &&
      kUnitLetters.find(rest[0]) == std::string_view::npos) {
    return false;
  }
  for (size_t at = 0; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '^') {
      // "^2", "^{3}", "^{-1}"
      size_t end = at + 1;
      while (end < rest.size() &&
             (IsDigit(rest[end]) || rest[end] == '{' || rest[end] == '}' || rest[end] == '-')) {
        ++end;
      }
      if (at == 0 || end == at + 1) return false;
      at = end - 1;
      continue;
    }
    const bool allowed = IsLetter(c) || static_cast<unsigned char>(c) >= 0x80 ||
                         std::string_view(" ./()-,;:!'\"").find(c) != std::string_view::npos;
    if (!allowed) return false;
  }
  return true;
}

}  // namespace

std::optional<Quantity> ReadValue(std::string_view text, Thousands thousands) {
  if (text.size() > kMaxExpressionLength) return std::nullopt;
  const std::optional<std::string_view> start = SkipProse(Trim(RightSide(text, thousands)));
  if (!start) return std::nullopt;
  const std::optional<ParsedPrefix> parsed = ParseExpression(*start, thousands);
  if (!parsed) return std::nullopt;
  std::string_view rest = start->substr(parsed->end);
  const Rational factor = TakeMultiplier(rest);
  if (!IsUnit(rest)) return std::nullopt;
  return Multiply(parsed->value, Quantity(factor));
}

}  // namespace retort
