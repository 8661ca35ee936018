// Sums, products, powers and brackets of expressions.
#include "math/expression.h"

#include <string>

#include "math/expression_parser.h"
#include "math/numeral.h"

namespace retort {
namespace {

using enum LatexTokenKind;
using Result = Algebra::Result;

constexpr int kMaxDepth = 64;

}  // namespace

Result ExpressionParser::Sum() {
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

bool ExpressionParser::AtSign() const {
  const Token& token = Peek();
  return token.kind == kOperator &&
         (token.text == "+" || token.text == "-" || token.text == "pm" || token.text == "mp");
}

bool ExpressionParser::Sign() {
  if (!AtSign()) return false;
  const std::string& text = tokens_[at_++].text;
  return text == "-" || (text == "pm" && sign_ == PlusMinus::kMinus) ||
         (text == "mp" && sign_ == PlusMinus::kPlus);
}

// The sign belongs to the first factor: (-7) mod 4, but -(2^2).
Result ExpressionParser::Term(bool first_negative) {
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

bool ExpressionParser::StartsImplicitFactor() const {
  const Token& token = Peek();
  if (token.kind == kName || token.kind == kFunction) return true;
  if (token.kind == kOpen) return token.text != "\\{" && token.text != "[";
  // "2x2", "(a)2"; but "2 3" are two numbers.
  return token.kind == kNumber && at_ > 0 && !token.spaced && tokens_[at_ - 1].kind != kNumber &&
         tokens_[at_ - 1].kind != kOperator;
}

Result ExpressionParser::Factor() {
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
bool ExpressionParser::Degrees() {
  if (Peek().Is(kOperator, "deg")) {
    ++at_;
    return degrees_ = true;
  }
  if (!Peek().Is(kOpen, "{") || !Peek(1).Is(kOperator, "deg")) return false;
  if (!Peek(2).Is(kClose, "}")) return false;
  at_ += 3;
  return degrees_ = true;
}

Result ExpressionParser::Exponent() {
  const bool negative = Sign();
  Result exponent = Base();
  if (exponent && negative) exponent = algebra_.Negate(*exponent);
  return exponent;
}

Result ExpressionParser::Base() {
  if (depth_ >= kMaxDepth || !algebra_.Spend(2)) return std::nullopt;
  ++depth_;
  Result base = BaseUnguarded();
  --depth_;
  return base;
}

Result ExpressionParser::BaseUnguarded() {
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

bool ExpressionParser::Closes(const std::string& open, const std::string& close) {
  if (open == "(" || open == "[") return close == ")" || close == "]";
  if (open == "{") return close == "}";
  return open == close;
}

Result ExpressionParser::Group() {
  const std::string open = tokens_[at_++].text;
  if (open == "\\{") return std::nullopt;
  Result inside = Sum();
  if (!inside || Peek().kind != kClose || !Closes(open, Peek().text)) return std::nullopt;
  ++at_;
  return open == "floor" || open == "ceil" ? algebra_.Function(open, {*inside}) : inside;
}

Result ExpressionParser::Absolute() {
  ++at_;
  const Result inside = Sum();
  if (!inside || !Accept(kOperator, "|")) return std::nullopt;
  return algebra_.Function("abs", {*inside});
}

Result ExpressionParser::Argument() {
  if (at_ == tokens_.size()) return std::nullopt;
  Token& token = tokens_[at_];
  if (IsWhole(token) && token.text.size() > 1) {
    const Rational digit(token.text[0] - '0');
    token.text.erase(0, 1);
    return Form(digit);
  }
  return Base();
}

Result ExpressionParser::Number() {
  if (Peek().text.find('.') != std::string::npos) has_decimal_ = true;
  const std::optional<Numeral> numeral = ReadNumeral(std::span(tokens_).subspan(at_));
  if (!numeral) return std::nullopt;
  if (!algebra_.Spend(StepsOf(BitsOf(numeral->value)))) return std::nullopt;
  at_ += numeral->end;
  return Form(numeral->value);
}

std::optional<ParsedExpression> ParseExpression(std::span<const Token> tokens, PlusMinus sign,
                                                Algebra& algebra) {
  if (!algebra.Spend(1 + static_cast<int64_t>(tokens.size()) / 8)) return std::nullopt;
  ExpressionParser parser(tokens, sign, algebra);
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
