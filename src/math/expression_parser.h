// The parser behind ParseExpression: recursive descent over tokens, into canonical forms.
//
//   ExpressionParser parser(tokens, PlusMinus::kPlus, algebra);
//   parser.Sum();   // the form
//   parser.at();    // the tokens consumed
//
// A function that returns nothing may leave at() anywhere. expression.cpp has the arithmetic,
// expression_function.cpp names and functions. Belongs to one thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "math/expression.h"

namespace retort {

class ExpressionParser {
 public:
  using Result = Algebra::Result;

  ExpressionParser(std::span<const Token> tokens, PlusMinus sign, Algebra& algebra)
      : tokens_(tokens.begin(), tokens.end()), sign_(sign), algebra_(algebra) {}

  size_t at() const { return at_; }
  bool has_decimal() const { return has_decimal_; }
  bool percent() const { return percent_; }

  Result Sum();

 private:
  const Token& Peek(size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : none_;
  }
  bool Accept(LatexTokenKind kind, std::string_view text) {
    if (!Peek().Is(kind, text)) return false;
    ++at_;
    return true;
  }
  bool AtSign() const;
  // Reads at most one sign: whether it is a minus.
  bool Sign();

  Result Term(bool first_negative = false);
  bool StartsImplicitFactor() const;
  Result Factor();
  bool Degrees();
  Result Exponent();
  Result Base();
  Result BaseUnguarded();
  Result Number();
  static bool Closes(const std::string& open, const std::string& close);
  Result Group();
  Result Absolute();
  // What a LaTeX command takes: a group, or one digit, letter or command.
  Result Argument();

  std::optional<std::string> Subscript();
  Result NameOrSum();
  Result BigOperator(const std::string& name);
  Result Function();
  Result OfTwoArguments(const std::string& name);
  Result Root();
  Result OfList(const std::string& name);
  Result Elementary(std::string name);
  Result Product();

  std::vector<Token> tokens_;
  PlusMinus sign_;
  Algebra& algebra_;
  Token none_{LatexTokenKind::kSeparator, "", false, false, 0, 0};
  size_t at_ = 0;
  int depth_ = 0;
  bool has_decimal_ = false;
  bool percent_ = false;
  bool degrees_ = false;
};

}  // namespace retort
