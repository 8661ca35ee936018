#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "base/rng.h"
#include "grammar/nfa.h"

namespace retort {
namespace {

constexpr size_t kMaxWork = size_t{1} << 23;  // states of all subsets of all rules together

using Subset = std::vector<uint32_t>;  // of the NFA's states, sorted

struct SubsetHash {
  size_t operator()(const Subset& subset) const {
    uint64_t hash = subset.size();
    for (const uint32_t state : subset) hash = Mix64(hash ^ state);
    return static_cast<size_t>(hash);
  }
};

class Determinizer {
 public:
  Determinizer(const Nfa& nfa, const GrammarTree& tree, RuleId rule,
               std::vector<Automaton::State>& states, size_t& work)
      : nfa_(nfa),
        tree_(tree),
        rule_(rule),
        states_(states),
        work_(work),
        marks_(nfa.states.size()) {
    work_ += nfa.states.size();
  }

  void Run() {
    StateOf({nfa_.start});
    while (!waiting_.empty()) {
      const auto [subset, state] = waiting_.back();
      waiting_.pop_back();
      states_[state].accepting = std::binary_search(subset->begin(), subset->end(), nfa_.end);
      // The edges come first, since new states may move `states_`.
      std::vector<ByteEdge> bytes = ByteEdges(*subset);
      std::vector<CallEdge> calls = CallEdges(*subset);
      states_[state].bytes = std::move(bytes);
      states_[state].calls = std::move(calls);
    }
  }

 private:
  // All states that are reached from these without a letter.
  Subset Closure(Subset subset) {
    ++mark_;
    std::erase_if(subset, [&](uint32_t state) { return !Mark(state); });
    for (size_t i = 0; i < subset.size(); ++i) {
      for (const uint32_t next : nfa_.states[subset[i]].empties) {
        if (Mark(next)) subset.push_back(next);
      }
    }
    work_ += subset.size();
    std::erase_if(subset, [&](uint32_t state) {
      const NfaState& nfa_state = nfa_.states[state];
      return state != nfa_.end && nfa_state.bytes.empty() && nfa_state.calls.empty();
    });
    std::sort(subset.begin(), subset.end());
    return subset;
  }

  bool Mark(uint32_t state) { return std::exchange(marks_[state], mark_) != mark_; }

  StateId StateOf(Subset subset) {
    const auto [entry, is_new] =
        known_.try_emplace(Closure(std::move(subset)), static_cast<StateId>(states_.size()));
    if (is_new) {
      if (states_.size() >= kMaxStates || work_ > kMaxWork) {
        Fail(ErrorCode::kResourceExhausted,
             "{}: the grammar needs too many states at its rule {} (more than {}, or too many ways "
             "to read one text); lower repetition counts, or write it more plainly",
             tree_.source(), Quoted(tree_.rules()[rule_].name), kMaxStates);
      }
      states_.emplace_back();
      waiting_.emplace_back(&entry->first, entry->second);
    }
    return entry->second;
  }

  std::vector<ByteEdge> ByteEdges(const Subset& subset) {
    std::vector<ByteEdge> edges;
    for (const uint32_t state : subset) {
      const auto& more = nfa_.states[state].bytes;
      edges.insert(edges.end(), more.begin(), more.end());
    }
    std::vector<int> cuts;  // where the set of edges changes
    for (const ByteEdge& edge : edges) {
      cuts.push_back(edge.low);
      cuts.push_back(edge.high + 1);
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::vector<Subset> targets(cuts.size());  // from a cut to the next one
    for (const ByteEdge& edge : edges) {
      auto at = std::lower_bound(cuts.begin(), cuts.end(), static_cast<int>(edge.low));
      for (; *at <= edge.high; ++at) {
        targets[static_cast<size_t>(at - cuts.begin())].push_back(edge.target);
      }
    }
    std::vector<ByteEdge> result;
    for (size_t i = 0; i + 1 < cuts.size(); ++i) {
      if (targets[i].empty()) continue;
      const StateId target = StateOf(std::move(targets[i]));
      const auto low = static_cast<uint8_t>(cuts[i]), high = static_cast<uint8_t>(cuts[i + 1] - 1);
      const bool joins =
          !result.empty() && result.back().target == target && result.back().high + 1 == low;
      if (joins) {
        result.back().high = high;
      } else {
        result.push_back({low, high, target});
      }
    }
    return result;
  }

  std::vector<CallEdge> CallEdges(const Subset& subset) {
    std::map<RuleId, Subset> targets;
    for (const uint32_t state : subset) {
      for (const CallEdge& edge : nfa_.states[state].calls) {
        targets[edge.rule].push_back(edge.target);
      }
    }
    std::vector<CallEdge> result;
    for (auto& [rule, target] : targets) result.push_back({rule, StateOf(std::move(target))});
    return result;
  }

  const Nfa& nfa_;
  const GrammarTree& tree_;
  RuleId rule_;
  std::vector<Automaton::State>& states_;
  size_t& work_;
  std::vector<uint32_t> marks_;  // [NFA state] the last closure that it was in
  uint32_t mark_ = 0;
  std::unordered_map<Subset, StateId, SubsetHash> known_;
  std::vector<std::pair<const Subset*, StateId>> waiting_;
};

}  // namespace

void Determinize(const Nfa& nfa, const GrammarTree& tree, RuleId rule,
                 std::vector<Automaton::State>& states, size_t& work) {
  Determinizer(nfa, tree, rule, states, work).Run();
}

}  // namespace retort
