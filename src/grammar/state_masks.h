// Which tokens a grammar's state allows, as far as the state alone can tell. Most tokens are
// decided without knowing which calls are open; where a token goes on after its rule is over,
// the place in the trie is kept, and who knows the calls walks on from there.
//
//   StateMasks masks(automaton, trie, budget);
//   std::shared_ptr<const StateMask> mask = masks.Of(state);
//   mask->AddTo(bits);
//   for (uint32_t node : mask->escapes) WalkTrie(trie, node + 1, trie.node(node).end, ...);
//
// A state is walked once, when it is first met, and kept as long as the budget allows: it counts
// the bytes of all grammars of a vocabulary, and who is over it drops its own oldest.
//
// Thread-safe. Automaton and trie must outlive it. Errors: kResourceExhausted as ConfigSets.
// Source: Dong et al. 2024, XGrammar (context-independent tokens).
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "grammar/automaton.h"
#include "grammar/config_sets.h"
#include "grammar/token_trie.h"

namespace retort {

inline constexpr size_t kMaskBudget = size_t{64} << 20;  // bytes, of a vocabulary

// Sets the bit of each token.
void SetBits(std::span<const int32_t> tokens, std::span<uint64_t> bits);

struct StateMask {
  std::vector<int32_t> tokens = {};    // allowed ones, where they are few
  std::vector<uint64_t> bits = {};     // a bit for each token, where they are many
  std::vector<uint32_t> escapes = {};  // nodes at which the rule may be over, and tokens go on
  uint32_t deepest = 0;                // calls inside each other that this looked at

  void AddTo(std::span<uint64_t> to) const;
  size_t bytes() const;
};

// Walks the nodes from `begin` to `end`, which stand `depth` bytes below where `from` is, and calls
// allow(tokens) and arrive(node, set) for each that the grammar allows.
template <typename Allow, typename Arrive>
void WalkTrie(const TokenTrie& trie, uint32_t begin, uint32_t end, ConfigSets& sets, SetId from,
              std::vector<SetId>& path, Allow allow, Arrive arrive) {
  if (begin >= end) return;
  const size_t top = trie.node(begin).depth;
  path.resize(trie.max_depth() + 2);
  path[top - 1] = from;
  for (uint32_t i = begin; i < end;) {
    const TokenTrie::Node& node = trie.node(i);
    const SetId set = sets.Next(path[node.depth - size_t{1}], node.byte);
    if (set == kDeadSet) {
      i = node.end;
      continue;
    }
    path[node.depth] = set;
    allow(trie.tokens(i));
    arrive(i, set);
    ++i;
  }
}

class StateMasks {
 public:
  // `budget`: bytes in use, shared by the grammars of a vocabulary.
  StateMasks(const Automaton& automaton, const TokenTrie& trie,
             std::shared_ptr<std::atomic<size_t>> budget);
  ~StateMasks();
  StateMasks(const StateMasks&) = delete;
  StateMasks& operator=(const StateMasks&) = delete;

  std::shared_ptr<const StateMask> Of(StateId state);

 private:
  StateMask Compute(StateId state);
  void Keep(StateId state, const std::shared_ptr<const StateMask>& mask);

  const Automaton& automaton_;
  const TokenTrie& trie_;
  std::shared_ptr<std::atomic<size_t>> budget_;
  std::mutex mutex_;
  ConfigSets sets_;
  std::vector<SetId> path_;
  std::unordered_map<StateId, std::shared_ptr<const StateMask>> masks_;
  std::deque<StateId> oldest_;
  size_t bytes_ = 0;  // of the masks that are kept
};

}  // namespace retort
