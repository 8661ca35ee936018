// What operators stand between: literals and names, and what may follow them (attributes,
// subscripts, calls, filters, tests).
#include <charconv>

#include "base/quote.h"
#include "text/jinja/builtins.h"
#include "text/jinja/expression_parser.h"

namespace retort::jinja {

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
