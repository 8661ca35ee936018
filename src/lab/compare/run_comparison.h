// The measuring itself: starts one worker process per model and lets them take turns through cold
// starts, speed and accuracy. All stay loaded, and one computes at a time, in the order A B, B A,
// ...: a noisy minute hits all alike.
//
//   Comparison comparison = RunComparison(settings, {"a.gguf", "b.gguf"}, environment);
//
// In two steps, where the measurements are kept as they come or an earlier run goes on:
//
//   Comparison comparison = PrepareComparison(settings, paths, command);   // or a loaded one
//   MeasureComparison(comparison, {..., .recorder = &recorder});           // what is missing in it
//
// Answers depend on problem and seed alone, so those of a resumed run are those that it would have
// given without the interruption.
//
// A worker that dies ends its own model's measurements (ModelRun::failure); the others go on while
// at least two are left. Errors: kInvalidArgument (fewer than two files, one named twice, a
// parameter out of range), kNotFound, what a model says when it cannot be loaded, kCancelled on an
// interrupt. One thread, the one that lives longest (see base/process.h).
#pragma once

#include <string>
#include <vector>

#include "base/interrupt.h"
#include "lab/compare/comparison.h"
#include "runtime/kv_budget.h"

namespace retort {

// Where progress is shown.
class CompareProgress {
 public:
  virtual ~CompareProgress() = default;
  virtual void Begin(const std::string& phase, int64_t total, const std::string& unit) = 0;
  virtual void Update(int64_t done, const std::string& note) = 0;
};

// Where measurements are kept as they come.
class CompareRecorder {
 public:
  virtual ~CompareRecorder() = default;
  // After each change of comparison.models[model].
  virtual void Record(const Comparison& comparison, size_t model) = 0;
};

struct CompareEnvironment {
  // Put before the model's path and flags, e.g. {"/proc/self/exe", "worker"}.
  std::vector<std::string> worker_command;
  std::string command;                           // as typed, for the report
  CompareProgress* progress = nullptr;           // not owned
  CompareRecorder* recorder = nullptr;           // not owned
  const InterruptSignals* interrupts = nullptr;  // not owned; null: not interruptible
};

// Everything but the measurements. One file is enough here: its figures are for others to stand
// beside.
Comparison PrepareComparison(const CompareSettings& settings, const std::vector<std::string>& paths,
                             const std::string& command);

// What is missing in it.
void MeasureComparison(Comparison& comparison, const CompareEnvironment& environment);

// Both, for two files or more.
Comparison RunComparison(const CompareSettings& settings, const std::vector<std::string>& paths,
                         const CompareEnvironment& environment);

// The three prompts of the report that compares R1-Distill-Qwen-1.5B with Qwen-1.5B.
struct StandardPrompt {
  const char* id;
  const char* text;
};
const std::vector<StandardPrompt>& StandardPrompts();

// Short distinct names of model files: the file's stem, with its folder where stems repeat.
std::vector<std::string> ShortNames(const std::vector<std::string>& paths);

// As many as there are letters.
inline constexpr size_t kMostModels = 26;

// "A", "B", ...
std::string LetterOf(size_t model);

// KV cache that the settings need.
KvSize KvSizeFor(const CompareSettings& settings);

}  // namespace retort
