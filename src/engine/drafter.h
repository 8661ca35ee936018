// Guesses how an answer goes on, from the text itself: what followed where the longest suffix stood
// before (prompt lookup). Reasoning restates its question, quotes itself and repeats patterns.
//
//   Drafter drafter;
//   drafter.Update(tokens, prompt_tokens);     // all so far; looks at the new ones
//   Draft draft = drafter.Propose(8);          // what may come, and how likely each is reached
//
// How likely is learned from the text as it comes: at every token, drafted or not, the drafter
// looks whether it would have guessed it, and keeps the share of hits for each length of match,
// weighting recent ones. So it costs nothing to know that a text has become predictable, or ceased
// to be.
//
// Looks back over at least half of `max_indexed` tokens, and at most all of them: when the index is
// full, it begins anew with the newer half. Memory stays below 200 bytes per indexed token, 6.5 MB
// with the default; time is about a microsecond a token. Pure and deterministic. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/suffix_automaton.h"

namespace retort {

struct Draft {
  std::vector<int32_t> tokens = {};
  // Of each token: that it and all before it are what comes. Falling.
  std::vector<double> chances = {};
};

class Drafter {
 public:
  static constexpr int32_t kMinMatch = 2;
  static constexpr int32_t kMaxIndexed = 1 << 15;

  explicit Drafter(int32_t max_indexed = kMaxIndexed) : max_indexed_(max_indexed) {}

  // Takes in the tokens that have come since the last call. Learns from generated ones only: how
  // predictable a prompt is says little of its answer.
  void Update(std::span<const int32_t> tokens, int32_t prompt_tokens);
  // Empty where no suffix of kMinMatch tokens stood before.
  Draft Propose(int32_t most) const;

 private:
  static constexpr size_t kNumBuckets = 8;
  static size_t BucketOf(int32_t match_length);

  void Push(int32_t token, bool learns);
  void Index(int32_t token);

  int32_t max_indexed_;
  SuffixAutomaton text_;
  size_t seen_ = 0;  // tokens so far, indexed or forgotten
  // Chance by length of match that the next token is as guessed. What they begin with is what
  // recorded thinking shows (docs/engine.md).
  std::array<double, kNumBuckets> chances_ = {0.45, 0.5, 0.57, 0.65, 0.72, 0.78, 0.85, 0.95};
};

}  // namespace retort
