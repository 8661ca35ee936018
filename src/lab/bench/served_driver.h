// Asks a model through the engine, as clients do: scheduling, sampling and the hand-over between
// threads are on the clock. Prompts are random tokens, answers sampled at temperature 0.6 and top-p
// 0.95 and never stopped.
//
//   ServedDriver driver(model, /*seed=*/1);
//   ServedFigures figures = driver.Measure({.kind = BenchKind::kServed, .sequences = 8,
//                                           .depth = 128, .tokens = 64});
//   8 * 64 / figures.seconds     // generated tokens/s from the first submission on
//
// Errors: kResourceExhausted when cache or context cannot hold the requests; kInternal with the
// model's words when a step fails. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>

#include "base/rng.h"
#include "engine/engine.h"
#include "lab/bench/plan.h"
#include "model/language_model.h"

namespace retort {

struct ServedFigures {
  double seconds = 0;
  std::optional<double> wait_s = std::nullopt;  // BenchResult::wait_s
};

class ServedDriver {
 public:
  // The model must outlive the driver.
  ServedDriver(LanguageModel& model, uint64_t seed) : model_(model), rng_(seed) {}

  // Throws unless the test's requests have room.
  void CheckFits(const BenchTest& test) const;
  // In an engine of its own.
  ServedFigures Measure(const BenchTest& test);

 private:
  Request MakeRequest(int32_t prompt, int32_t tokens);
  ServedFigures MeasureClients(Engine& engine, const BenchTest& test);
  ServedFigures MeasureFirstToken(Engine& engine, const BenchTest& test);
  ServedFigures MeasureStall(Engine& engine, const BenchTest& test);

  LanguageModel& model_;
  Rng rng_;
};

}  // namespace retort
