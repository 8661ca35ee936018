#include "text/jinja/expression_parser.h"

#include <charconv>
#include <optional>

#include "base/quote.h"
#include "text/jinja/builtins.h"
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

template <typename Node>
ExpressionPtr ExpressionParser::Make(int line, Node node) {
  const int depth = DepthBelow(node) + 1;
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

ExpressionPtr ExpressionParser::ParsePrimary() {
  const Token& token = stream_.Peek();
  const int line = token.line;
  if (token.type == TokenType::kName) {
    const std::string name = stream_.Take().text;
    if (name == "true" || name == "True") return Make(line, Literal{Value::Bool(true)});
    if (name == "false" || name == "False") return Make(line, Literal{Value::Bool(false)});
    if (name == "none" || name == "None") return Make(line, Literal{Value::Nothing()});
    if (IsUnsupportedName(name)) stream_.RefuseUnsupported(fmt::format("the name '{}'", name));
    return Make(line, Name{name});
  }
  if (token.type == TokenType::kString) {
    std::string text;
    while (stream_.Peek().type == TokenType::kString) text += stream_.Take().text;
    return Make(line, Literal{Value::Text(std::move(text))});
  }
  if (token.type == TokenType::kInteger || token.type == TokenType::kFloat) return ParseNumber();
  if (token.IsOperator("(")) return ParseParenthesis();
  if (token.IsOperator("[")) return ParseList();
  if (token.IsOperator("{")) return ParseDict();
  stream_.RefuseInstead("an expression");
}

ExpressionPtr ExpressionParser::ParseNumber() {
  const Token token = stream_.Take();
  const char* end = token.text.data() + token.text.size();
  if (token.type == TokenType::kFloat) {
    double number = 0;
    const auto error = std::from_chars(token.text.data(), end, number).ec;
    if (error != std::errc()) stream_.RefuseUnsupported("number " + Quoted(token.text));
    return Make(token.line, Literal{Value::Float(number)});
  }
  int64_t number = 0;
  const auto error = std::from_chars(token.text.data(), end, number).ec;
  if (error != std::errc()) stream_.RefuseUnsupported("number " + Quoted(token.text));
  if (token.text[0] == '0' && number != 0) stream_.Refuse("a number begins with 0");
  return Make(token.line, Literal{Value::Int(number)});
}

ExpressionPtr ExpressionParser::ParseParenthesis() {
  const int line = stream_.Take().line;
  if (stream_.SkipOperator(")")) return Make(line, ListLiteral{{}, true});
  ExpressionPtr inner = ParseTuple();
  stream_.ExpectOperator(")");
  return inner;
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

ExpressionPtr ExpressionParser::ParseList() {
  const int line = stream_.Take().line;
  ListLiteral list{{}, false};
  while (!stream_.Peek().IsOperator("]")) {
    list.items.push_back(ParseExpression());
    if (!stream_.SkipOperator(",")) break;
  }
  stream_.ExpectOperator("]");
  return Make(line, std::move(list));
}

ExpressionPtr ExpressionParser::ParseDict() {
  const int line = stream_.Take().line;
  DictLiteral dict;
  while (!stream_.Peek().IsOperator("}")) {
    ExpressionPtr key = ParseExpression();
    stream_.ExpectOperator(":");
    dict.items.emplace_back(std::move(key), ParseExpression());
    if (!stream_.SkipOperator(",")) break;
  }
  stream_.ExpectOperator("}");
  return Make(line, std::move(dict));
}

ExpressionPtr ExpressionParser::ParsePostfix(ExpressionPtr operand) {
  while (true) {
    if (stream_.Peek().IsOperator(".")) {
      operand = ParseDot(std::move(operand));
    } else if (stream_.Peek().IsOperator("[")) {
      operand = ParseSubscript(std::move(operand));
    } else if (stream_.Peek().IsOperator("(")) {
      operand = ParseCall(std::move(operand));
    } else {
      return operand;
    }
  }
}

ExpressionPtr ExpressionParser::ParseDot(ExpressionPtr operand) {
  const int line = stream_.Take().line;
  if (stream_.Peek().type == TokenType::kInteger) {
    ExpressionPtr index = ParseNumber();
    return Make(line, Subscript{std::move(operand), std::move(index)});
  }
  const std::string name = stream_.ExpectName();
  const bool is_call = stream_.Peek().IsOperator("(");
  if (is_call && !IsKnownMethod(name)) {
    stream_.RefuseUnsupported(fmt::format("the method '{}'", name));
  }
  return Make(line, AttributeAccess{std::move(operand), name});
}

ExpressionPtr ExpressionParser::ParseSubscript(ExpressionPtr operand) {
  const int line = stream_.Take().line;
  const auto at_bound_end = [this] {
    return stream_.Peek().IsOperator(":") || stream_.Peek().IsOperator("]");
  };
  ExpressionPtr start = at_bound_end() ? nullptr : ParseExpression();
  if (start && stream_.SkipOperator("]")) {
    return Make(line, Subscript{std::move(operand), std::move(start)});
  }
  if (stream_.Peek().IsOperator(",")) stream_.RefuseUnsupported("a subscript of several values");
  Slicing slicing{std::move(operand), std::move(start), nullptr, nullptr};
  stream_.ExpectOperator(":");
  if (!at_bound_end()) slicing.stop = ParseExpression();
  if (stream_.SkipOperator(":") && !at_bound_end()) slicing.step = ParseExpression();
  stream_.ExpectOperator("]");
  return Make(line, std::move(slicing));
}

CallArguments ExpressionParser::ParseArguments() {
  CallArguments arguments;
  stream_.ExpectOperator("(");
  while (!stream_.Peek().IsOperator(")")) {
    if (stream_.Peek().IsOperator("*") || stream_.Peek().IsOperator("**")) {
      stream_.RefuseUnsupported("an argument with '*'");
    }
    if (stream_.Peek().type == TokenType::kName && stream_.Peek(1).IsOperator("=")) {
      std::string name = stream_.Take().text;
      stream_.Take();
      arguments.named.emplace_back(std::move(name), ParseExpression());
    } else {
      if (!arguments.named.empty()) stream_.Refuse("an argument without name follows a named one");
      arguments.positional.push_back(ParseExpression());
    }
    if (!stream_.SkipOperator(",")) break;
  }
  stream_.ExpectOperator(")");
  return arguments;
}

ExpressionPtr ExpressionParser::ParseCall(ExpressionPtr callee) {
  const int line = stream_.Peek().line;
  CallArguments arguments = ParseArguments();
  return Make(line, Call{std::move(callee), std::move(arguments)});
}

ExpressionPtr ExpressionParser::ParseFilters(ExpressionPtr operand) {
  while (true) {
    if (stream_.Peek().IsOperator("|")) {
      const int line = stream_.Take().line;
      const std::string name = stream_.ExpectName();
      if (!FindFilter(name)) stream_.RefuseUnsupported(fmt::format("the filter '{}'", name));
      CallArguments arguments;
      if (stream_.Peek().IsOperator("(")) arguments = ParseArguments();
      operand = Make(line, FilterCall{std::move(operand), name, std::move(arguments)});
    } else if (stream_.Peek().IsName("is")) {
      operand = ParseTest(std::move(operand));
    } else if (stream_.Peek().IsOperator("(")) {
      operand = ParseCall(std::move(operand));
    } else {
      return operand;
    }
  }
}

ExpressionPtr ExpressionParser::ParseTest(ExpressionPtr operand) {
  const int line = stream_.Take().line;
  const bool negated = stream_.SkipName("not");
  const std::string name = stream_.ExpectName();
  if (!FindTest(name)) stream_.RefuseUnsupported(fmt::format("the test '{}'", name));
  CallArguments arguments;
  const Token& next = stream_.Peek();
  const bool is_value = next.type == TokenType::kName || next.type == TokenType::kString ||
                        next.type == TokenType::kInteger || next.type == TokenType::kFloat ||
                        next.IsOperator("[") || next.IsOperator("{");
  if (next.IsOperator("(")) {
    arguments = ParseArguments();
  } else if (is_value && !next.IsName("else") && !next.IsName("or") && !next.IsName("and")) {
    if (next.IsName("is")) stream_.Refuse("tests with 'is' cannot follow each other");
    arguments.positional.push_back(ParsePostfix(ParsePrimary()));
  }
  ExpressionPtr test = Make(line, TestCall{std::move(operand), name, std::move(arguments)});
  return negated ? Make(line, Not{std::move(test)}) : std::move(test);
}

}  // namespace retort::jinja
