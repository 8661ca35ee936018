#include "grammar/automaton_checks.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

// Rules that may match nothing: their start reaches their end by calls of such rules alone.
class NullableRules {
 public:
  NullableRules(const std::vector<Automaton::State>& states, const std::vector<StateId>& starts)
      : states_(states), nullable_(starts.size()), waiting_for_(starts.size()) {
    reached_.resize(states.size());
    for (RuleId rule = 0; rule < starts.size(); ++rule) Reach(starts[rule], rule);
  }

  bool operator[](RuleId rule) const { return nullable_[rule]; }

 private:
  void Reach(StateId first, RuleId of) {
    std::vector<std::pair<StateId, RuleId>> stack = {{first, of}};
    while (!stack.empty()) {
      const auto [state, rule] = stack.back();
      stack.pop_back();
      if (reached_[state]) continue;
      reached_[state] = true;
      if (states_[state].accepting && !nullable_[rule]) {
        nullable_[rule] = true;
        for (const auto& waiting : waiting_for_[rule]) stack.push_back(waiting);
        waiting_for_[rule].clear();
      }
      for (const CallEdge& edge : states_[state].calls) {
        if (nullable_[edge.rule]) {
          stack.emplace_back(edge.target, rule);
        } else {
          waiting_for_[edge.rule].emplace_back(edge.target, rule);
        }
      }
    }
  }

  const std::vector<Automaton::State>& states_;
  std::vector<bool> nullable_;  // [rule]
  std::vector<bool> reached_;   // [state] from its rule's start, without a byte
  std::vector<std::vector<std::pair<StateId, RuleId>>> waiting_for_;  // [rule]
};

// [rule] The rules that may be called before a byte has come.
std::vector<std::vector<RuleId>> FirstCalls(const std::vector<Automaton::State>& states,
                                            const std::vector<StateId>& starts) {
  const NullableRules nullable(states, starts);
  std::vector<std::vector<RuleId>> first(starts.size());
  std::vector<bool> reached(states.size());
  for (RuleId rule = 0; rule < starts.size(); ++rule) {
    std::vector<StateId> waiting = {starts[rule]};
    while (!waiting.empty()) {
      const StateId state = waiting.back();
      waiting.pop_back();
      if (reached[state]) continue;
      reached[state] = true;
      for (const CallEdge& edge : states[state].calls) {
        first[rule].push_back(edge.rule);
        if (nullable[edge.rule]) waiting.push_back(edge.target);
      }
    }
  }
  return first;
}

enum class Visit : uint8_t { kNew, kOpen, kDone };

// What a state's need depends on: the need of each of its targets, after a call if one comes first.
struct Dependents {
  struct Edge {
    StateId state = 0;
    bool by_call = false;  // `callee` must end, too
    StateId callee = 0, target = 0;
  };
  std::vector<std::vector<uint32_t>> of;  // [state] indices into `edges`
  std::vector<Edge> edges;
};

Dependents FindDependents(const std::vector<Automaton::State>& states,
                          const std::vector<StateId>& starts) {
  Dependents result;
  result.of.resize(states.size());
  const auto add = [&](const Dependents::Edge& edge) {
    const auto index = static_cast<uint32_t>(result.edges.size());
    result.edges.push_back(edge);
    result.of[edge.target].push_back(index);
    if (edge.by_call) result.of[edge.callee].push_back(index);
  };
  for (StateId state = 0; state < states.size(); ++state) {
    for (const ByteEdge& edge : states[state].bytes) {
      add({.state = state, .target = edge.target});
    }
    for (const CallEdge& edge : states[state].calls) {
      add({.state = state, .by_call = true, .callee = starts[edge.rule], .target = edge.target});
    }
  }
  return result;
}

}  // namespace

void CheckLeftRecursion(const GrammarTree& tree, const std::vector<Automaton::State>& states,
                        const std::vector<StateId>& starts) {
  const std::vector<std::vector<RuleId>> first = FirstCalls(states, starts);
  std::vector<Visit> visits(starts.size(), Visit::kNew);
  for (RuleId root = 0; root < starts.size(); ++root) {
    if (visits[root] != Visit::kNew) continue;
    std::vector<std::pair<RuleId, size_t>> path = {{root, 0}};
    visits[root] = Visit::kOpen;
    while (!path.empty()) {
      auto& [rule, next] = path.back();
      if (next == first[rule].size()) {
        visits[rule] = Visit::kDone;
        path.pop_back();
        continue;
      }
      const RuleId callee = first[rule][next++];
      if (visits[callee] == Visit::kOpen) {
        Fail(ErrorCode::kInvalidArgument,
             "{}: the rule {} is left-recursive: it can begin with itself; write the repetition "
             "with * or +, or let it recurse at its end",
             tree.source(), Quoted(tree.rules()[callee].name));
      }
      if (visits[callee] == Visit::kDone) continue;
      visits[callee] = Visit::kOpen;
      path.emplace_back(callee, 0);
    }
  }
}

std::vector<uint32_t> StackNeeds(const std::vector<Automaton::State>& states,
                                 const std::vector<StateId>& starts) {
  const Dependents dependents = FindDependents(states, starts);
  std::vector<uint32_t> need(states.size(), kMaxStackDepth + 1);
  std::vector<StateId> waiting;  // their need has become less
  for (StateId state = 0; state < states.size(); ++state) {
    if (!states[state].accepting) continue;
    need[state] = 0;
    waiting.push_back(state);
  }
  for (size_t i = 0; i < waiting.size(); ++i) {
    for (const uint32_t index : dependents.of[waiting[i]]) {
      const Dependents::Edge& edge = dependents.edges[index];
      uint32_t least = need[edge.target];
      if (edge.by_call) {
        const uint32_t own = states[edge.target].final() ? 0 : 1;
        least = std::max(least, need[edge.callee] + own);
      }
      if (least >= need[edge.state]) continue;
      need[edge.state] = least;
      waiting.push_back(edge.state);
    }
  }
  return need;
}

}  // namespace retort
