// Prompt and generation speed of one or more loaded models, measured in turns (A B A B), so that a
// noisy minute hits all of them, each beside the limit that the machine sets.
//
//   std::vector<BenchModel> models = {MakeBenchModel("a", *loaded)};
//   RunBenchmark(models, PlanTests(spec), spec, limits, {.on_result = Print});
//
// Repetitions of a test take turns over the models; the context they start from is computed once.
// Tests through the engine have one of their own for each repetition (served_driver.h), which goes
// by SteadyClock.
// Errors: those of StepDriver. kCancelled when hooks.cancelled says so. One thread; the models must
// not be used elsewhere meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "lab/bench/limits.h"
#include "lab/bench/plan.h"
#include "model/language_model.h"

namespace retort {

struct BenchModel {
  std::string name = {};
  LanguageModel* model = nullptr;  // not owned
  ModelWork work = {};
};

struct BenchResult {
  std::string model = {};
  std::string test = {};
  std::vector<double> tokens_per_s = {};  // one for each repetition, in the order measured
  // firstN: until the first token; stallN: the longest gap of the running stream. As many, or none.
  std::vector<double> wait_s = {};
  double limit_share = 0;  // of the median: 1 is the machine's limit
  bool limited_by_arithmetic = false;
};

struct BenchHooks {
  // What an earlier session measured of models and tests: such rounds are not repeated.
  std::vector<BenchResult> known = {};
  // After each repetition: the last of the result's speeds is new.
  std::function<void(size_t model, const BenchResult&)> on_measured = {};
  // After each measurement and preparation: how many of how many, and of what.
  std::function<void(int64_t done, int64_t total, std::string_view what)> on_progress = {};
  std::function<void(const BenchResult&)> on_result = {};  // one for each model and test
  std::function<bool()> cancelled = {};                    // asked between measurements
};

void RunBenchmark(const std::vector<BenchModel>& models, const std::vector<BenchTest>& tests,
                  const BenchSpec& spec, const MachineLimits& limits, const Clock& clock,
                  const BenchHooks& hooks);

}  // namespace retort
