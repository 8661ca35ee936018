// A regular expression of a JSON schema (its `pattern`) as a part of a grammar: what stands between
// the quotes of a JSON string that it matches.
//
//   const ExprId inner = StringPattern(tree, json, "^[A-Z]{2}-\\d+$");
//
// The subset: literals, . and classes (with ranges, negation, \d \D \w \W \s \S), escapes (\n \r \t
// \f \v \xHH \uHHHH and punctuation), groups ( ) and (?: ), |, *, +, ?, {m}, {m,}, {m,n}, each also
// with a lazy ?, and ^ and $ at the ends of the whole. Where an end has no anchor, anything may
// stand before or behind, as in JSON Schema. \w, \d and \s are ASCII. A negated class and . stand
// for printable characters, which is less than they might.
//
// Errors: kUnsupported naming what the subset lacks (assertions, backreferences, \b, \p, flags),
// kInvalidArgument for what is no expression, both with the place. Source: ECMA-262.
#pragma once

#include <string_view>

#include "grammar/json_text.h"

namespace retort {

// `where` names the pattern in messages.
ExprId StringPattern(GrammarTree& tree, JsonText& json, std::string_view pattern,
                     std::string_view where);

}  // namespace retort
