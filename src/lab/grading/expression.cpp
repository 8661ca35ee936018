#include "lab/grading/expression.h"

#include <array>
#include <cctype>
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
