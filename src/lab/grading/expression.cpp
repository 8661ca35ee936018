#include "lab/grading/expression.h"

#include <algorithm>
#include <string>

namespace retort {
namespace {

constexpr int kMaxDepth = 64;
constexpr size_t kMaxDigits = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Recursive descent. A function that returns nothing leaves at_ where it was.
class Parser {
 public:
  Parser(std::string_view text, Thousands thousands) : text_(text), thousands_(thousands) {}

  size_t at() const { return at_; }

  std::optional<Quantity> Sum() {
    const size_t start = at_;
    std::optional<Quantity> sum = SignedTerm();
    if (!sum) return Back(start);
    while (true) {
      const size_t before = at_;
      SkipSpaces();
      const char sign = Peek();
      if (sign != '+' && sign != '-') return Stop(before, sum);
      ++at_;
      SkipSpaces();
      std::optional<Quantity> term = Term();
      if (!term) return Stop(before, sum);
      sum = Add(*sum, sign == '+' ? *term : Negate(*term));
      if (!sum) return Back(start);
    }
  }

 private:
  std::nullopt_t Back(size_t position) {
    at_ = position;
    return std::nullopt;
  }
  std::optional<Quantity> Stop(size_t position, const std::optional<Quantity>& value) {
    at_ = position;
    return value;
  }
  char Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  std::string_view Rest() const { return text_.substr(at_); }
  void SkipSpaces() {
    while (Peek() == ' ') ++at_;
  }
  bool Accept(std::string_view word) {
    if (!Rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::optional<Quantity> SignedTerm() {
    const size_t start = at_;
    SkipSpaces();
    const bool negative = Peek() == '-';
    if (negative || Peek() == '+') ++at_;
    SkipSpaces();
    std::optional<Quantity> term = Term();
    if (!term) return Back(start);
    return negative ? Negate(*term) : *term;
  }

  std::optional<Quantity> Term() {
    const size_t start = at_;
    std::optional<Quantity> product = Factor();
    while (product) {
      const size_t before = at_;
      SkipSpaces();
      const char sign = Peek();
      const bool written = sign == '*' || sign == '/';
      if (written) {
        ++at_;
        SkipSpaces();
      } else if (!StartsImplicitFactor()) {
        return Stop(before, product);
      }
      std::optional<Quantity> factor = Factor();
      if (!factor) return Stop(before, product);
      product = sign == '/' ? Divide(*product, *factor) : Multiply(*product, *factor);
    }
    return Back(start);
  }

  bool StartsImplicitFactor() const {
    return Peek() == '(' || Rest().starts_with("\\pi") || Rest().starts_with("\\sqrt") ||
           Rest().starts_with("\\frac") || IsPiWord();
  }

  bool IsPiWord() const {
    return (Rest().starts_with("pi") || Rest().starts_with("Pi")) && !IsLetter(Peek(2));
  }

  std::optional<Quantity> Factor() {
    const size_t start = at_;
    std::optional<Quantity> base = Base();
    if (!base) return std::nullopt;
    const size_t before = at_;
    SkipSpaces();
    if (Peek() != '^') return Stop(before, base);
    ++at_;
    SkipSpaces();
    std::optional<Quantity> exponent = Exponent();
    if (!exponent) return Stop(before, base);
    base = Power(*base, *exponent);
    return base ? base : Back(start);
  }

  std::optional<Quantity> Exponent() {
    if (Peek() != '-') return Base();
    const size_t start = at_;
    ++at_;
    const std::optional<Quantity> magnitude = Base();
    if (!magnitude) return Back(start);
    return Negate(*magnitude);
  }

  std::optional<Quantity> Base() {
    if (IsDigit(Peek()) || (Peek() == '.' && IsDigit(Peek(1)))) return Number();
    if (Peek() == '(' || Peek() == '{') return Group();
    if (Rest().starts_with("\\frac")) return LatexFraction();
    if (Rest().starts_with("\\sqrt") || Rest().starts_with("sqrt")) return Root();
    if (Accept("\\pi")) return Pi();
    if (IsPiWord()) {
      at_ += 2;
      return Pi();
    }
    return std::nullopt;
  }

  std::optional<Quantity> Group() {
    const size_t start = at_;
    if (Peek() != '(' && Peek() != '{') return std::nullopt;
    const char close = Peek() == '(' ? ')' : '}';
    if (++depth_ > kMaxDepth) {
      --depth_;
      return std::nullopt;
    }
    ++at_;
    const std::optional<Quantity> inside = Sum();
    SkipSpaces();
    --depth_;
    if (!inside || Peek() != close) return Back(start);
    ++at_;
    return inside;
  }

  // What follows \frac, \sqrt or their like: a group or one digit.
  std::optional<Quantity> Argument() {
    SkipSpaces();
    if (Peek() == '{') return Group();
    if (!IsDigit(Peek())) return std::nullopt;
    return Quantity(Rational(text_[at_++] - '0'));
  }

  std::optional<Quantity> LatexFraction() {
    const size_t start = at_;
    Accept("\\frac");
    const std::optional<Quantity> above = Argument();
    if (!above) return Back(start);
    const std::optional<Quantity> below = Argument();
    if (!below) return Back(start);
    const std::optional<Quantity> value = Divide(*above, *below);
    return value ? value : Back(start);
  }

  std::optional<Quantity> Root() {
    const size_t start = at_;
    if (!Accept("\\sqrt")) Accept("sqrt");
    SkipSpaces();
    const std::optional<Quantity> inside = IsDigit(Peek()) ? Number() : Group();
    if (!inside) return Back(start);
    const std::optional<Quantity> value = SquareRoot(*inside);
    return value ? value : Back(start);
  }

  // Digits with their thousands separators.
  std::string Digits() {
    std::string digits;
    while (IsDigit(Peek())) digits += text_[at_++];
    if (thousands_ == Thousands::kSeparate || digits.empty() || digits.size() > 3) return digits;
    const char separator = Peek();
    if (separator != ',' && separator != ' ') return digits;
    while (Peek() == separator && IsDigit(Peek(1)) && IsDigit(Peek(2)) && IsDigit(Peek(3)) &&
           !IsDigit(Peek(4))) {
      digits += text_.substr(at_ + 1, 3);
      at_ += 4;
    }
    return digits;
  }

  std::optional<Quantity> Number() {
    const size_t start = at_;
    std::string digits = Digits();
    const bool whole = !(Peek() == '.' && IsDigit(Peek(1)));
    size_t decimals = 0;
    if (!whole) {
      for (++at_; IsDigit(Peek()); ++decimals) digits += text_[at_++];
    }
    if (digits.size() > kMaxDigits) return Back(start);
    const size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    Rational value(Integer(digits.substr(first)));
    if (decimals > 0) {
      value /= boost::multiprecision::pow(Integer(10), static_cast<unsigned>(decimals));
    }
    const std::optional<Quantity> fraction = whole ? MixedFraction() : std::nullopt;
    return fraction ? Add(Quantity(value), *fraction) : Quantity(value);
  }

  // The fraction of "3\frac{1}{2}" or "3 1/2", of whole numbers.
  std::optional<Quantity> MixedFraction() {
    const size_t start = at_;
    SkipSpaces();
    if (Rest().starts_with("\\frac")) {
      const std::optional<Quantity> fraction = LatexFraction();
      return fraction && fraction->AsRational() ? fraction : Back(start);
    }
    if (at_ == start || !IsDigit(Peek())) return Back(start);
    const std::string above = Digits();
    if (!Accept("/") || !IsDigit(Peek())) return Back(start);
    const std::string below = Digits();
    if (above.size() > 18 || below.size() > 18 || std::stoll(below) == 0) return Back(start);
    return Quantity(Rational(std::stoll(above), std::stoll(below)));
  }

  std::string_view text_;
  Thousands thousands_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  constexpr std::string_view kTrailing = " .,;:!\n";
  while (!text.empty() && kTrailing.find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<ParsedPrefix> ParseExpression(std::string_view text, Thousands thousands) {
  Parser parser(text.substr(0, kMaxExpressionLength), thousands);
  std::optional<Quantity> value = parser.Sum();
  if (!value) return std::nullopt;
  return ParsedPrefix{std::move(*value), parser.at()};
}

}  // namespace retort
