// Reads a grammar in GBNF, the notation of llama.cpp:
//
//   # what an answer may be
//   root   ::= "yes" | "no" | number ("." digits{1,3})?
//   number ::= "-"? [1-9] [0-9]{0,5}
//   digits ::= [0-9]+
//
// A literal "..." may hold \n \r \t \\ \" \[ \] \- \xHH \uHHHH \UHHHHHHHH, a class [...] the same
// and ranges, [^...] is every other character and . any. Groups, |, *, +, ?, {m}, {m,} and {m,n}
// are as usual. A rule ends with its line, unless a group is open, or the next line begins with |.
// What is generated is a text of the rule `root`.
//
// Errors: kInvalidArgument naming source, line and column, what stands there and what is wanted;
// kResourceExhausted for what is too large or nested too deeply. Undefined and left-recursive rules
// are found by CompileAutomaton. Stateless, thread-safe.
// Source: llama.cpp, grammars/README.md.
#pragma once

#include <string_view>

#include "grammar/grammar_tree.h"

namespace retort {

GrammarTree ParseGbnf(std::string_view text, std::string_view source);

}  // namespace retort
