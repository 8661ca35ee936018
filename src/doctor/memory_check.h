// Whether a model fits into memory, and if not, the smallest change that makes it fit: a smaller
// cache, values of it in 8 bits, a smaller file of the same model, a smaller model; in this order.
//
//   CheckMemory({.need = EstimateMemory(...), .free = ReadFreeMemory(files), ...});
//
// Packed weights, cache and work space cannot be taken back by the kernel: where they do not fit
// the process is killed. Weights that are read from the file's pages can: where they do not fit,
// each token waits for the disk. Errors: none. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "doctor/alternatives.h"
#include "doctor/findings.h"
#include "doctor/free_memory.h"
#include "runtime/memory_need.h"

namespace retort::doctor {

struct MemoryFacts {
  MemoryNeed need = {};
  FreeMemory free = {};
  bool estimated = false;       // from the catalogue: the file is not here
  int64_t least_tokens = 2048;  // a cache of fewer does not hold one answer
  // With --kv-type f16-q8_0; 0: it is so already, or the model's heads do not allow it.
  int64_t kv_bytes_per_token_q8_values = 0;
  std::vector<Alternative> files = {};   // of the same model
  std::vector<Alternative> models = {};  // smaller ones
};

// One finding.
Findings CheckMemory(const MemoryFacts& facts);

}  // namespace retort::doctor
