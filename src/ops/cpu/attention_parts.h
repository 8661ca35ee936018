// How the attention of a step is cut into pieces for the kernel, which knows neither blocks nor
// sequences but pointers to queries, keys and values.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/backend.h"
#include "ops/cpu/kernels.h"

namespace retort::cpu {

// Queries of one sequence that share a key/value head. The sequence's queries of that head are
// numbered row by row: query i is row i / G of the sequence, head i % G of the group.
struct AttentionChunk {
  size_t sequence = 0;
  int64_t kv_head = 0;
  int64_t begin = 0, end = 0;  // queries
};

std::vector<AttentionChunk> CutAttention(const AttentionArgs& args);

// The pointers of one piece at a time; one for each thread.
class AttentionInputs {
 public:
  // Makes room for sequences of that many positions, so that Gather allocates nothing.
  void Reserve(int64_t positions);
  // The piece for the kernel; its arrays are valid until the next call.
  AttentionPart Gather(const AttentionArgs& args, const AttentionChunk& chunk, float* scratch);

 private:
  std::vector<const uint16_t*> keys_, values_;  // by position
  const float* q_[kMaxQueries];
  float* out_[kMaxQueries];
  int64_t length_[kMaxQueries];
};

}  // namespace retort::cpu
