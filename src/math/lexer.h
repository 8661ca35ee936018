// Turns an answer in LaTeX or plain text (of characters.h's making) into tokens that mean the same
// in both: \dfrac and \frac, \leq and "<=", \left( and "(".
//
//   Tokenize("\\dfrac{3}{4}\\text{ 米}")   // \frac { 3 } { 4 } 米
//
// Any bytes are accepted; what is not known becomes a word. Dollar signs, spacing and sizing
// commands leave nothing. Linear in the text. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort {

enum class LatexTokenKind {
  kNumber,       // "12", "0.75", ".5"; thousands separators removed
  kName,         // one letter, or a LaTeX letter: "x", "theta", "pi"
  kFunction,     // "sin", "ln", "sqrt", "frac", "binom", ...
  kWord,         // of prose or a unit: "metres", "个"
  kOperator,     // + - * / ^ _ ! % | ' pm mp mod deg
  kOpen,         // ( [ { and "\{" for a set
  kClose,        // ) ] } "\}"
  kRelation,     // = < > <= >= != ~ in
  kSetOperator,  // cup cap setminus
  kSeparator,    // , ; and :
  kRow,          // "\\" between the rows of a matrix
  kCell,         // & between its cells
  kBegin,        // \begin{pmatrix}: text is the environment
  kEnd,
};

struct Token {
  LatexTokenKind kind = LatexTokenKind::kWord;
  std::string text;
  bool spaced = false;   // a space stands before it
  bool in_text = false;  // inside \text{...} or the like
  size_t begin = 0;      // where it stands in the text that was read
  size_t end = 0;
  bool Is(LatexTokenKind wanted, std::string_view wanted_text) const {
    return kind == wanted && text == wanted_text;
  }
};

// How a comma between digits is read.
enum class Commas {
  kThousands,  // 1,234 is one number; 1,5 and 1, 234 are two
  kSeparate,   // 1,234 is two numbers
  kDecimal,    // 1,5 is 3/2
};

std::vector<Token> Tokenize(std::string_view text, Commas commas = Commas::kThousands);

}  // namespace retort
