// A benchmark measured with the run store beside it: kept as it comes, resumed after an
// interruption, printed.
//
//   RunNewBench(flags, store.get());
//   ResumeBench(flags, *store);        // flags.files names the run, or nothing: the last one
//
// Errors: those of RunBenchmark, MeasureStarts and RunStore; kCancelled on Ctrl-C and
// kInvalidArgument for a run that cannot be resumed, both saying what to do. One thread, the
// program's first.
#pragma once

#include <string>
#include <vector>

#include "lab/bench/plan.h"
#include "runtime/loaded_model.h"
#include "store/run_store.h"

namespace retort {

struct BenchFlags {
  std::vector<std::string> files;
  BenchSpec spec;
  LoadOptions load;
  bool json = false;
  bool markdown = false;
  bool no_start = false;
};

// `store` may be null.
void RunNewBench(const BenchFlags& flags, RunStore* store);

// With the settings that the run began with.
void ResumeBench(BenchFlags flags, RunStore& store);

}  // namespace retort
