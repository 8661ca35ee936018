// The one process that writes a run, from its beginning or from where another left off. Each call
// is a transaction of its own: what has returned survives kill -9.
//
//   RunWriter writer = RunWriter::Begin(store, {.kind = "compare", ...}, models, problems, tests);
//   writer.AddTiming(/*model=*/0, {.test = "algebra", .round = 0, ...});
//   writer.End(RunState::kFinished);
//
//   RunWriter writer = RunWriter::Resume(store, store.Find("k3"));
//
// It holds the run's lock. Where it goes without End, the run counts as interrupted.
// Errors: as RunStore; kUnavailable for a run that another process works on. One thread; the store
// must outlive it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/run_lock.h"
#include "store/run_store.h"

namespace retort {

class RunWriter {
 public:
  // `run`: kind, started_at, version, command, settings, seed and machine; the rest is filled in.
  static RunWriter Begin(RunStore& store, RunRow run, const std::vector<RunModelRow>& models,
                         const std::vector<ProblemRow>& problems,
                         const std::vector<TestRow>& tests);
  static RunWriter Resume(RunStore& store, const RunRow& run, const std::string& now);

  const RunRow& run() const { return run_; }
  int session() const { return static_cast<int>(run_.sessions.size()) - 1; }

  // Several of the following as one transaction.
  void Together(const std::function<void()>& writes);
  void SetSeconds(double seconds);
  void SetModel(size_t model, const RunModelRow& row);
  void AddSample(size_t model, const SampleRow& sample);
  void AddTiming(size_t model, const TimingRow& timing);
  void AddStart(size_t model, const StartRow& start);
  void SetBenchResult(size_t model, const BenchResultRow& result);
  void SetSettings(const std::string& settings);
  // Nothing may be added after it.
  void End(RunState state, const std::string& now);
  // As if it had never begun.
  void Discard();

 private:
  RunWriter(RunStore& store, RunRow run);

  RunStore& store_;
  RunRow run_;
  std::unique_ptr<RunLock> lock_;
};

}  // namespace retort
