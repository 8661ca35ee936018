// Where a text may stand in a grammar: sets of states, each with the calls that are open, and what
// a byte makes of a set. Sets are numbered as they are met and remember where each byte leads, so
// walking a vocabulary is mostly looking up.
//
//   ConfigSets sets(automaton);
//   SetId at = sets.Start();
//   for (uint8_t byte : text) at = sets.Next(at, byte);   // kDeadSet: the text does not fit
//   sets.ends(at)                                         // whether it may end here
//
// A set may also begin in the middle of a rule without knowing who called it (FromState): ends()
// then says that the rule may be over, and what follows is up to the caller.
//
// Errors: kResourceExhausted when one text can be read in too many ways. Not thread-safe. The
// automaton must outlive it.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "grammar/automaton.h"

namespace retort {

using SetId = uint32_t;
using StackId = uint32_t;

inline constexpr SetId kDeadSet = 0;
inline constexpr StackId kEmptyStack = 0;

struct Config {
  StateId state = 0;
  StackId stack = kEmptyStack;
  bool operator==(const Config&) const = default;
};

class ConfigSets {
 public:
  explicit ConfigSets(const Automaton& automaton);

  SetId Start() { return FromState(automaton_->start()); }
  // In this state, with nothing known of the calls around it.
  SetId FromState(StateId state) { return SetOf({{state, kEmptyStack}}); }
  // In this state by its own bytes alone: what it calls and what comes after it is left out.
  SetId FromBytesOf(const Config& config);
  // After the call around this configuration has returned; its stack must not be empty.
  SetId Parent(StackId stack);

  SetId Next(SetId set, uint8_t byte) {
    const SetId known = rows_[(static_cast<size_t>(set) << 8) | byte];
    return known != kUnknown ? known : Compute(set, byte);
  }
  // The text may end here: nothing is open.
  bool ends(SetId set) const { return sets_[set].ends; }
  // States with bytes to come.
  std::span<const Config> configs(SetId set) const { return sets_[set].configs; }
  // Calls that are open, those that the set's states take to end included.
  uint32_t deepest(SetId set) const { return sets_[set].deepest; }
  uint32_t depth(StackId stack) const { return stacks_[stack].depth; }
  size_t size() const { return sets_.size(); }

  // The same set among those of `other`.
  SetId CopyTo(ConfigSets& other, SetId set) const;

 private:
  static constexpr SetId kUnknown = UINT32_MAX;

  struct Stack {
    StackId parent = kEmptyStack;
    StateId state = 0;  // where the innermost call goes on
    uint32_t depth = 0;
  };
  struct Set {
    std::vector<Config> configs;
    bool ends = false;
    uint32_t deepest = 0;
  };

  SetId Compute(SetId set, uint8_t byte);
  SetId SetOf(std::vector<Config> configs);
  SetId Intern(Set set);
  bool Fits(const Config& config) const;
  StackId Push(StackId stack, StateId state);

  const Automaton* automaton_;
  std::vector<Stack> stacks_;                     // [StackId]
  std::unordered_map<uint64_t, StackId> pushed_;  // parent and state
  std::vector<Set> sets_;                         // [SetId]
  std::vector<SetId> rows_;                       // [SetId, 256]
  std::unordered_multimap<uint64_t, SetId> known_;
};

}  // namespace retort
