// The names that answers are written with: LaTeX commands and English or Chinese words.
//
//   FindCommand("leq")     // {"leq", LatexTokenKind::kRelation, "<="}
//   FindWord("percent")    // {"percent", LatexTokenKind::kOperator, "%"}
//
// The functions among them are those of functions.h. Stateless and thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "math/lexer.h"

namespace retort {

struct Name {
  std::string_view written;
  LatexTokenKind kind;
  std::string_view text;
};

// Commands that leave nothing (\left, \displaystyle) have an empty text, \quad and its like a
// space. Nothing if unknown.
std::optional<Name> FindCommand(std::string_view name);
// Words that are more than prose: functions, "and", "percent", "infinity".
std::optional<Name> FindWord(std::string_view word);
// \text, \mathrm and the like, whose argument is prose or a unit.
bool IsTextCommand(std::string_view name);
// Units of two or three letters, which would else be a product of variables: "cm", "km".
bool IsShortUnit(std::string_view word);
// Common words of two or three letters, likewise: "is", "the".
bool IsShortWord(std::string_view word);

}  // namespace retort
