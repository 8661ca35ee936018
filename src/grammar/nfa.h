// A rule on its way to become part of an Automaton: nondeterministic first (Thompson 1968), then
// deterministic by the subset construction (Rabin, Scott 1959), calls of rules being letters.
//
//   const std::vector<bool> inlined = ShortRules(tree);
//   const Nfa nfa = BuildNfa(tree, rule, inlined);
//   Determinize(nfa, tree, rule, states, work);     // appends; the first one is the start
//
// Errors: kResourceExhausted naming the rule. Stateless.
#pragma once

#include <cstdint>
#include <vector>

#include "grammar/automaton.h"
#include "grammar/grammar_tree.h"

namespace retort {

struct NfaState {
  std::vector<uint32_t> empties = {};  // reached without a letter
  std::vector<ByteEdge> bytes = {};
  std::vector<CallEdge> calls = {};
};

struct Nfa {
  std::vector<NfaState> states;
  uint32_t start = 0, end = 0;
};

// [rule] Whether a rule is written out where it is called: it has few states, no loop, and calls
// such rules alone.
std::vector<bool> ShortRules(const GrammarTree& tree);

Nfa BuildNfa(const GrammarTree& tree, RuleId rule, const std::vector<bool>& inlined);

// Appends the rule's states; targets are indices into `states`. `work` counts what has been done
// for all rules of a grammar, so that many costly ones are refused, too.
void Determinize(const Nfa& nfa, const GrammarTree& tree, RuleId rule,
                 std::vector<Automaton::State>& states, size_t& work);

}  // namespace retort
