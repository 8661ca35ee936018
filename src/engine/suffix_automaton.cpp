#include "engine/suffix_automaton.h"

#include "base/rng.h"

namespace retort {

SuffixAutomaton::SuffixAutomaton() : slots_(64, kNone) { AddState(0, kNone, 0); }

void SuffixAutomaton::Push(int32_t token) {
  tokens_.push_back(token);
  const auto size = static_cast<int32_t>(tokens_.size());
  const int32_t whole = AddState(size, 0, size);
  int32_t state = last_;
  int32_t edge = kNone;
  for (; state != kNone; state = states_[static_cast<size_t>(state)].link) {
    edge = FindEdge(state, token);
    if (edge != kNone) break;
    AddEdge(state, token, whole);
  }
  const int32_t link = state == kNone ? 0 : Split(state, edge);
  states_[static_cast<size_t>(whole)].link = link;
  last_ = whole;
  UpdateMatch(link);
}

// The state of what `state` reads along `edge`, that and its suffixes alone: longer substrings that
// ended at the same places until now do not end here.
int32_t SuffixAutomaton::Split(int32_t state, int32_t edge) {
  const int32_t token = edges_[static_cast<size_t>(edge)].token;
  const int32_t target = edges_[static_cast<size_t>(edge)].to;
  const State old = states_[static_cast<size_t>(target)];
  const int32_t length = states_[static_cast<size_t>(state)].length + 1;
  if (length == old.length) return target;
  const int32_t clone = AddState(length, old.link, old.end);
  for (int32_t e = first_edge_[static_cast<size_t>(target)]; e != kNone;
       e = edges_[static_cast<size_t>(e)].next) {
    const Edge copied = edges_[static_cast<size_t>(e)];
    AddEdge(clone, copied.token, copied.to);
  }
  states_[static_cast<size_t>(target)].link = clone;
  for (; state != kNone; state = states_[static_cast<size_t>(state)].link) {
    const int32_t found = FindEdge(state, token);
    if (found == kNone || edges_[static_cast<size_t>(found)].to != target) break;
    edges_[static_cast<size_t>(found)].to = clone;
  }
  return clone;
}

// `link`: the state of the longest suffix that occurred before; its suffixes have recurred, too.
void SuffixAutomaton::UpdateMatch(int32_t link) {
  const State& longest = states_[static_cast<size_t>(link)];
  match_ = {.length = longest.length, .end = longest.end};
  int updates = 0;
  for (int32_t state = link; state != 0 && updates < kMostUpdates; ++updates) {
    State& recurred = states_[static_cast<size_t>(state)];
    recurred.end = static_cast<int32_t>(tokens_.size());
    state = recurred.link;
  }
}

int32_t SuffixAutomaton::AddState(int32_t length, int32_t link, int32_t end) {
  states_.push_back({.length = length, .link = link, .end = end});
  first_edge_.push_back(kNone);
  return static_cast<int32_t>(states_.size()) - 1;
}

void SuffixAutomaton::AddEdge(int32_t from, int32_t token, int32_t to) {
  if (2 * (edges_.size() + 1) > slots_.size()) GrowSlots();
  const auto edge = static_cast<int32_t>(edges_.size());
  int32_t& first = first_edge_[static_cast<size_t>(from)];
  edges_.push_back({.from = from, .token = token, .to = to, .next = first});
  first = edge;
  slots_[SlotOf(from, token)] = edge;
}

int32_t SuffixAutomaton::FindEdge(int32_t from, int32_t token) const {
  return slots_[SlotOf(from, token)];
}

// Where the edge is, or would go.
size_t SuffixAutomaton::SlotOf(int32_t from, int32_t token) const {
  const uint64_t key = (static_cast<uint64_t>(static_cast<uint32_t>(from)) << 32) |
                       static_cast<uint64_t>(static_cast<uint32_t>(token));
  size_t slot = static_cast<size_t>(Mix64(key)) & (slots_.size() - 1);
  for (; slots_[slot] != kNone; slot = (slot + 1) & (slots_.size() - 1)) {
    const Edge& edge = edges_[static_cast<size_t>(slots_[slot])];
    if (edge.from == from && edge.token == token) break;
  }
  return slot;
}

void SuffixAutomaton::GrowSlots() {
  slots_.assign(2 * slots_.size(), kNone);
  for (size_t edge = 0; edge < edges_.size(); ++edge) {
    slots_[SlotOf(edges_[edge].from, edges_[edge].token)] = static_cast<int32_t>(edge);
  }
}

size_t SuffixAutomaton::memory_bytes() const {
  return tokens_.capacity() * sizeof(int32_t) + states_.capacity() * sizeof(State) +
         first_edge_.capacity() * sizeof(int32_t) + edges_.capacity() * sizeof(Edge) +
         slots_.capacity() * sizeof(int32_t);
}

}  // namespace retort
