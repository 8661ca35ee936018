// What a model will take of memory, from its file's description alone: nothing is loaded.
//
//   const MemoryNeed need = EstimateMemory(*OpenCheckpoint("r1.gguf"), options, memory_bytes);
//   need.kept_bytes();      // what cannot be taken back: packed copies, work space, cache
//   need.total_bytes();     // with the weights that are read from the file's own pages
//
// Of the backend cpu, as LoadModel would make it with the same options. Weights and work space are
// exact; a cache that is asked for is counted as asked for, also where loading would refuse it.
// Errors: those of the architecture's parser; kInvalidArgument for a level that the processor
// lacks. Stateless and thread-safe.
#pragma once

#include <cstdint>

#include "checkpoint/checkpoint.h"
#include "runtime/loaded_model.h"

namespace retort {

struct MemoryNeed {
  int64_t packed_bytes = 0;     // weights in the order of the kernels, and vectors
  int64_t mapped_bytes = 0;     // weights that products read where they lie in the file
  int64_t workspace_bytes = 0;  // activations and logits of the largest step
  int64_t kv_bytes_per_token = 0;
  int64_t kv_tokens = 0;

  int64_t weight_bytes() const { return packed_bytes + mapped_bytes; }
  int64_t kv_bytes() const { return kv_bytes_per_token * kv_tokens; }
  int64_t kept_bytes() const { return packed_bytes + workspace_bytes + kv_bytes(); }
  int64_t total_bytes() const { return kept_bytes() + mapped_bytes; }
};

// `memory_bytes`: of the machine, for the size of a cache that is not asked for.
MemoryNeed EstimateMemory(const Checkpoint& checkpoint, const LoadOptions& options,
                          int64_t memory_bytes);

// The tokens that the cache will hold: as asked for, else as kv_budget.h chooses; whole blocks.
int64_t ExpectedKvTokens(const ModelConfig& config, const LoadOptions& options,
                         int64_t memory_bytes);

}  // namespace retort
