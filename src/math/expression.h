// Reads an expression from tokens into its canonical form: + - * / ^, implicit products, brackets,
// \frac, \sqrt, roots, mixed numbers, repeating decimals, factorials, binomials, elementary
// functions, |x|, floor, gcd and the like.
//
//   ParseExpression(Tokenize("3\\frac{1}{2} metres"), PlusMinus::kPlus, algebra)   // 7/2, end = 8
//
// Nothing where no expression starts the tokens. Bounded for any input: brackets nested deeper than
// 64 and numbers over 1,000 digits are refused, and the algebra counts the work. Thread-safe.
#pragma once

#include <optional>
#include <span>

#include "math/form.h"
#include "math/lexer.h"

namespace retort {

// Which of the two signs "±" stands for; "∓" for the other.
enum class PlusMinus { kPlus, kMinus };

struct ParsedExpression {
  Form form;
  size_t end = 0;            // tokens consumed
  int decimals = -1;         // of a decimal alone, "-2.50": 2
  bool has_decimal = false;  // a decimal anywhere
  bool percent = false;
};

// The longest expression at the start of the tokens.
std::optional<ParsedExpression> ParseExpression(std::span<const Token> tokens, PlusMinus sign,
                                                Algebra& algebra);

}  // namespace retort
