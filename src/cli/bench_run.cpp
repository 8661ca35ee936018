#include "cli/bench_run.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/machine.h"
#include "base/thread_pool.h"
#include "checkpoint/checkpoint.h"
#include "cli/bench_output.h"
#include "cli/compare_output.h"
#include "cli/terminal.h"
#include "lab/bench/benchmark.h"
#include "lab/bench/report.h"
#include "lab/bench/start.h"
#include "lab/compare/run_comparison.h"
#include "lab/runs/bench_store.h"
#include "lab/runs/model_identity.h"
#include "ops/cpu/peak.h"

namespace retort {
namespace {

// The arguments of a child that loads `file` as this process will, and shows its first token.
std::vector<std::string> ChildArguments(const BenchFlags& flags, const std::string& file) {
  std::vector<std::string> argv = {"/proc/self/exe", "bench", "--first-token"};
  argv.insert(argv.end(), {"--backend", flags.load.backend});
  argv.insert(argv.end(), {"--threads", std::to_string(flags.load.num_threads)});
  const bool by_memory = flags.load.kv_bytes > 0;
  argv.push_back(by_memory ? "--kv-memory" : "--kv-tokens");
  argv.push_back(std::to_string(by_memory ? flags.load.kv_bytes : flags.load.kv_tokens));
  if (!flags.load.cpu_level.empty()) {
    argv.insert(argv.end(), {"--cpu-level", flags.load.cpu_level});
  }
  if (!flags.load.kv_type.empty()) argv.insert(argv.end(), {"--kv-type", flags.load.kv_type});
  argv.insert(argv.end(), {"--", file});
  return argv;
}

class BenchCommand {
 public:
  // `store` may be null.
  BenchCommand(BenchFlags flags, RunStore* store)
      : flags_(std::move(flags)),
        store_(store),
        tests_(PlanTests(flags_.spec)),
        names_(ShortNames(flags_.files)) {
    for (const std::string& file : flags_.files) OpenCheckpoint(file);  // bad files are said first
    report_.machine = DescribeMachine();
    report_.threads = flags_.load.num_threads > 0 ? flags_.load.num_threads : UsableCores();
    for (size_t i = 0; i < flags_.files.size(); ++i)
      report_.subjects.push_back({.model = names_[i], .path = flags_.files[i], .start = {}});
    if (store_ != nullptr) Identify();
  }

  void Begin() {
    if (store_ == nullptr) return;
    recorder_.emplace(
        BenchRecorder::Begin(*store_, report_, Settings(), models_, tests_, CommandLine()));
  }

  // Takes over what was measured of the run.
  void Resume(const RunRow& run) {
    const auto reasons = ReasonsNotToResume(*store_, run, report_.machine, Settings(), models_);
    if (!reasons.empty())
      Fail(ErrorCode::kInvalidArgument, "run {} cannot be resumed: {}; start anew without --resume",
           run.id, fmt::join(reasons, "; "));
    const BenchReport stored = LoadBench(*store_, run);
    report_.limits = stored.limits;
    for (size_t i = 0; i < report_.subjects.size(); ++i)
      report_.subjects[i].start = stored.subjects[i].start;
    known_ = stored.results;
    recorder_.emplace(BenchRecorder::Resume(*store_, run, report_));
  }

  void Run() {
    try {
      MeasureStartsAndLimits();
      Measure();
      if (recorder_) recorder_->End(clock_.Seconds() - start_);
    } catch (const Error& error) {
      const bool kept = recorder_ && recorder_->KeepOrForget(clock_.Seconds() - start_);
      // What there is is worth having.
      if (error.code() == ErrorCode::kCancelled && !flags_.json && !report_.results.empty())
        PrintBenchTables(report_, Form());
      if (!kept) throw;
      throw Error(error.code(), fmt::format("{}; what was measured is kept, go on with: retort "
                                            "bench --resume {}",
                                            error.what(), recorder_->id()));
    }
    if (!flags_.json) PrintBenchTables(report_, Form());
  }

 private:
  BenchSettings Settings() const {
    return {.spec = flags_.spec, .load = flags_.load, .starts = !flags_.no_start};
  }

  TableForm Form() const { return flags_.markdown ? TableForm::kMarkdown : TableForm::kAligned; }

  void Identify() {
    constexpr int64_t kMega = 1'000'000;
    ProgressBar bar("reading the models", 0, "MB");
    for (const std::string& file : flags_.files) {
      models_.push_back(IdentifyModel(*store_, file, [&](int64_t done, int64_t total) {
        bar.SetTotal(total / kMega);
        bar.Update(done / kMega);
      }));
    }
  }

  // Starts first: the children should not share the machine's memory with loaded models.
  void MeasureStartsAndLimits() {
    for (size_t i = 0; i < flags_.files.size(); ++i) {
      StartFigures& start = report_.subjects[i].start;
      if (flags_.no_start || !start.seconds.empty()) continue;
      ProgressBar bar("cold start " + names_[i], 0, "starts");
      bar.Update(0);
      start = MeasureStarts(ChildArguments(flags_, flags_.files[i]), flags_.spec.repeat, clock_,
                            interrupts_.fd());
      if (recorder_) recorder_->AddStarts(i, start);
    }
    if (report_.limits.read_bytes_per_s > 0) return;
    const MachinePeak peak = MeasurePeak(report_.threads, flags_.load.cpu_level);
    report_.limits = {.read_bytes_per_s = peak.read_bytes_per_s,
                      .flops_per_s = peak.flops_per_s,
                      .prompt_flops_per_s = peak.prompt_flops_per_s};
  }

  void Measure() {
    LoadOptions options = flags_.load;
    if (options.kv_tokens == 0 && options.kv_bytes == 0)
      options.kv_tokens = CacheTokens(tests_, kLargestBlock);
    std::vector<std::unique_ptr<LoadedModel>> loaded;
    std::vector<BenchModel> models;
    for (size_t i = 0; i < flags_.files.size(); ++i) {
      loaded.push_back(LoadModel(flags_.files[i], options));
      models.push_back({.name = names_[i],
                        .model = &loaded.back()->language_model(),
                        .work = DescribeWork(*loaded.back())});
    }
    report_.backend = loaded.front()->backend().description();
    if (recorder_) recorder_->SetMachineLimits(report_);
    ProgressBar bar("bench", 0, "measurements");
    const BenchHooks hooks = {.known = known_,
                              .on_measured =
                                  [&](size_t model, const BenchResult& result) {
                                    if (recorder_) recorder_->AddSpeed(model, result);
                                  },
                              .on_progress =
                                  [&](int64_t done, int64_t total, std::string_view what) {
                                    bar.SetTotal(total);
                                    bar.Update(done, what);
                                  },
                              .on_result = [&](const BenchResult& result) { Collect(result, bar); },
                              .cancelled = [&] { return interrupts_.Wait(0); }};
    RunBenchmark(models, tests_, flags_.spec, report_.limits, clock_, hooks);
  }

  void Collect(const BenchResult& result, ProgressBar& bar) {
    report_.results.push_back(result);
    const auto model = std::find(names_.begin(), names_.end(), result.model) - names_.begin();
    if (recorder_) recorder_->AddResult(static_cast<size_t>(model), result);
    if (!flags_.json) return;
    bar.Finish();
    PrintBenchLine(report_, result);
  }

  // Room for a cache whatever size its blocks have.
  static constexpr int32_t kLargestBlock = 256;

  const BenchFlags flags_;
  RunStore* const store_;
  std::vector<BenchTest> tests_;
  std::vector<std::string> names_;
  std::vector<ModelRow> models_;  // as the store knows them
  InterruptSignals interrupts_;
  SteadyClock clock_;
  const double start_ = clock_.Seconds();
  BenchReport report_;
  std::vector<BenchResult> known_;
  std::optional<BenchRecorder> recorder_;
};

// The run named, or the last that was left unfinished.
RunRow FindResumable(const BenchFlags& flags, RunStore& store) {
  if (flags.files.size() > 1)
    Fail(ErrorCode::kInvalidArgument, "--resume takes one run, got {}", flags.files.size());
  if (!flags.files.empty()) {
    const RunRow run = store.Find(flags.files.front());
    if (run.state == RunState::kFinished)
      Fail(ErrorCode::kInvalidArgument, "run {} is finished; see it with: retort runs show {}",
           run.id, run.id);
    return run;
  }
  for (const RunSummary& summary : store.List({.kind = kBenchKind})) {
    if (summary.run.state == RunState::kInterrupted) return summary.run;
  }
  Fail(ErrorCode::kNotFound, "no benchmark in {} was left unfinished; see retort runs list",
       store.path());
}

}  // namespace

void RunNewBench(const BenchFlags& flags, RunStore* store) {
  BenchCommand command(flags, store);
  command.Begin();
  command.Run();
}

void ResumeBench(BenchFlags flags, RunStore& store) {
  const RunRow run = FindResumable(flags, store);
  const BenchSettings settings = LoadBenchSettings(run);
  const std::string &level = flags.load.cpu_level, &measured = settings.load.cpu_level;
  if (!level.empty() && level != measured) {
    Fail(ErrorCode::kInvalidArgument,
         "run {} was measured with the instruction set {}, not {}; leave out --cpu-level and "
         "RETORT_CPU_LEVEL to go on with it",
         run.id, measured.empty() ? "that the program chose" : measured, level);
  }
  flags.spec = settings.spec;
  flags.load = settings.load;
  flags.no_start = !settings.starts;
  flags.files.clear();
  for (const RunModelRow& model : store.Models(run.number))
    flags.files.push_back(std::filesystem::exists(model.path) ? model.path : model.model.path);
  BenchCommand command(std::move(flags), &store);
  command.Resume(run);
  command.Run();
}

}  // namespace retort
