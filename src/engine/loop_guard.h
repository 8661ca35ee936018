// Tells while tokens come whether they have fallen into a loop. Pure, deterministic, no text.
//
//   LoopGuard guard;
//   for (int32_t token : tokens) {
//     if (guard.Push(token)) break;   // it repeats itself; stays true
//   }
//
// What repeats is a run of tokens that stood there before, within the reach of a window. Two signs:
//  - In the last 3 r tokens, more than r end a run of 16 that has occurred within the last r: so at
//    least a third telling, for a second one repeats at most r. Tables, code and lists of similar
//    lines have hardly any such runs, however well they compress. r is 256, 512, 1024 and 2048.
//  - Over thousands of tokens, most end a run of 4 that has occurred: a loop that varies its words.
// docs/thinking.md has what was measured. A microsecond a token, at most 600 kB. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace retort {

// How many tokens ago the run of `length` tokens that ends with the newest one ended before.
class RunDistances {
 public:
  RunDistances(size_t length, size_t reach);
  // 0 if not within `reach` tokens.
  int32_t Push(int32_t token);

 private:
  size_t length_, reach_;
  uint64_t leaving_factor_ = 1;                // of the token that leaves the run
  uint64_t run_ = 0;                           // hash of the newest tokens
  std::vector<uint64_t> tokens_;               // ring of the newest `length`, mixed
  std::vector<uint64_t> runs_;                 // ring of the newest `reach` hashes
  std::unordered_map<uint64_t, size_t> ends_;  // where each run in the ring ended last
  size_t count_ = 0;                           // tokens so far
};

class LoopGuard {
 public:
  LoopGuard();
  // Whether the tokens so far loop; looks every 64 tokens.
  bool Push(int32_t token);
  bool looping() const { return looping_; }

 private:
  static constexpr size_t kNumWindows = 8;
  bool Look() const;

  std::array<RunDistances, 2> runs_;               // short and long ones
  std::array<std::vector<int32_t>, 2> distances_;  // rings as long as the longest window
  std::array<int32_t, kNumWindows> repeated_{};    // tokens of each window that end a repeated run
  size_t count_ = 0;                               // tokens so far
  bool looping_ = false;
};

}  // namespace retort
