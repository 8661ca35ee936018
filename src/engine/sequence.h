// One request as the scheduler sees it: its tokens, how far they are computed, and the KV blocks
// that hold them.
//
//   tokens   = [p0 p1 p2 p3 | g0 g1]   prompt_tokens = 4, two generated so far
//   computed = 5                       g1 was just sampled; the next step computes its row
//   blocks   = [7 2 9]                 block_size 2: positions 0-1 lie in 7, 2-3 in 2, 4-5 in 9
//
// A value type; not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

namespace retort {

struct Sequence {
  int64_t id = 0;                    // grows in order of submission
  std::vector<int32_t> tokens = {};  // prompt, then what was generated
  int32_t prompt_tokens = 0;         // how many of them were given
  int32_t computed = 0;              // tokens whose keys and values are in the cache
  int32_t cached_tokens = 0;         // of the prompt, that were in the cache when it first ran
  std::vector<int32_t> blocks = {};  // KV block ids in sequence order

  int32_t num_tokens() const { return static_cast<int32_t>(tokens.size()); }
  int32_t num_generated() const { return num_tokens() - prompt_tokens; }
  int32_t num_pending() const { return num_tokens() - computed; }
  // Whether a single new row leads to the next token.
  bool decoding() const { return num_pending() == 1; }
};

}  // namespace retort
