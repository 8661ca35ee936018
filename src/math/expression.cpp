#include "math/expression.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace retort {
namespace {

using enum TokenKind;

constexpr int kMaxDepth = 64;
constexpr size_t kMaxDigits = 1000;

bool IsWhole(const Token& token) {
  return token.kind == kNumber && token.text.find_first_of(".e") == std::string::npos;
}

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

// Recursive descent. A function that returns nothing may leave at_ anywhere.
class Parser {
 public:
  using Result = Algebra::Result;

  Parser(std::span<const Token> tokens, PlusMinus sign, Algebra& algebra)
      : tokens_(tokens.begin(), tokens.end()), sign_(sign), algebra_(algebra) {}

  size_t at() const { return at_; }
  bool has_decimal() const { return has_decimal_; }
  bool percent() const { return percent_; }

  Result Sum() {
    const bool negative = Sign();
    Result sum = Term(negative);
    while (sum) {
      const size_t before = at_;
      if (!AtSign()) break;
      const bool minus = Sign();
      const Result term = Term(Sign());  // "x + -3"
      if (!term) {
        at_ = before;
        break;
      }
      sum = minus ? algebra_.Subtract(*sum, *term) : algebra_.Add(*sum, *term);
    }
    return sum;
  }

 private:
  static const Token& None() {
    static const Token none{kSeparator, "", false, false, 0, 0};
    return none;
  }
  const Token& Peek(size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : None();
  }
  bool Accept(TokenKind kind, std::string_view text) {
    if (!Peek().Is(kind, text)) return false;
    ++at_;
    return true;
  }

  bool AtSign() const {
    const Token& token = Peek();
    return token.kind == kOperator &&
           (token.text == "+" || token.text == "-" || token.text == "pm" || token.text == "mp");
  }
  // Reads at most one sign: whether it is a minus.
  bool Sign() {
    if (!AtSign()) return false;
    const std::string& text = tokens_[at_++].text;
    return text == "-" || (text == "pm" && sign_ == PlusMinus::kMinus) ||
           (text == "mp" && sign_ == PlusMinus::kPlus);
  }

  // The sign belongs to the first factor: (-7) mod 4, but -(2^2).
  Result Term(bool first_negative = false) {
    Result product = Factor();
    if (product && first_negative) product = algebra_.Negate(*product);
    while (product) {
      const size_t before = at_;
      const Token& token = Peek();
      const std::string op = token.kind == kOperator ? token.text : "";
      const bool written = op == "*" || op == "/" || op == "mod";
      if (!written && !StartsImplicitFactor()) break;
      if (written) ++at_;
      const bool negative = written && Sign();
      Result factor = op == "mod" ? Product() : Factor();
      if (!factor) {
        at_ = before;
        break;
      }
      if (negative) factor = algebra_.Negate(*factor);
      product = op == "/"     ? algebra_.Divide(*product, *factor)
                : op == "mod" ? algebra_.Function("mod", {*product, *factor})
                              : algebra_.Multiply(*product, *factor);
    }
    return product;
  }

  bool StartsImplicitFactor() const {
    const Token& token = Peek();
    if (token.kind == kName || token.kind == kFunction) return true;
    if (token.kind == kOpen) return token.text != "\\{" && token.text != "[";
    // "2x2", "(a)2"; but "2 3" are two numbers.
    return token.kind == kNumber && at_ > 0 && !token.spaced && tokens_[at_ - 1].kind != kNumber &&
           tokens_[at_ - 1].kind != kOperator;
  }

  Result Factor() {
    Result base = Base();
    while (base && Peek().kind == kOperator) {
      const std::string& op = Peek().text;
      if (op == "!") {
        ++at_;
        base = algebra_.Function("factorial", {*base});
      } else if (op == "%") {
        ++at_;
        percent_ = true;
      } else if (op == "deg") {
        ++at_;
        degrees_ = true;
      } else if (op == "^") {
        const size_t before = at_++;
        if (Degrees()) continue;
        const Result exponent = Exponent();
        if (!exponent) {
          at_ = before;
          break;
        }
        base = algebra_.Power(*base, *exponent);
      } else {
        break;
      }
    }
    return base;
  }

  // What is left of "^\circ" and "^{\circ}" behind the "^".
  bool Degrees() {
    if (Peek().Is(kOperator, "deg")) {
      ++at_;
      return degrees_ = true;
    }
    if (!Peek().Is(kOpen, "{") || !Peek(1).Is(kOperator, "deg")) return false;
    if (!Peek(2).Is(kClose, "}")) return false;
    at_ += 3;
    return degrees_ = true;
  }

  Result Exponent() {
    const bool negative = Sign();
    Result exponent = Base();
    if (exponent && negative) exponent = algebra_.Negate(*exponent);
    return exponent;
  }

  Result Base() {
    if (depth_ >= kMaxDepth || !algebra_.Spend(2)) return std::nullopt;
    ++depth_;
    Result base = BaseUnguarded();
    --depth_;
    return base;
  }

  Result BaseUnguarded() {
    const Token token = Peek();
    switch (token.kind) {
      case kNumber:
        return Number();
      case kName:
        return NameOrSum();
      case kFunction:
        return Function();
      case kOpen:
        return Group();
      case kOperator:
        if (token.text == "|") return Absolute();
        return std::nullopt;
      default:
        return std::nullopt;
    }
  }

  static bool Closes(const std::string& open, const std::string& close) {
    if (open == "(" || open == "[") return close == ")" || close == "]";
    if (open == "{") return close == "}";
    return open == close;
  }

  Result Group() {
    const std::string open = tokens_[at_++].text;
    if (open == "\\{") return std::nullopt;
    Result inside = Sum();
    if (!inside || Peek().kind != kClose || !Closes(open, Peek().text)) return std::nullopt;
    ++at_;
    return open == "floor" || open == "ceil" ? algebra_.Function(open, {*inside}) : inside;
  }

  Result Absolute() {
    ++at_;
    const Result inside = Sum();
    if (!inside || !Accept(kOperator, "|")) return std::nullopt;
    return algebra_.Function("abs", {*inside});
  }

  // What a LaTeX command takes: a group, or one digit, letter or command.
  Result Argument() {
    Token& token = at_ < tokens_.size() ? tokens_[at_] : last_;
    if (IsWhole(token) && token.text.size() > 1) {
      const Rational digit(token.text[0] - '0');
      token.text.erase(0, 1);
      return Form(digit);
    }
    return Base();
  }

  Result Number() {
    const Token token = tokens_[at_++];
    std::optional<Rational> value = ValueOf(token.text);
    if (!value) return std::nullopt;
    if (token.text.find('.') != std::string::npos) has_decimal_ = true;
    if (std::optional<Rational> tail = RepeatingDecimals(token.text)) return Form(*value + *tail);
    if (IsWhole(token)) {
      if (const std::optional<Rational> fraction = MixedFraction()) return Form(*value + *fraction);
    }
    return Form(*value);
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

  // What stands behind "_", as text: "1", "max".
  std::optional<std::string> Subscript() {
    if (!Accept(kOperator, "_")) return "";
    std::string text;
    if (!Accept(kOpen, "{")) {
      if (Peek().kind != kName && Peek().kind != kNumber && Peek().kind != kWord) {
        return std::nullopt;
      }
      return tokens_[at_++].text;
    }
    for (int depth = 1; at_ < tokens_.size(); ++at_) {
      if (tokens_[at_].kind == kOpen) ++depth;
      if (tokens_[at_].kind == kClose && --depth == 0) {
        ++at_;
        return text;
      }
      text += tokens_[at_].text;
    }
    return std::nullopt;
  }

  Result NameOrSum() {
    std::string name = tokens_[at_++].text;
    if (name == "sum" || name == "prod") return BigOperator(name);
    if (name == "int" || name == "lim" || name == "dots") return std::nullopt;
    const std::optional<std::string> subscript = Subscript();
    if (!subscript) return std::nullopt;
    if (!subscript->empty()) name += "_" + *subscript;
    while (Accept(kOperator, "'")) name += "'";
    if (name == "pi") return Pi();
    if (name == "oo") return Infinity();
    if (name == "e") return EulerNumber();
    if (name == "i") return ImaginaryUnit();
    return Variable(std::move(name));
  }

  // \sum_{k=a}^{b} body, as a function of all four.
  Result BigOperator(const std::string& name) {
    if (!Accept(kOperator, "_") || !Accept(kOpen, "{") || Peek().kind != kName) return std::nullopt;
    const Form index = Variable(tokens_[at_++].text);
    if (!Accept(kRelation, "=")) return std::nullopt;
    const Result low = Sum();
    if (!low || !Accept(kClose, "}") || !Accept(kOperator, "^")) return std::nullopt;
    const Result high = Argument();
    if (!high) return std::nullopt;
    const Result body = Term();
    return body ? algebra_.Function(name, {index, *low, *high, *body}) : std::nullopt;
  }

  Result Function() {
    const std::string name = tokens_[at_++].text;
    if (name == "frac" || name == "binom") return OfTwoArguments(name);
    if (name == "sqrt") return Root();
    if (name == "gcd" || name == "lcm" || name == "max" || name == "min") return OfList(name);
    if (name == "overline" || name == "dot") {
      if (Peek().kind != kName && !(Peek().Is(kOpen, "{") && Peek(1).kind == kName)) {
        return std::nullopt;
      }
      const Result argument = Argument();
      return argument ? algebra_.Function(name, {*argument}) : std::nullopt;
    }
    return Elementary(name);
  }

  Result OfTwoArguments(const std::string& name) {
    const Result first = Argument();
    const Result second = first ? Argument() : std::nullopt;
    if (!second) return std::nullopt;
    return name == "frac" ? algebra_.Divide(*first, *second)
                          : algebra_.Function(name, {*first, *second});
  }

  Result Root() {
    Form degree(Rational(2));
    if (Accept(kOpen, "[")) {
      const Result given = Sum();
      if (!given || !Accept(kClose, "]")) return std::nullopt;
      degree = *given;
    }
    const Result inside = Base();
    const Result power = algebra_.Divide(Form(Rational(1)), degree);
    return inside && power ? algebra_.Power(*inside, *power) : std::nullopt;
  }

  Result OfList(const std::string& name) {
    const bool brackets = Peek().kind == kOpen && Peek().text != "\\{";
    if (!brackets) return std::nullopt;
    const std::string open = tokens_[at_++].text;
    std::vector<Form> arguments;
    do {
      Result argument = Sum();
      if (!argument) return std::nullopt;
      arguments.push_back(std::move(*argument));
    } while (Accept(kSeparator, ","));
    if (Peek().kind != kClose || !Closes(open, Peek().text)) return std::nullopt;
    ++at_;
    return algebra_.Function(name, arguments);
  }

  static bool IsTrigonometric(const std::string& name) {
    constexpr std::array<std::string_view, 6> kNames = {"sin", "cos", "tan", "cot", "sec", "csc"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
  }

  // sin^2 x, log_2 8, tan^{-1} x, with a bracket or the product that follows as argument.
  Result Elementary(std::string name) {
    std::optional<Form> base, exponent;
    while (Peek().kind == kOperator && (Peek().text == "_" || Peek().text == "^")) {
      const bool is_base = tokens_[at_++].text == "_";
      Result value = is_base ? Argument() : Exponent();
      if (!value) return std::nullopt;
      (is_base ? base : exponent) = std::move(value);
    }
    const bool outer_degrees = std::exchange(degrees_, false);
    Result argument = Peek().Is(kOpen, "(") || Peek().Is(kOpen, "{") ? Base() : Product();
    const bool in_degrees = std::exchange(degrees_, outer_degrees);
    if (argument && in_degrees && IsTrigonometric(name)) {
      argument = algebra_.Multiply(*argument, *algebra_.Divide(Pi(), Form(Rational(180))));
    }
    if (!argument) return std::nullopt;
    if (exponent && exponent->AsRational() == Rational(-1)) {
      name = "arc" + name;
      exponent.reset();
    }
    if (name == "lg" || (name == "log" && !base)) base = Form(Rational(10));
    const Result value =
        base ? algebra_.Function("log", {*argument, *base}) : algebra_.Function(name, {*argument});
    return value && exponent ? algebra_.Power(*value, *exponent) : value;
  }

  // 2x of "sin 2x cos x".
  Result Product() {
    const bool negative = Sign();
    Result product = Factor();
    while (product && StartsImplicitFactor()) {
      const Token& token = Peek();
      if (token.kind == kFunction && token.text != "frac" && token.text != "sqrt") break;
      const Result factor = Factor();
      product = factor ? algebra_.Multiply(*product, *factor) : std::nullopt;
    }
    return product && negative ? algebra_.Negate(*product) : product;
  }

  std::vector<Token> tokens_;
  PlusMinus sign_;
  Algebra& algebra_;
  Token last_{kSeparator, "", false, false, 0, 0};
  size_t at_ = 0;
  int depth_ = 0;
  bool has_decimal_ = false;
  bool percent_ = false;
  bool degrees_ = false;
};

}  // namespace

std::optional<ParsedExpression> ParseExpression(std::span<const Token> tokens, PlusMinus sign,
                                                Algebra& algebra) {
  Parser parser(tokens, sign, algebra);
  Algebra::Result form = parser.Sum();
  if (!form) return std::nullopt;
  ParsedExpression parsed{std::move(*form), parser.at(), -1, parser.has_decimal(),
                          parser.percent()};
  const size_t number = !tokens.empty() && tokens[0].kind == kOperator ? 1 : 0;
  if (parsed.has_decimal && parsed.end >= number + 1 && tokens[number].kind == kNumber &&
      parsed.end <= number + (parsed.percent ? 2 : 1)) {
    const std::string& text = tokens[number].text;
    if (text.find('e') == std::string::npos) {
      parsed.decimals = static_cast<int>(text.size() - text.find('.') - 1);
    }
  }
  return parsed;
}

}  // namespace retort
