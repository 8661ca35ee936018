#include "cli/compare_run.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/interrupt.h"
#include "cli/compare_output.h"
#include "cli/confirm.h"
#include "cli/terminal.h"
#include "lab/compare/run_comparison.h"
#include "lab/runs/comparison_store.h"
#include "lab/runs/resume.h"

namespace retort {
namespace {

constexpr char kKind[] = "compare";

// One line rewritten in place on a terminal, else a line per phase.
class BarProgress : public CompareProgress {
 public:
  void Begin(const std::string& phase, int64_t total, const std::string& unit) override {
    bar_.reset();
    if (!IsTerminal(STDERR_FILENO))
      std::fprintf(stderr, "%s, %lld %s\n", phase.c_str(), static_cast<long long>(total),
                   unit.c_str());
    bar_.emplace(phase, total, unit);
    bar_->Update(0);
  }
  void Update(int64_t done, const std::string& note) override { bar_->Update(done, note); }
  void Finish() { bar_.reset(); }

 private:
  std::optional<ProgressBar> bar_;
};

std::string HowToResume(const std::string& id) {
  return fmt::format("retort compare --resume {}", id);
}

void Measure(Comparison& comparison, ComparisonRecorder* recorder) {
  const InterruptSignals interrupts;
  BarProgress progress;
  try {
    MeasureComparison(comparison, {.worker_command = {"/proc/self/exe", "worker"},
                                   .command = comparison.command,
                                   .progress = &progress,
                                   .recorder = recorder,
                                   .interrupts = &interrupts});
    if (recorder != nullptr) recorder->End(comparison);
  } catch (const Error& error) {
    progress.Finish();
    const bool kept = recorder != nullptr && recorder->KeepOrForget();
    const std::string next = kept ? fmt::format("; what was measured is kept, go on with: {}",
                                                HowToResume(comparison.id))
                                  : "";
    if (error.code() == ErrorCode::kCancelled)
      Fail(ErrorCode::kCancelled, "interrupted; the models are stopped and no report was written{}",
           next);
    throw Error(error.code(), error.what() + next);
  }
}

void Identify(RunStore& store, Comparison& comparison) {
  constexpr int64_t kMega = 1'000'000;
  ProgressBar bar("reading the models", 0, "MB");
  IdentifyModels(store, comparison, [&](int64_t done, int64_t total) {
    bar.SetTotal(total / kMega);
    bar.Update(done / kMega);
  });
}

bool IsUnfinished(const RunRow& run) {
  return run.state == RunState::kInterrupted || run.state == RunState::kFailed;
}

// An unfinished run that `fresh` would repeat.
std::optional<RunRow> FindSame(RunStore& store, const Comparison& fresh) {
  for (const RunSummary& summary : store.List({.kind = kKind, .last = 20})) {
    if (!IsUnfinished(summary.run)) continue;
    if (ReasonsNotToResume(LoadComparison(store, summary.run), fresh).empty()) return summary.run;
  }
  return std::nullopt;
}

Comparison GoOn(RunStore& store, const RunRow& run, const Comparison& fresh) {
  Comparison comparison = LoadComparison(store, run);
  Continue(comparison, fresh);
  ComparisonRecorder recorder = ComparisonRecorder::Resume(store, run, comparison);
  Measure(comparison, &recorder);
  return comparison;
}

// As typed then, or where the file was seen last.
std::vector<std::string> FilesOf(RunStore& store, const RunRow& run) {
  std::vector<std::string> files;
  for (const RunModelRow& model : store.Models(run.number))
    files.push_back(std::filesystem::exists(model.path) ? model.path : model.model.path);
  return files;
}

}  // namespace

Comparison MeasureNew(RunStore* store, const CompareSettings& settings,
                      const std::vector<std::string>& files) {
  Comparison fresh = PrepareComparison(settings, files, CommandLine());
  if (store == nullptr) {
    Measure(fresh, nullptr);
    return fresh;
  }
  Identify(*store, fresh);
  if (const std::optional<RunRow> same = FindSame(*store, fresh)) {
    const std::string what = fmt::format("Run {} of the same models and settings was left at {}.",
                                         same->id, ProgressText(LoadComparison(*store, *same)));
    if (CanAsk() && Confirm(what + " Go on with it?", true)) return GoOn(*store, *same, fresh);
    std::fprintf(stderr, "%s To go on with it: %s\n", what.c_str(), HowToResume(same->id).c_str());
  }
  ComparisonRecorder recorder = ComparisonRecorder::Begin(*store, fresh);
  Measure(fresh, &recorder);
  return fresh;
}

RunRow FindResumable(RunStore& store, const std::string& id) {
  if (id.empty()) {
    for (const RunSummary& summary : store.List({.kind = kKind})) {
      if (IsUnfinished(summary.run)) return summary.run;
    }
    Fail(ErrorCode::kNotFound, "no comparison in {} was left unfinished; see retort runs list",
         store.path());
  }
  const RunRow run = store.Find(id);
  if (run.state == RunState::kFinished)
    Fail(ErrorCode::kInvalidArgument, "run {} is finished; see it with: retort runs show {}",
         run.id, run.id);
  if (run.state == RunState::kRunning)
    Fail(ErrorCode::kUnavailable, "run {} is being measured by another process; wait until it ends",
         run.id);
  return run;
}

Comparison ResumeRun(RunStore& store, const RunRow& run, const std::vector<std::string>& files,
                     const std::function<CompareSettings(const CompareSettings&)>& settings) {
  const Comparison stored = LoadComparison(store, run);
  Comparison fresh = PrepareComparison(settings(stored.settings),
                                       files.empty() ? FilesOf(store, run) : files, stored.command);
  Identify(store, fresh);
  if (const auto reasons = ReasonsNotToResume(stored, fresh); !reasons.empty())
    Fail(
        ErrorCode::kInvalidArgument,
        "run {} cannot be resumed: {}; start anew without --resume, or remove it with: retort runs "
        "rm {}",
        run.id, fmt::join(reasons, "; "), run.id);
  std::fprintf(stderr, "Going on with run %s at %s.\n", run.id.c_str(),
               ProgressText(stored).c_str());
  return GoOn(store, run, fresh);
}

}  // namespace retort
