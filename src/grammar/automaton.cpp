#include "grammar/automaton.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "grammar/automaton_checks.h"
#include "grammar/nfa.h"

namespace retort {
namespace {

void CheckDefined(const GrammarTree& tree) {
  for (const Rule& rule : tree.rules()) {
    if (rule.defined) continue;
    Fail(ErrorCode::kNotFound, "{}: the rule {} is used and not defined; define it, as {} ::= ...",
         tree.source(), Quoted(rule.name), Printable(rule.name));
  }
}

// Rules that are called from the root, however far away.
std::vector<bool> UsedRules(const GrammarTree& tree) {
  std::vector<bool> used(tree.rules().size());
  std::vector<ExprId> waiting;
  const auto use = [&](RuleId rule) {
    if (used[rule]) return;
    used[rule] = true;
    waiting.push_back(tree.rules()[rule].expr);
  };
  use(tree.root());
  while (!waiting.empty()) {
    const Expr& expr = tree.expr(waiting.back());
    waiting.pop_back();
    if (expr.kind == ExprKind::kCall) use(expr.rule);
    waiting.insert(waiting.end(), expr.children.begin(), expr.children.end());
  }
  return used;
}

}  // namespace

Automaton::Automaton(std::vector<State> states, std::vector<StateId> starts, RuleId root)
    : starts_(std::move(starts)), root_(root), need_(StackNeeds(states, starts_)) {
  byte_begin_.push_back(0);
  call_begin_.push_back(0);
  for (const State& state : states) {
    for (const ByteEdge& edge : state.bytes) {
      if (need_[edge.target] <= kMaxStackDepth) bytes_.push_back(edge);
    }
    for (const CallEdge& edge : state.calls) {
      const uint32_t own = states[edge.target].final() ? 0 : 1;
      const bool ends = need_[starts_[edge.rule]] + own <= kMaxStackDepth;
      if (ends && need_[edge.target] <= kMaxStackDepth) calls_.push_back(edge);
    }
    byte_begin_.push_back(static_cast<uint32_t>(bytes_.size()));
    call_begin_.push_back(static_cast<uint32_t>(calls_.size()));
    accepting_.push_back(state.accepting);
  }
}

Automaton CompileAutomaton(const GrammarTree& tree) {
  CheckDefined(tree);
  const std::vector<bool> inlined = ShortRules(tree), used = UsedRules(tree);
  std::vector<Automaton::State> states;
  std::vector<StateId> starts;
  size_t work = 0;
  for (RuleId rule = 0; rule < tree.rules().size(); ++rule) {
    starts.push_back(static_cast<StateId>(states.size()));
    if (used[rule] && !inlined[rule]) {
      Determinize(BuildNfa(tree, rule, inlined), tree, rule, states, work);
    } else {
      states.emplace_back();  // never called
    }
  }
  CheckLeftRecursion(tree, states, starts);
  Automaton automaton(std::move(states), std::move(starts), tree.root());
  if (automaton.need(automaton.start()) > kMaxStackDepth) {
    Fail(ErrorCode::kInvalidArgument,
         "{}: nothing matches the grammar: its rule {} never ends, or not within {} calls inside "
         "each other; give it an alternative that ends",
         tree.source(), Quoted(tree.rules()[tree.root()].name), kMaxStackDepth);
  }
  return automaton;
}

}  // namespace retort
