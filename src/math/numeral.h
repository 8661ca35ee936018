// The value of a number that is written with more than one token: mixed numbers and repeating
// decimals.
//
//   ReadNumeral(Tokenize("3\\frac{1}{2}x"))        // 7/2, of 7 tokens
//   ReadNumeral(Tokenize("0.1\\overline{6}"))      // 1/6
//
// Nothing where it has over 1,000 digits or a power of ten beyond 10^±1000. Stateless, thread-safe.
#pragma once

#include <optional>
#include <span>

#include "math/lexer.h"
#include "math/number.h"

namespace retort {

struct Numeral {
  Rational value;
  size_t end = 0;  // tokens consumed
};

// At the start of the tokens, the first of which is a number.
std::optional<Numeral> ReadNumeral(std::span<const Token> tokens);

// A number of digits alone.
bool IsWhole(const Token& token);

}  // namespace retort
