// Comparisons in the run store: written as they are measured, and read back equal.
//
//   Comparison comparison = PrepareComparison(settings, paths, command);
//   IdentifyModels(store, comparison);
//   ComparisonRecorder recorder = ComparisonRecorder::Begin(store, comparison);
//   MeasureComparison(comparison, {..., .recorder = &recorder});
//   recorder.End(comparison);
//
//   Comparison back = LoadComparison(store, store.Find("k3"));   // the same JSON document
//
// Of a run that was stopped, LoadComparison gives what was measured until then. Errors: those of
// RunStore; kInvalidArgument for a run of another kind; kCorrupt for a row that cannot be. One
// thread; the store must outlive the recorder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lab/compare/run_comparison.h"
#include "store/run_writer.h"

namespace retort {

// Digest and quantisation of each model; `progress` as ModelDigest's, over one file after another.
void IdentifyModels(RunStore& store, Comparison& comparison,
                    const std::function<void(int64_t done, int64_t total)>& progress = {});

class ComparisonRecorder : public CompareRecorder {
 public:
  // A new run; sets the comparison's id.
  static ComparisonRecorder Begin(RunStore& store, Comparison& comparison);
  // The run that `comparison` was loaded from, and what has been added since.
  static ComparisonRecorder Resume(RunStore& store, const RunRow& run, Comparison& comparison);

  // What is new of this model.
  void Record(const Comparison& comparison, size_t model) override;
  void End(const Comparison& comparison);
  // After an error: a run that holds a measurement waits to be resumed (true), one without is
  // forgotten.
  bool KeepOrForget();

 private:
  // How much of a model the store has.
  struct Written {
    size_t warm = 0, cold = 0, answers = 0;
    std::map<std::string, size_t> timings;  // by test
  };

  ComparisonRecorder(RunWriter writer, size_t models);
  void AddStarts(const ModelRun& run, size_t model);
  void AddTimings(const std::vector<SpeedTest>& tests, size_t model);
  void AddAnswers(const ModelRun& run, size_t model);

  RunWriter writer_;
  std::vector<Written> written_;
  bool empty_ = true;
};

Comparison LoadComparison(RunStore& store, const RunRow& run);

}  // namespace retort
