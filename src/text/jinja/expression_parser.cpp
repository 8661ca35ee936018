// Operators, from those that bind least to those that bind most.
#include "text/jinja/expression_parser.h"

#include <optional>
#include <variant>

#include "text/jinja/expression_depth.h"

namespace retort::jinja {
namespace {

// The deepest tree that may be rendered: operators in a row nest too.
constexpr int kMaxTreeDepth = 400;

std::optional<CompareOp> CompareOpOf(const Token& token) {
  if (token.type != TokenType::kOperator) return std::nullopt;
  if (token.text == "==") return CompareOp::kEqual;
  if (token.text == "!=") return CompareOp::kNotEqual;
  if (token.text == "<") return CompareOp::kLess;
  if (token.text == "<=") return CompareOp::kLessEqual;
  if (token.text == ">") return CompareOp::kGreater;
  if (token.text == ">=") return CompareOp::kGreaterEqual;
  return std::nullopt;
}

std::optional<BinaryOp> ProductOpOf(const Token& token) {
  if (token.IsOperator("*")) return BinaryOp::kMultiply;
  if (token.IsOperator("/")) return BinaryOp::kDivide;
  if (token.IsOperator("//")) return BinaryOp::kFloorDivide;
  if (token.IsOperator("%")) return BinaryOp::kModulo;
  return std::nullopt;
}

}  // namespace

ExpressionPtr ExpressionParser::Make(int line, ExpressionNode node) {
  const int depth = std::visit([](const auto& n) { return DepthBelow(n); }, node) + 1;
  if (depth > kMaxTreeDepth) {
    stream_.Refuse(fmt::format("an expression has more than {} operators in a row", kMaxTreeDepth));
  }
  return std::make_unique<Expression>(Expression{line, depth, std::move(node)});
}

ExpressionPtr ExpressionParser::ParseExpression() {
  const TokenStream::Nesting nesting(&stream_);
  ExpressionPtr value = ParseOr();
  while (stream_.Peek().IsName("if")) {
    const int line = stream_.Take().line;
    ExpressionPtr test = ParseOr();
    ExpressionPtr otherwise = stream_.SkipName("else") ? ParseExpression() : nullptr;
    value = Make(line, Conditional{std::move(value), std::move(test), std::move(otherwise)});
  }
  return value;
}

ExpressionPtr ExpressionParser::ParseOr() {
  ExpressionPtr left = ParseAnd();
  while (stream_.Peek().IsName("or")) {
    const int line = stream_.Take().line;
    left = Make(line, Logical{false, std::move(left), ParseAnd()});
  }
  return left;
}

ExpressionPtr ExpressionParser::ParseAnd() {
  ExpressionPtr left = ParseNot();
  while (stream_.Peek().IsName("and")) {
    const int line = stream_.Take().line;
    left = Make(line, Logical{true, std::move(left), ParseNot()});
  }
  return left;
}

ExpressionPtr ExpressionParser::ParseNot() {
  const TokenStream::Nesting nesting(&stream_);
  if (!stream_.Peek().IsName("not")) return ParseComparison();
  const int line = stream_.Take().line;
  return Make(line, Not{ParseNot()});
}

ExpressionPtr ExpressionParser::ParseComparison() {
  const int line = stream_.Peek().line;
  Comparison comparison{ParseSum(), {}};
  while (true) {
    if (const auto op = CompareOpOf(stream_.Peek())) {
      stream_.Take();
      comparison.rest.emplace_back(*op, ParseSum());
    } else if (stream_.SkipName("in")) {
      comparison.rest.emplace_back(CompareOp::kIn, ParseSum());
    } else if (stream_.Peek().IsName("not") && stream_.Peek(1).IsName("in")) {
      stream_.Take();
      stream_.Take();
      comparison.rest.emplace_back(CompareOp::kNotIn, ParseSum());
    } else {
      break;
    }
  }
  if (comparison.rest.empty()) return std::move(comparison.first);
  return Make(line, std::move(comparison));
}

ExpressionPtr ExpressionParser::ParseSum() {
  ExpressionPtr left = ParseConcatenation();
  while (stream_.Peek().IsOperator("+") || stream_.Peek().IsOperator("-")) {
    const Token op = stream_.Take();
    const BinaryOp kind = op.text == "+" ? BinaryOp::kAdd : BinaryOp::kSubtract;
    left = Make(op.line, Binary{kind, std::move(left), ParseConcatenation()});
  }
  return left;
}

ExpressionPtr ExpressionParser::ParseConcatenation() {
  const int line = stream_.Peek().line;
  Concatenation concatenation;
  concatenation.parts.push_back(ParseProduct());
  while (stream_.SkipOperator("~")) concatenation.parts.push_back(ParseProduct());
  if (concatenation.parts.size() == 1) return std::move(concatenation.parts[0]);
  return Make(line, std::move(concatenation));
}

ExpressionPtr ExpressionParser::ParseProduct() {
  ExpressionPtr left = ParsePower();
  while (const auto op = ProductOpOf(stream_.Peek())) {
    const int line = stream_.Take().line;
    left = Make(line, Binary{*op, std::move(left), ParsePower()});
  }
  return left;
}

ExpressionPtr ExpressionParser::ParsePower() {
  ExpressionPtr left = ParseUnary();
  while (stream_.Peek().IsOperator("**")) {
    const int line = stream_.Take().line;
    left = Make(line, Binary{BinaryOp::kPower, std::move(left), ParseUnary()});
  }
  return left;
}

ExpressionPtr ExpressionParser::ParseUnary(bool with_filter) {
  const TokenStream::Nesting nesting(&stream_);
  ExpressionPtr operand;
  if (stream_.Peek().IsOperator("-") || stream_.Peek().IsOperator("+")) {
    const Token sign = stream_.Take();
    operand = Make(sign.line, Sign{ParseUnary(false), sign.text == "-"});
  } else {
    operand = ParsePrimary();
  }
  operand = ParsePostfix(std::move(operand));
  return with_filter ? ParseFilters(std::move(operand)) : std::move(operand);
}

bool ExpressionParser::AtTupleEnd() const {
  const Token& token = stream_.Peek();
  return token.type == TokenType::kPrintEnd || token.type == TokenType::kBlockEnd ||
         token.IsOperator(")");
}

ExpressionPtr ExpressionParser::ParseTuple(bool with_conditional) {
  const int line = stream_.Peek().line;
  ListLiteral tuple{{}, true};
  bool has_comma = false;
  do {
    if (has_comma && AtTupleEnd()) break;
    tuple.items.push_back(with_conditional ? ParseExpression() : ParseOr());
  } while (stream_.SkipOperator(",") && (has_comma = true));
  if (!has_comma) return std::move(tuple.items[0]);
  return Make(line, std::move(tuple));
}

}  // namespace retort::jinja
