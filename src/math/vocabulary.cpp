#include "math/vocabulary.h"

#include <algorithm>
#include <array>
#include <string>

#include "math/functions.h"

namespace retort {
namespace {

using enum LatexTokenKind;

constexpr Name Letter(std::string_view name) { return {name, kName, name}; }

constexpr std::array kCommands = {
    // Structure
    Name{"begin", kBegin, ""},
    Name{"end", kEnd, ""},
    // Operators
    Name{"times", kOperator, "*"},
    Name{"cdot", kOperator, "*"},
    Name{"ast", kOperator, "*"},
    Name{"div", kOperator, "/"},
    Name{"pm", kOperator, "pm"},
    Name{"mp", kOperator, "mp"},
    Name{"mod", kOperator, "mod"},
    Name{"bmod", kOperator, "mod"},
    Name{"%", kOperator, "%"},
    Name{"lvert", kOperator, "|"},
    Name{"rvert", kOperator, "|"},
    Name{"vert", kOperator, "|"},
    Name{"mid", kOperator, "|"},
    // Brackets
    Name{"{", kOpen, "\\{"},
    Name{"}", kClose, "\\}"},
    Name{"lbrace", kOpen, "\\{"},
    Name{"rbrace", kClose, "\\}"},
    Name{"lbrack", kOpen, "["},
    Name{"rbrack", kClose, "]"},
    Name{"lfloor", kOpen, "floor"},
    Name{"rfloor", kClose, "floor"},
    Name{"lceil", kOpen, "ceil"},
    Name{"rceil", kClose, "ceil"},
    Name{"langle", kOpen, "("},
    Name{"rangle", kClose, ")"},
    // Relations and sets
    Name{"le", kRelation, "<="},
    Name{"leq", kRelation, "<="},
    Name{"leqslant", kRelation, "<="},
    Name{"ge", kRelation, ">="},
    Name{"geq", kRelation, ">="},
    Name{"geqslant", kRelation, ">="},
    Name{"lt", kRelation, "<"},
    Name{"gt", kRelation, ">"},
    Name{"ne", kRelation, "!="},
    Name{"neq", kRelation, "!="},
    Name{"approx", kRelation, "~"},
    Name{"equiv", kRelation, "="},
    Name{"in", kRelation, "in"},
    Name{"cup", kSetOperator, "cup"},
    Name{"cap", kSetOperator, "cap"},
    Name{"setminus", kSetOperator, "setminus"},
    Name{"backslash", kSetOperator, "setminus"},
    Name{"land", kSeparator, "and"},
    Name{"wedge", kSeparator, "and"},
    Name{"lor", kSeparator, "or"},
    Name{"vee", kSeparator, "or"},
    Name{"emptyset", kName, "emptyset"},
    Name{"varnothing", kName, "emptyset"},
    // Letters
    Name{"pi", kName, "pi"},
    Name{"infty", kName, "oo"},
    Letter("alpha"),
    Letter("beta"),
    Letter("gamma"),
    Letter("delta"),
    Letter("epsilon"),
    Letter("zeta"),
    Letter("eta"),
    Letter("theta"),
    Letter("iota"),
    Letter("kappa"),
    Letter("lambda"),
    Letter("mu"),
    Letter("nu"),
    Letter("xi"),
    Letter("rho"),
    Letter("sigma"),
    Letter("tau"),
    Letter("upsilon"),
    Letter("phi"),
    Letter("chi"),
    Letter("psi"),
    Letter("omega"),
    Letter("Gamma"),
    Letter("Delta"),
    Letter("Theta"),
    Letter("Lambda"),
    Letter("Xi"),
    Letter("Pi"),
    Letter("Sigma"),
    Letter("Phi"),
    Letter("Psi"),
    Letter("Omega"),
    Letter("angle"),
    Letter("triangle"),
    Letter("ell"),
    Letter("sum"),
    Letter("prod"),
    Letter("int"),
    Letter("lim"),
    Letter("partial"),
    Letter("nabla"),
    Letter("dots"),
    Name{"varepsilon", kName, "epsilon"},
    Name{"varphi", kName, "phi"},
    Name{"ldots", kName, "dots"},
    Name{"cdots", kName, "dots"},
    // What leaves nothing
    Name{"left", kWord, ""},
    Name{"right", kWord, ""},
    Name{"mleft", kWord, ""},
    Name{"mright", kWord, ""},
    Name{"bigl", kWord, ""},
    Name{"bigr", kWord, ""},
    Name{"Bigl", kWord, ""},
    Name{"Bigr", kWord, ""},
    Name{"big", kWord, ""},
    Name{"Big", kWord, ""},
    Name{"displaystyle", kWord, ""},
    Name{"degree", kOperator, "deg"},
    Name{"circ", kOperator, "deg"},
    Name{"!", kWord, ""},
    Name{"$", kWord, ""},
    Name{"(", kWord, ""},
    Name{")", kWord, ""},
    Name{"[", kWord, ""},
    Name{"]", kWord, ""},
    Name{"limits", kWord, ""},
    Name{"boxed", kWord, ""},
    Name{"fbox", kWord, ""},
    Name{"bf", kWord, ""},
    Name{"rm", kWord, ""},
    // Spaces
    Name{"quad", kWord, " "},
    Name{"qquad", kWord, " "},
    Name{",", kWord, " "},
    Name{";", kWord, " "},
    Name{":", kWord, " "},
    Name{" ", kWord, " "},
};

constexpr std::array kWords = {
    Name{"and", kSeparator, "and"},
    Name{"or", kSeparator, "or"},
    Name{"percent", kOperator, "%"},
    Name{"pct", kOperator, "%"},
    Name{"percentage", kOperator, "%"},
    Name{"pi", kName, "pi"},
    Name{"Pi", kName, "pi"},
    Name{"infinity", kName, "oo"},
    Name{"infty", kName, "oo"},
    Name{"inf", kName, "oo"},
    Name{"theta", kName, "theta"},
    Name{"alpha", kName, "alpha"},
    Name{"beta", kName, "beta"},
};

constexpr std::array<std::string_view, 18> kTextCommands = {
    "text",   "mathrm", "mbox",         "textbf", "mathbf",     "textit",
    "textrm", "mathit", "textnormal",   "mathsf", "texttt",     "mathtt",
    "emph",   "hbox",   "operatorname", "mathbb", "boldsymbol", "mathcal"};

constexpr std::array<std::string_view, 29> kShortUnits = {
    "km", "cm", "mm", "dm", "nm",  "kg",  "mg",  "ml",  "mL", "lb", "ft", "hr", "mi",  "mph", "kph",
    "sq", "cu", "yd", "oz", "sec", "hrs", "lbs", "yds", "pm", "am", "AM", "PM", "USD", "rad"};

constexpr std::array<std::string_view, 38> kShortWords = {
    "is",  "of",  "so",  "to",  "no",  "in",  "an",  "at",  "as",  "we",  "if",  "it",  "by",
    "be",  "on",  "do",  "up",  "us",  "the", "not", "yes", "are", "was", "has", "for", "all",
    "any", "one", "two", "six", "ten", "odd", "now", "get", "men", "day", "per", "non"};

// In the table, or among the functions.
template <size_t kCount>
std::optional<Name> FindName(const std::array<Name, kCount>& names, const FunctionEntry* function,
                             std::string_view written) {
  if (function != nullptr) return Name{written, kFunction, function->name};
  const auto* found = std::find_if(names.begin(), names.end(),
                                   [written](const Name& name) { return name.written == written; });
  return found == names.end() ? std::nullopt : std::optional(*found);
}

template <size_t kCount>
bool Contains(const std::array<std::string_view, kCount>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::optional<Name> FindCommand(std::string_view name) {
  return FindName(kCommands, FindFunctionCommand(name), name);
}
std::optional<Name> FindWord(std::string_view word) {
  return FindName(kWords, FindFunctionWord(word), word);
}
bool IsTextCommand(std::string_view name) { return Contains(kTextCommands, name); }
bool IsShortUnit(std::string_view word) { return Contains(kShortUnits, word); }
bool IsShortWord(std::string_view word) {
  std::string lower(word);
  if (lower[0] >= 'A' && lower[0] <= 'Z') lower[0] = static_cast<char>(lower[0] - 'A' + 'a');
  return Contains(kShortWords, lower);
}

}  // namespace retort
