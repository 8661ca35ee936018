// What an answer says, by its kind: an expression, a tuple or interval, a set or list, a relation,
// a matrix, a ratio or time, a number in another base, or words.
//
//   ReadValue("x = 3", Commas::kThousands, algebra)      // a relation of x and 3
//   ReadValue("(1, 2]", Commas::kThousands, algebra)     // a tuple in "(" and "]"
//
// Every text has a value: what cannot be read is text. Thread-safe values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "math/form.h"
#include "math/lexer.h"

namespace retort {

// Longer texts are not read as a value.
constexpr size_t kMaxAnswerBytes = 1000;

struct Value {
  enum class Kind {
    kText,        // words, or what could not be read
    kExpression,  // form
    kList,        // items without brackets: "1, 2 or 3"
    kTuple,       // items in ( ) or [ ], which may be an interval
    kSet,         // items in { }
    kUnion,       // items joined by operators: cup, cap, setminus
    kRelation,    // items with operators between: 1 <= x < 2, x = 5, x in [1, 2]
    kMatrix,      // items row by row, `columns` in each
    kRatio,       // items of a : b : c, or a time
    kBased,       // digits, as the form 52, in base `columns`
  };
  Kind kind = Kind::kText;
  Form form;
  std::vector<Value> items;
  std::vector<std::string> operators;  // of a list: "," "and" "or" between its items
  std::string open, close;             // of a tuple
  size_t columns = 0;
  std::string text;          // everything in lower case, words apart by one space
  std::string unit;          // words behind a number
  int decimals = -1;         // of a decimal alone
  bool has_decimal = false;  // a decimal somewhere in the expression
  bool percent = false;
  bool after_prose = false;  // words stood before it
  bool letters = false;      // nothing but letters: "AB", "S_1", "f(x)"
};

Value ReadValue(std::string_view text, Commas commas, Algebra& algebra);

// An expression of this value, as if it had been read.
Value ExpressionValue(Form form);

}  // namespace retort
