// An index of a growing text of token ids that knows after each token which longest suffix has
// occurred before, and where: the suffix automaton (Blumer et al. 1985), built online.
//
//   SuffixAutomaton text;
//   for (int32_t token : {7, 8, 9, 5, 7, 8}) text.Push(token);
//   text.match();                        // length 2, end 2: tokens [0, 2) are 7 8, too
//   text.tokens()[text.match().end];     // 9, what followed there
//
// The length is exact. The place is the most recent one, unless more than kMostUpdates suffixes
// have recurred at once over and over; then it is an earlier one of the same length.
// Costs O(1) per token, amortised, and less than 200 bytes of memory for each (at most two states
// of 12 bytes and three edges of 16, with their hash table and the slack of growing vectors).
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace retort {

class SuffixAutomaton {
 public:
  // tokens [end - length, end) equal the last `length` tokens; the two may overlap.
  struct Match {
    int32_t length = 0;
    int32_t end = 0;  // less than the number of tokens, if length > 0
  };

  SuffixAutomaton();
  void Push(int32_t token);
  Match match() const { return match_; }
  std::span<const int32_t> tokens() const { return tokens_; }
  // Of all its tables.
  size_t memory_bytes() const;

 private:
  static constexpr int32_t kNone = -1;
  static constexpr int kMostUpdates = 64;  // of places, per token

  // A set of substrings that occur at the same ends; the longest has `length` tokens.
  struct State {
    int32_t length = 0;
    int32_t link = kNone;  // the state of the longest suffix that occurs at further ends
    int32_t end = 0;       // the most recent of the ends
  };
  struct Edge {
    int32_t from = 0, token = 0, to = 0;
    int32_t next = kNone;  // of the same state
  };

  int32_t AddState(int32_t length, int32_t link, int32_t end);
  void AddEdge(int32_t from, int32_t token, int32_t to);
  int32_t FindEdge(int32_t from, int32_t token) const;
  size_t SlotOf(int32_t from, int32_t token) const;
  void GrowSlots();
  int32_t Split(int32_t state, int32_t edge);
  void UpdateMatch(int32_t link);

  std::vector<int32_t> tokens_;
  std::vector<State> states_;
  std::vector<int32_t> first_edge_;  // [state]
  std::vector<Edge> edges_;
  std::vector<int32_t> slots_;  // open hash table of edges by state and token; at most half full
  int32_t last_ = 0;            // the state of the whole text
  Match match_;
};

}  // namespace retort
