// A comparison measured with the run store beside it: kept as it comes, resumed after an
// interruption.
//
//   Comparison comparison = MeasureNew(store.get(), settings, {"a.gguf", "b.gguf"});
//   Comparison comparison = ResumeRun(*store, FindResumable(*store, "k3", files), files, change);
//
// Errors: those of MeasureComparison and RunStore; kCancelled on Ctrl-C and kInvalidArgument for a
// run that cannot be resumed, both saying what to do. One thread, the program's first.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lab/compare/comparison.h"
#include "store/run_store.h"

namespace retort {

// `store` may be null. Where a run of the same models and settings was left unfinished, a terminal
// is asked whether to go on with it, and others are told how to.
Comparison MeasureNew(RunStore* store, const CompareSettings& settings,
                      const std::vector<std::string>& files);

// The run of this id, or the newest that was left unfinished where it is empty.
RunRow FindResumable(RunStore& store, const std::string& id);

// With `files` where they are given, else with those of the run; `settings` gives what is wanted,
// from what is stored.
Comparison ResumeRun(RunStore& store, const RunRow& run, const std::vector<std::string>& files,
                     const std::function<CompareSettings(const CompareSettings&)>& settings);

}  // namespace retort
