// The worker processes of one comparison and whose turn it is. Used by the phases of a comparison
// (phases.h); see run_comparison.h for the promises.
//
//   Turns turns(comparison, environment);
//   turns.Begin("speed", 60, "answers");
//   turns.Take(round, [&](size_t model) { ... turns.worker(model).Chat(task); turns.Step(model);
//   });
//
// Errors: as run_comparison.h. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "lab/compare/run_comparison.h"
#include "lab/compare/worker_client.h"

namespace retort {

class Turns {
 public:
  Turns(Comparison& comparison, const CompareEnvironment& environment);

  // One turn of each model that still takes part, in an order that changes with `round`. A model
  // whose work fails is retired: its failure is noted and its worker ended.
  void Take(size_t round, const std::function<void(size_t model)>& work);
  bool EnoughLeft() const;  // to compare anything

  // A fresh process for the model; the caller owns it.
  std::unique_ptr<WorkerClient> Launch(size_t model, const KvSize& cache) const;
  // The process that stays loaded.
  void Keep(size_t model, std::unique_ptr<WorkerClient> worker);
  WorkerClient& worker(size_t model) { return *workers_[model]; }
  bool has_worker(size_t model) const { return workers_[model] != nullptr; }
  // Waits; kCancelled on an interrupt.
  void Sleep(double seconds) const;

  Comparison& comparison() { return comparison_; }
  const CompareSettings& settings() const { return comparison_.settings; }
  size_t count() const { return workers_.size(); }
  ModelRun& run(size_t model) { return comparison_.models[model]; }

  // `total`: how many measurements the phase will take; none is a phase that was measured before.
  void Begin(const std::string& phase, size_t total, const std::string& unit);
  // A measurement of the model was taken: shown as progress, and recorded.
  void Step(size_t model);
  // Something else about the model is known now.
  void Record(size_t model);

 private:
  Comparison& comparison_;
  const CompareEnvironment& environment_;
  std::vector<std::unique_ptr<WorkerClient>> workers_;
  int phase_ = 0;
  int64_t done_ = 0;
  SteadyClock clock_;
  double start_ = clock_.Seconds();
  double seconds_before_;  // of earlier sessions
};

}  // namespace retort
