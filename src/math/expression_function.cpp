// Names, and what functions take as their arguments.
#include <string>
#include <utility>

#include "math/expression_parser.h"
#include "math/functions.h"

namespace retort {
namespace {

using enum LatexTokenKind;
using Result = Algebra::Result;

}  // namespace

// What stands behind "_", as text: "1", "max".
std::optional<std::string> ExpressionParser::Subscript() {
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

Result ExpressionParser::NameOrSum() {
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
Result ExpressionParser::BigOperator(const std::string& name) {
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

Result ExpressionParser::Function() {
  const std::string name = tokens_[at_++].text;
  switch (FindFunction(name)->takes) {
    case Takes::kTwoArguments:
      return OfTwoArguments(name);
    case Takes::kRoot:
      return Root();
    case Takes::kList:
      return OfList(name);
    case Takes::kLetter: {
      const bool letter = Peek().kind == kName || (Peek().Is(kOpen, "{") && Peek(1).kind == kName);
      const Result argument = letter ? Argument() : std::nullopt;
      return argument ? algebra_.Function(name, {*argument}) : std::nullopt;
    }
    case Takes::kProduct:
      return Elementary(name);
  }
  return std::nullopt;
}

Result ExpressionParser::OfTwoArguments(const std::string& name) {
  const Result first = Argument();
  const Result second = first ? Argument() : std::nullopt;
  if (!second) return std::nullopt;
  return name == "frac" ? algebra_.Divide(*first, *second)
                        : algebra_.Function(name, {*first, *second});
}

Result ExpressionParser::Root() {
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

Result ExpressionParser::OfList(const std::string& name) {
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

// sin^2 x, log_2 8, tan^{-1} x, with a bracket or the product that follows as argument.
Result ExpressionParser::Elementary(std::string name) {
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
  if (argument && in_degrees && KindOf(name) == FunctionKind::kTrigonometric) {
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
Result ExpressionParser::Product() {
  const bool negative = Sign();
  Result product = Factor();
  while (product && StartsImplicitFactor()) {
    const Token& token = Peek();
    if (token.kind == kFunction && !FindFunction(token.text)->in_numbers) break;
    const Result factor = Factor();
    product = factor ? algebra_.Multiply(*product, *factor) : std::nullopt;
  }
  return product && negative ? algebra_.Negate(*product) : product;
}

}  // namespace retort
