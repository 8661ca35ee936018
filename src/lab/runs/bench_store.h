// Benchmarks in the run store: each repetition as it is measured, and the report read back equal.
//
//   BenchRecorder recorder = BenchRecorder::Begin(store, report, settings, tests, command);
//   recorder.AddStarts(0, report.subjects[0].start);
//   recorder.SetMachineLimits(report);
//   RunBenchmark(models, tests, spec, limits, clock, {.on_measured = recorder.AddSpeed, ...});
//   recorder.End(seconds);
//
//   BenchReport report = LoadBench(store, store.Find("k3"));
//
// The machine's limits and the starts are measured once, in the first session. Errors: those of
// RunStore; kInvalidArgument for a run of another kind, kCorrupt for settings that cannot be read.
// One thread; the store must outlive the recorder.
#pragma once

#include <string>
#include <vector>

#include "lab/bench/report.h"
#include "runtime/loaded_model.h"
#include "store/run_writer.h"

namespace retort {

inline constexpr const char* kBenchKind = "bench";

// What a benchmark was asked for.
struct BenchSettings {
  BenchSpec spec = {};
  LoadOptions load = {};
  bool starts = true;
};

class BenchRecorder {
 public:
  // A new run of the report's machine and subjects; `models` are these.
  static BenchRecorder Begin(RunStore& store, const BenchReport& report,
                             const BenchSettings& settings, const std::vector<ModelRow>& models,
                             const std::vector<BenchTest>& tests, const std::string& command);
  // The run that `report` was loaded from.
  static BenchRecorder Resume(RunStore& store, const RunRow& run, const BenchReport& report);

  const std::string& id() const { return writer_.run().id; }

  void AddStarts(size_t model, const StartFigures& start);
  void SetMachineLimits(const BenchReport& report);
  void AddSpeed(size_t model, const BenchResult& result);  // the last one
  void AddResult(size_t model, const BenchResult& result);
  // `seconds`: that this session worked.
  void End(double seconds);
  // After an error: as ComparisonRecorder.
  bool KeepOrForget(double seconds);

 private:
  BenchRecorder(RunWriter writer, const BenchReport& report);

  RunWriter writer_;
  std::vector<RunModelRow> models_;
  bool empty_ = true;
};

BenchReport LoadBench(RunStore& store, const RunRow& run);
BenchSettings LoadBenchSettings(const RunRow& run);

// One for each thing that differs; `models`: as they are now.
std::vector<std::string> ReasonsNotToResume(RunStore& store, const RunRow& run,
                                            const Machine& machine, const BenchSettings& settings,
                                            const std::vector<ModelRow>& models);

}  // namespace retort
