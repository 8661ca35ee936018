// The flags that keep answers to a grammar, and the grammar that they name.
//
//   AddGrammarFlags(command, flags.grammar);
//   std::shared_ptr<const GrammarTree> tree = ReadGrammar(flags.grammar);   // nullptr without one
//
// Errors: as MappedFile, ParseGbnf and JsonSchemaGrammar. Stateless.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/run_session.h"
#include "grammar/grammar_tree.h"

namespace retort {

void AddGrammarFlags(CLI::App& command, GrammarFlags& flags);
std::shared_ptr<const GrammarTree> ReadGrammar(const GrammarFlags& flags);

}  // namespace retort
