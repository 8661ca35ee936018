// What tokens are as words: the text that they spell, and whether they spell a name.
//
//   TextOf(Tokenize("The  Area."))      // "the area"
//   IsName(Tokenize("S_1"))             // true
//
// Stateless and thread-safe.
#pragma once

#include <string>

#include "math/nesting.h"

namespace retort {

// Separators, and marks such as "." and "!" that end a sentence.
bool IsPunctuation(const Token& token);
// Whether the "!" at the end is one: behind a number, a name or a bracket.
bool EndsInFactorial(Tokens tokens);
// A word in Latin letters.
bool IsLatin(const Token& word);
// In lower case, words apart by one space, without punctuation.
std::string TextOf(Tokens tokens);
// Letters with subscripts, brackets and functions, as in "AB", "S_1", "f(x)", "\\frac{AB}{CD}".
bool IsName(Tokens tokens);

}  // namespace retort
