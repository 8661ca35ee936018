// What must hold of a grammar's states before they run.
//
//   CheckLeftRecursion(tree, states, starts);       // a rule that begins with itself has no end
//   std::vector<uint32_t> need = StackNeeds(states, starts);
//
// Errors: kInvalidArgument naming the rule. Stateless; no recursion, whatever the grammar is.
#pragma once

#include <cstdint>
#include <vector>

#include "grammar/automaton.h"

namespace retort {

void CheckLeftRecursion(const GrammarTree& tree, const std::vector<Automaton::State>& states,
                        const std::vector<StateId>& starts);

// [state] How many calls inside each other it takes at least to end the rule from there; more than
// kMaxStackDepth where that is not possible.
std::vector<uint32_t> StackNeeds(const std::vector<Automaton::State>& states,
                                 const std::vector<StateId>& starts);

}  // namespace retort
