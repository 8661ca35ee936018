#include "math/numeral.h"

#include <charconv>
#include <string>

namespace retort {
namespace {

using enum LatexTokenKind;

constexpr size_t kMaxDigits = 1000;

// The value of a number's token: digits, a point, an exponent.
std::optional<Rational> ValueOf(const std::string& text) {
  const size_t e = text.find('e');
  const std::string digits = text.substr(0, e);
  if (digits.size() > kMaxDigits) return std::nullopt;
  Rational value = ReadDecimal(digits);
  if (e == std::string::npos) return value;
  int exponent = 0;
  const char* begin = text.data() + e + 1 + (text[e + 1] == '+' ? 1 : 0);
  std::from_chars(begin, text.data() + text.size(), exponent);
  if (std::abs(exponent) > static_cast<int>(kMaxDigits)) return std::nullopt;
  return value * PowerOfTen(exponent);
}

class NumeralReader {
 public:
  explicit NumeralReader(std::span<const Token> tokens) : tokens_(tokens) {}

  std::optional<Numeral> Read() {
    const Token& token = tokens_[at_++];
    std::optional<Rational> value = ValueOf(token.text);
    if (!value) return std::nullopt;
    if (const std::optional<Rational> tail = RepeatingDecimals(token.text)) {
      *value += *tail;
    } else if (IsWhole(token)) {
      if (const std::optional<Rational> fraction = MixedFraction()) *value += *fraction;
    }
    return Numeral{std::move(*value), at_};
  }

 private:
  const Token& Peek(size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : none_;
  }
  bool Accept(LatexTokenKind kind, std::string_view text) {
    if (!Peek().Is(kind, text)) return false;
    ++at_;
    return true;
  }

  // Of "0.1\overline{6}" and "0.\overline{6}", what stands behind the number.
  std::optional<Rational> RepeatingDecimals(const std::string& number) {
    const size_t before = at_;
    const size_t point = number.find('.');
    size_t decimals = point == std::string::npos ? 0 : number.size() - point - 1;
    if (point == std::string::npos && !Accept(kWord, ".")) return std::nullopt;
    if (Peek().kind == kFunction && (Peek().text == "overline" || Peek().text == "dot")) {
      ++at_;
      const bool braces = Accept(kOpen, "{");
      const Token digits = Peek();
      if (IsWhole(digits) && digits.text.size() + decimals <= kMaxDigits) {
        ++at_;
        if (!braces || Accept(kClose, "}")) {
          const auto period = static_cast<int>(digits.text.size());
          return ReadDecimal(digits.text) / (PowerOfTen(period) - 1) *
                 PowerOfTen(-static_cast<int>(decimals));
        }
      }
    }
    at_ = before;
    return std::nullopt;
  }

  // One argument of a \frac of whole numbers, without parsing: "{12}" or "1".
  std::optional<Rational> WholeArgument(size_t& ahead) const {
    const bool braces = Peek(ahead).Is(kOpen, "{");
    const Token& number = Peek(ahead + (braces ? 1 : 0));
    if (!IsWhole(number) || number.text.size() > (braces ? 18 : 1)) return std::nullopt;
    if (braces && !Peek(ahead + 2).Is(kClose, "}")) return std::nullopt;
    ahead += braces ? 3 : 1;
    return ReadDecimal(number.text);
  }

  // The fraction of "3\frac{1}{2}" or "3 1/2": of whole numbers, below 1.
  std::optional<Rational> MixedFraction() {
    std::optional<Rational> above, below;
    size_t ahead = 1;
    if (Peek().Is(kFunction, "frac")) {
      if (IsWhole(Peek(1)) && Peek(1).text.size() == 2) {  // \frac12
        above = Rational(Peek(1).text[0] - '0');
        below = Rational(Peek(1).text[1] - '0');
        ahead = 2;
      } else {
        above = WholeArgument(ahead);
        if (above) below = WholeArgument(ahead);
      }
    } else if (IsWhole(Peek()) && Peek().spaced && Peek(1).Is(kOperator, "/") && IsWhole(Peek(2)) &&
               Peek().text.size() + Peek(2).text.size() < 36) {
      above = ReadDecimal(Peek().text);
      below = ReadDecimal(Peek(2).text);
      ahead = 3;
    }
    if (!above || !below || *above <= 0 || *above >= *below) return std::nullopt;
    at_ += ahead;
    return *above / *below;
  }

  std::span<const Token> tokens_;
  Token none_{kSeparator, "", false, false, 0, 0};
  size_t at_ = 0;
};

}  // namespace

bool IsWhole(const Token& token) {
  return token.kind == kNumber && token.text.find_first_of(".e") == std::string::npos;
}

std::optional<Numeral> ReadNumeral(std::span<const Token> tokens) {
  return NumeralReader(tokens).Read();
}

}  // namespace retort
