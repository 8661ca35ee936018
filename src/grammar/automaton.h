// A grammar made ready to run: each rule is a deterministic automaton over bytes and calls of other
// rules. A call remembers where to go on, so the whole is a pushdown automaton.
//
//   const Automaton automaton = CompileAutomaton(tree);
//   automaton.start();                       // where the root rule begins
//   for (ByteEdge edge : automaton.bytes(state)) ...
//
// Rules that are short and do not recurse are written out where they are called, so that what a
// text's single characters are does not cost a call each.
//
// Errors, each naming the rule: kInvalidArgument for a left-recursive one, for one that never ends;
// kNotFound for one that is called and not defined; kResourceExhausted beyond the limits.
// Immutable and thread-safe once made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "grammar/grammar_tree.h"

namespace retort {

using StateId = uint32_t;

// Open calls inside each other; deeper nesting is not allowed to be generated. With it what a JSON
// grammar gives stays within kMaxJsonDepth (base/strict_json.h).
inline constexpr uint32_t kMaxStackDepth = 192;
inline constexpr size_t kMaxStates = size_t{1} << 18;

struct ByteEdge {
  uint8_t low = 0, high = 0;  // both included
  StateId target = 0;
};
struct CallEdge {
  RuleId rule = 0;
  StateId target = 0;  // where it goes on after the rule
};

class Automaton {
 public:
  struct State {
    std::vector<ByteEdge> bytes = {};  // sorted, disjoint
    std::vector<CallEdge> calls = {};  // each rule once
    bool accepting = false;            // the rule may end here

    // Nothing is left but to end the rule: a call that goes on here need not be returned to.
    bool final() const { return accepting && bytes.empty() && calls.empty(); }
  };

  // States of all rules, where each of them starts, and the root. Edges that lead nowhere are left
  // out. CompileAutomaton checks what is put in.
  Automaton(std::vector<State> states, std::vector<StateId> starts, RuleId root);

  StateId start() const { return starts_[root_]; }
  StateId start(RuleId rule) const { return starts_[rule]; }
  std::span<const ByteEdge> bytes(StateId state) const {
    return std::span(bytes_).subspan(byte_begin_[state],
                                     byte_begin_[state + 1] - byte_begin_[state]);
  }
  std::span<const CallEdge> calls(StateId state) const {
    return std::span(calls_).subspan(call_begin_[state],
                                     call_begin_[state + 1] - call_begin_[state]);
  }
  bool accepting(StateId state) const { return accepting_[state]; }
  // Calls inside each other that it takes at least to end the rule from here.
  uint32_t need(StateId state) const { return need_[state]; }
  // Whether nothing is left but to end the rule.
  bool final(StateId state) const {
    return accepting(state) && bytes(state).empty() && calls(state).empty();
  }
  size_t size() const { return accepting_.size(); }
  size_t num_rules() const { return starts_.size(); }

 private:
  std::vector<StateId> starts_;  // [rule]
  RuleId root_;
  std::vector<uint32_t> byte_begin_, call_begin_;  // [state + 1]
  std::vector<ByteEdge> bytes_;
  std::vector<CallEdge> calls_;
  std::vector<bool> accepting_;  // [state]
  std::vector<uint32_t> need_;   // [state]
};

Automaton CompileAutomaton(const GrammarTree& tree);

}  // namespace retort
