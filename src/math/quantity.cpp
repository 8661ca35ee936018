#include "math/quantity.h"

#include <array>
#include <string_view>

#include "math/token_text.h"

namespace retort {
namespace {

using enum LatexTokenKind;
using Kind = Value::Kind;

struct Magnitude {
  std::string_view word;
  int64_t factor;
};
constexpr std::array kMagnitudes = {
    Magnitude{"hundred", 100}, Magnitude{"thousand", 1000}, Magnitude{"million", 1'000'000},
    Magnitude{"billion", 1'000'000'000}, Magnitude{"trillion", 1'000'000'000'000}};
constexpr std::array kChineseMagnitudes = {Magnitude{"千米", 1},    Magnitude{"千克", 1},
                                           Magnitude{"百", 100},    Magnitude{"千", 1000},
                                           Magnitude{"万", 10'000}, Magnitude{"亿", 100'000'000}};

int64_t FactorOf(const Token& word) {
  for (const Magnitude& magnitude : kMagnitudes) {
    if (word.text == magnitude.word) return magnitude.factor;
  }
  for (const Magnitude& magnitude : kChineseMagnitudes) {
    if (word.text.starts_with(magnitude.word)) return magnitude.factor;
  }
  return 1;
}

// What follows a number must be words, with exponents and "/" between: "cm^2", "km/h", "万元".
bool TakeUnit(Tokens tokens, Value& value, Algebra& algebra) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (i == 0 && token.kind == kWord) {
      if (const int64_t factor = FactorOf(token); factor != 1) {
        const Algebra::Result scaled = algebra.Multiply(value.form, Form(Rational(factor)));
        if (!scaled) return false;
        value.form = *scaled;
        value.decimals = -1;
      }
    }
    if (token.Is(kOperator, "%")) value.percent = true;
    const bool first_is_word = i > 0 || token.kind == kWord || IsPunctuation(token) ||
                               token.Is(kOpen, "(") || token.Is(kOpen, "{");
    const bool part = token.kind == kWord || token.kind == kName || token.kind == kOpen ||
                      token.kind == kClose || IsPunctuation(token) ||
                      (token.kind == kOperator &&
                       std::string_view("^/%*-").find(token.text) != std::string_view::npos) ||
                      token.Is(kOperator, "deg") ||
                      (token.kind == kNumber && i > 0 &&
                       (tokens[i - 1].Is(kOperator, "^") || tokens[i - 1].Is(kOpen, "{") ||
                        tokens[i - 1].Is(kOperator, "-")));
    const bool slash =
        i == 0 && token.Is(kOperator, "/") && i + 1 < tokens.size() && tokens[i + 1].kind == kWord;
    if (!part || !(first_is_word || slash || token.Is(kOperator, "%"))) return false;
    if (token.kind == kWord || token.kind == kName) value.unit += token.text + " ";
  }
  return true;
}

}  // namespace

std::optional<Value> ReadQuantity(Tokens tokens, PlusMinus sign, Algebra& algebra) {
  size_t start = 0;
  while (start < tokens.size() && (tokens[start].kind == kWord || IsPunctuation(tokens[start])))
    ++start;
  // "K2A" is no number.
  const bool glued = start > 0 && start < tokens.size() && !tokens[start].spaced &&
                     tokens[start].kind == kNumber && IsLatin(tokens[start - 1]);
  if (start == tokens.size() || glued) return std::nullopt;
  std::optional<ParsedExpression> parsed = ParseExpression(tokens.subspan(start), sign, algebra);
  if (!parsed) return std::nullopt;
  Value value;
  value.kind = Kind::kExpression;
  value.form = std::move(parsed->form);
  value.decimals = parsed->decimals;
  value.has_decimal = parsed->has_decimal;
  value.percent = parsed->percent;
  value.after_prose = start > 0;
  value.letters = IsName(tokens.subspan(start, parsed->end));
  const size_t behind = start + parsed->end;
  // "We find x": letters with words behind them are prose.
  if (value.letters && behind < tokens.size() && tokens[behind].kind == kWord &&
      !tokens[behind].in_text) {
    return std::nullopt;
  }
  if (!TakeUnit(tokens.subspan(behind), value, algebra)) return std::nullopt;
  return value;
}

std::optional<Value> ReadBased(Tokens tokens) {
  if (tokens.size() < 3 || tokens[0].kind != kNumber || !tokens[1].Is(kOperator, "_")) {
    return std::nullopt;
  }
  const bool braces = tokens[2].Is(kOpen, "{");
  if (tokens.size() != (braces ? 5u : 3u)) return std::nullopt;
  const Token& base = tokens[braces ? 3 : 2];
  if (base.kind != kNumber || base.text.size() > 2 ||
      base.text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  Value value;
  value.kind = Kind::kBased;
  value.form = Form(ReadDecimal(tokens[0].text));
  value.columns = static_cast<size_t>(std::stoi(base.text));
  return value;
}

}  // namespace retort
