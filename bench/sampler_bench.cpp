// What choosing one token costs, on a vocabulary of 151,936 (Qwen2.5): microseconds a token.
//
//   sampler_bench --benchmark_repetitions=9 --benchmark_report_aggregates_only
//
// Logits as models give them: a bell of unlikely tokens, and a head of likely ones above it. Rows
// take turns, so that a row is not in the nearest cache, as after a model's step.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "base/rng.h"
#include "engine/logprobs.h"
#include "engine/sampler.h"

namespace retort {
namespace {

constexpr size_t kVocabulary = 151'936;
constexpr size_t kRows = 4;

struct Shape {
  double spread = 0;  // of the bell, in logits
  double top = 0;     // the greatest logit above the bell's middle
  double step = 0;    // how much less likely the next of the head is; of 64
};

// The token is all but certain; a choice among some; a first word.
constexpr Shape kPeaked = {.spread = 2.5, .top = 26, .step = 5};
constexpr Shape kMedium = {.spread = 2.5, .top = 20, .step = 0.7};
constexpr Shape kFlat = {.spread = 1.9, .top = 9.5, .step = 0.1};
// Nothing is known: ever more of the vocabulary is kept.
constexpr Shape kFlatter = {.spread = 1.2, .top = 6, .step = 0.1};
constexpr Shape kNearlyUniform = {.spread = 0.1};
constexpr Shape kUniform = {};
// The least flat that FlatTopP gets, the flattest that it does not, or nearly so.
constexpr Shape kBorder = {.spread = 2.5, .top = 17.5, .step = 0.7};
constexpr Shape kBeforeBorder = {.spread = 2.5, .top = 18.5, .step = 0.7};

std::vector<float> MakeLogits(const Shape& shape, uint64_t seed) {
  Rng rng(seed);
  std::vector<float> logits(kVocabulary);
  for (float& logit : logits) {
    const double radius = std::sqrt(-2 * std::log(1 - rng.Uniform()));
    logit = static_cast<float>(shape.spread * radius * std::cos(6.283185307 * rng.Uniform()));
  }
  for (int i = 0; i < 64 && shape.top - i * shape.step > 0; ++i) {
    const auto token = static_cast<size_t>(rng.Int(0, std::ssize(logits) - 1));
    logits[token] = static_cast<float>(shape.top - i * shape.step);
  }
  return logits;
}

std::vector<std::vector<float>> MakeRows(const Shape& shape) {
  std::vector<std::vector<float>> rows;
  for (uint64_t seed = 0; seed < kRows; ++seed) rows.push_back(MakeLogits(shape, seed));
  return rows;
}

void Sample(benchmark::State& state, const Shape& shape, const SamplingParams& params) {
  const std::vector<std::vector<float>> rows = MakeRows(shape);
  Sampler sampler;
  uint64_t index = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(sampler.Sample(rows[index % kRows], params, {}, index));
    ++index;
  }
}

void Logprobs(benchmark::State& state, int32_t top) {
  const std::vector<std::vector<float>> rows = MakeRows(kMedium);
  size_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ComputeLogprobs(rows[index++ % kRows], 7, top));
}

constexpr auto kUnit = benchmark::kMicrosecond;
const SamplingParams kReasoning = {.temperature = 0.6, .top_p = 0.95};  // as R1's authors advise

BENCHMARK_CAPTURE(Sample, top_p_peaked, kPeaked, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_p_medium, kMedium, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_p_flat, kFlat, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_p_before_border, kBeforeBorder, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_p_border, kBorder, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_p_flatter, kFlatter, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_p_nearly_uniform, kNearlyUniform, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_p_uniform, kUniform, kReasoning)->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_half_flat, kFlat, {.temperature = 0.6, .top_p = 0.5})->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, temperature_medium, kMedium, {.temperature = 1})->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, top_k_medium, kMedium, {.temperature = 1, .top_k = 40})->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, min_p_flat, kFlat, {.temperature = 1, .min_p = 0.05})->Unit(kUnit);
BENCHMARK_CAPTURE(Sample, greedy_medium, kMedium, SamplingParams{})->Unit(kUnit);
BENCHMARK_CAPTURE(Logprobs, chosen, 0)->Unit(kUnit);
BENCHMARK_CAPTURE(Logprobs, top_20, 20)->Unit(kUnit);

}  // namespace
}  // namespace retort

BENCHMARK_MAIN();
