#include "lab/bench/benchmark.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/error.h"
#include "lab/bench/served_driver.h"
#include "lab/bench/step_driver.h"
#include "lab/statistics.h"

namespace retort {
namespace {

class Benchmark {
 public:
  Benchmark(const std::vector<BenchModel>& models, const BenchSpec& spec,
            const MachineLimits& limits, const Clock& clock, const BenchHooks& hooks)
      : models_(models), spec_(spec), limits_(limits), clock_(clock), hooks_(hooks) {
    for (const BenchModel& model : models_) {
      drivers_.emplace_back(*model.model, spec.seed);
      served_.emplace_back(*model.model, spec.seed);
    }
  }

  void Run(const std::vector<BenchTest>& tests) {
    for (const BenchTest& test : tests) {
      const auto results = Known(test);
      for (const BenchResult& result : results) total_ += Missing(result);
      if (!IsComplete(results)) total_ += std::ssize(models_);
    }
    // What cannot fit is said before anything is measured.
    for (size_t i = 0; i < models_.size(); ++i) {
      for (const BenchTest& test : tests) {
        if (test.through_engine()) {
          served_[i].CheckFits(test);
        } else {
          drivers_[i].Start(test.sequences, test.depth + test.tokens);
        }
      }
    }
    for (const BenchTest& test : tests) RunTest(test);
  }

 private:
  // One result for each model, with the speeds that are known.
  std::vector<BenchResult> Known(const BenchTest& test) const {
    std::vector<BenchResult> results;
    for (const BenchModel& model : models_) {
      BenchResult& result =
          results.emplace_back(BenchResult{.model = model.name, .test = test.name});
      for (const BenchResult& known : hooks_.known) {
        if (known.model != model.name || known.test != test.name) continue;
        result.tokens_per_s = known.tokens_per_s;
        result.wait_s = known.wait_s;
      }
    }
    return results;
  }

  int64_t Missing(const BenchResult& result) const {
    return std::max<int64_t>(0, spec_.repeat - std::ssize(result.tokens_per_s));
  }

  bool IsComplete(const std::vector<BenchResult>& results) const {
    return std::all_of(results.begin(), results.end(),
                       [&](const BenchResult& result) { return Missing(result) == 0; });
  }

  // The repetitions that are missing, the models in turns.
  void MeasureMissing(const BenchTest& test, std::vector<BenchResult>& results) {
    for (size_t i = 0; i < models_.size(); ++i) {
      Prepare(test, i);
      Advance(results[i]);
    }
    for (int32_t round = 0; round < spec_.repeat; ++round) {
      for (size_t i = 0; i < models_.size(); ++i) {
        if (std::ssize(results[i].tokens_per_s) > round) continue;
        const ServedFigures figures = Measure(test, i);
        results[i].tokens_per_s.push_back(static_cast<double>(test.timed_tokens()) /
                                          figures.seconds);
        if (figures.wait_s) results[i].wait_s.push_back(*figures.wait_s);
        if (hooks_.on_measured) hooks_.on_measured(i, results[i]);
        Advance(results[i]);
      }
    }
  }

  void RunTest(const BenchTest& test) {
    std::vector<BenchResult> results = Known(test);
    if (!IsComplete(results)) MeasureMissing(test, results);
    for (size_t i = 0; i < models_.size(); ++i) {
      const TimeFloor floor = FloorOf(test, models_[i].work, limits_, models_[i].model->max_rows());
      const double limit = static_cast<double>(test.timed_tokens()) / floor.seconds;
      results[i].limit_share = Median(results[i].tokens_per_s) / limit;
      results[i].limited_by_arithmetic = floor.arithmetic;
      if (hooks_.on_result) hooks_.on_result(results[i]);
    }
  }

  // The context that the test starts from, and one untimed step of its kind to warm up.
  void Prepare(const BenchTest& test, size_t model) {
    if (test.through_engine()) {
      served_[model].Measure(test);
      return;
    }
    StepDriver& driver = drivers_[model];
    driver.Start(test.sequences, test.depth + test.tokens);
    driver.Prompt(test.depth);
    if (test.kind == BenchKind::kPrompt) {
      driver.Prompt(test.tokens);
    } else {
      driver.Generate(1);
    }
  }

  ServedFigures Measure(const BenchTest& test, size_t model) {
    if (test.through_engine()) return served_[model].Measure(test);
    StepDriver& driver = drivers_[model];
    driver.Rewind(test.depth);
    const double start = clock_.Seconds();
    if (test.kind == BenchKind::kPrompt) {
      driver.Prompt(test.tokens);
    } else {
      driver.Generate(test.tokens);
    }
    return {.seconds = clock_.Seconds() - start};
  }

  void Advance(const BenchResult& result) {
    ++done_;
    if (hooks_.on_progress) hooks_.on_progress(done_, total_, result.test + " " + result.model);
    if (hooks_.cancelled && hooks_.cancelled()) {
      Fail(ErrorCode::kCancelled, "interrupted at {} of {}", result.test, result.model);
    }
  }

  const std::vector<BenchModel>& models_;
  const BenchSpec& spec_;
  const MachineLimits& limits_;
  const Clock& clock_;
  const BenchHooks& hooks_;
  std::vector<StepDriver> drivers_;  // one for each model
  std::vector<ServedDriver> served_;
  int64_t done_ = 0, total_ = 0;
};

}  // namespace

void RunBenchmark(const std::vector<BenchModel>& models, const std::vector<BenchTest>& tests,
                  const BenchSpec& spec, const MachineLimits& limits, const Clock& clock,
                  const BenchHooks& hooks) {
  Benchmark(models, spec, limits, clock, hooks).Run(tests);
}

}  // namespace retort
