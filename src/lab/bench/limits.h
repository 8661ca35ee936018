// The least time that a test can take on this machine: the bytes that it must read over the memory
// bandwidth, or the operations of its matrix products over the peak arithmetic, whichever is more.
//
//   const ModelWork work = DescribeWork(*model);
//   const TimeFloor floor = FloorOf(test, work, limits);
//   floor.seconds / measured_seconds     // the share of the limit that was reached
//
// Attention's own arithmetic and the activations are left out: the floor is a lower bound.
// Errors: those of OpenCheckpoint. Stateless and thread-safe.
#pragma once

#include <cstdint>

#include "lab/bench/plan.h"
#include "runtime/loaded_model.h"

namespace retort {

struct MachineLimits {
  double read_bytes_per_s = 0;
  double flops_per_s = 0;         // of the unit that multiplies generated rows
  double prompt_flops_per_s = 0;  // of the one that multiplies prompt rows
};

// What a step of a model costs at least.
struct ModelWork {
  int64_t layer_params = 0;        // weights that every row is multiplied with
  int64_t head_params = 0;         // those of the output head: rows whose logits are wanted
  int64_t weight_bytes = 0;        // read once by a step
  int64_t kv_bytes_per_token = 0;  // of context, read by each generated token
};

ModelWork DescribeWork(LoadedModel& model);

struct TimeFloor {
  double seconds = 0;
  bool arithmetic = false;  // which of the two limits it is
};

// Chunks of a prompt read the weights once each; `max_rows` says how long they are. Clients do
// both, their prompts and then their tokens; a running stream that a prompt might stall is left
// out.
TimeFloor FloorOf(const BenchTest& test, const ModelWork& work, const MachineLimits& limits,
                  int32_t max_rows);

}  // namespace retort
