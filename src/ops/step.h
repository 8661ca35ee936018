// One step of computation over a ragged batch, as the operations see it: views of host integers.
//
// Symbols used in every shape comment of ops, model and engine:
//   T rows (tokens) of the step   S sequences in the step   R rows whose logits are wanted
//   D hidden size   H query heads   Hkv key/value heads   Dh head size   F feed-forward size
//   V vocabulary   B tokens per KV block
//
// Example: sequence 0 brings a chunk of 3 prompt tokens after 32 cached ones, sequence 1 decodes
// its 11th token; B = 16:
//   tokens      = [t0 t1 t2 | u]          positions = [32 33 34 | 10]
//   roles       = [P P P | G]             query_start = [0 3 4]
//   kv_len      = [35, 11]                block_table = [[7 2 9] [4 - -]], block_stride = 3
#pragma once

#include <cstdint>
#include <span>

namespace retort {

// How a row came to be: it alone may choose the arithmetic of the row (never its neighbours).
enum class RowRole : uint8_t {
  kPrompt,     // computed from given text, many at a time
  kGenerated,  // computed from a token that was just sampled
};

struct StepView {
  std::span<const int32_t> tokens;       // [T]
  std::span<const int32_t> positions;    // [T] place in the sequence, from 0
  std::span<const RowRole> roles;        // [T]
  std::span<const int32_t> query_start;  // [S+1] rows of sequence s: query_start[s] .. [s+1]-1
  std::span<const int32_t> kv_len;       // [S] tokens in the cache once this step's are stored
  std::span<const int32_t> block_table;  // [S, block_stride] KV block ids, in sequence order
  int32_t block_stride = 0;              // blocks per row of block_table

  int64_t num_rows() const { return static_cast<int64_t>(tokens.size()); }
  int64_t num_sequences() const { return static_cast<int64_t>(kv_len.size()); }
};

}  // namespace retort
