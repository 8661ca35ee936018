// Expressions: the part of the parser that reads what stands inside {{ … }} and after if, for, set.
#pragma once

#include <string>
#include <vector>

#include "text/jinja/ast.h"
#include "text/jinja/token_stream.h"

namespace retort::jinja {

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenStream* stream) : stream_(*stream) {}

  // `a if b else c` and everything that binds tighter.
  ExpressionPtr ParseExpression();
  // The same without the conditional, as after `if` and `in`.
  ExpressionPtr ParseOr();
  // One expression, or several with commas, which make a tuple.
  ExpressionPtr ParseTuple(bool with_conditional = true);

 private:
  ExpressionPtr ParseAnd();
  ExpressionPtr ParseNot();
  ExpressionPtr ParseComparison();
  ExpressionPtr ParseSum();
  ExpressionPtr ParseConcatenation();
  ExpressionPtr ParseProduct();
  ExpressionPtr ParsePower();
  ExpressionPtr ParseUnary(bool with_filter = true);
  ExpressionPtr ParsePrimary();
  ExpressionPtr ParseNumber();
  ExpressionPtr ParseParenthesis();
  ExpressionPtr ParseList();
  ExpressionPtr ParseDict();
  ExpressionPtr ParsePostfix(ExpressionPtr operand);
  ExpressionPtr ParseDot(ExpressionPtr operand);
  ExpressionPtr ParseSubscript(ExpressionPtr operand);
  ExpressionPtr ParseCall(ExpressionPtr callee);
  ExpressionPtr ParseFilters(ExpressionPtr operand);
  ExpressionPtr ParseTest(ExpressionPtr operand);
  CallArguments ParseArguments();
  bool AtTupleEnd() const;

  ExpressionPtr Make(int line, ExpressionNode node);

  TokenStream& stream_;
};

}  // namespace retort::jinja
