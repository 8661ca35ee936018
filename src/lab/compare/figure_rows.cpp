// The rows of figures with an interval each: medians of samples and single readings.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "lab/compare/figure_rows.h"
#include "lab/compare/run_comparison.h"

namespace retort {
namespace {

// How far apart two single readings (memory) must lie to name a winner.
constexpr double kReadingMargin = 0.02;
// With fewer readings a bootstrap interval says nothing.
constexpr size_t kLeastSamples = 3;
constexpr uint64_t kBootstrapSeed = 20250120;

std::optional<Figure> MedianFigure(const Samples& samples) {
  if (samples.empty()) return std::nullopt;
  Figure figure{.value = Median(samples), .interval = {}, .n = static_cast<int>(samples.size())};
  if (samples.size() >= kLeastSamples)
    figure.interval = BootstrapMedian(samples, kBootstrapSeed).interval;
  return figure;
}

// The best figure's index if `beats(best, other)` for all others that have one, else -1.
int Winner(const FigureRow& row, const std::function<bool(size_t best, size_t other)>& beats) {
  if (row.better == Better::kNeither) return -1;
  int best = -1, present = 0;
  for (size_t i = 0; i < row.figures.size(); ++i) {
    if (!row.figures[i]) continue;
    ++present;
    if (best < 0) best = static_cast<int>(i);
    const double lead = row.figures[i]->value - row.figures[static_cast<size_t>(best)]->value;
    if (row.better == Better::kHigher ? lead > 0 : lead < 0) best = static_cast<int>(i);
  }
  if (present < 2) return -1;
  for (size_t i = 0; i < row.figures.size(); ++i) {
    if (row.figures[i] && static_cast<int>(i) != best && !beats(static_cast<size_t>(best), i))
      return -1;
  }
  return best;
}

FigureRow SampledRow(std::string id, std::string label, std::string unit, Better better,
                     const std::vector<Samples>& samples) {
  FigureRow row{std::move(id), std::move(label), std::move(unit), better, {}, -1};
  for (const Samples& values : samples) row.figures.push_back(MedianFigure(values));
  row.winner = Winner(row, [&](size_t best, size_t other) {
    return Differs(RatioOf(samples[best], samples[other]));
  });
  return row;
}

FigureRow ReadingRow(std::string id, std::string label, std::string unit, Better better,
                     const std::vector<std::optional<double>>& readings) {
  FigureRow row{std::move(id), std::move(label), std::move(unit), better, {}, -1};
  for (const auto& reading : readings) {
    row.figures.push_back(reading ? std::optional<Figure>({*reading, std::nullopt, 1})
                                  : std::nullopt);
  }
  row.winner = Winner(row, [&](size_t best, size_t other) {
    const double a = row.figures[best]->value, b = row.figures[other]->value;
    return std::abs(a - b) > kReadingMargin * std::max(a, b);
  });
  return row;
}

bool HasFigures(const FigureRow& row) {
  return std::any_of(row.figures.begin(), row.figures.end(),
                     [](const auto& figure) { return figure.has_value(); });
}

void Append(std::vector<FigureRow>& rows, FigureRow row) {
  if (HasFigures(row)) rows.push_back(std::move(row));
}

// The same samples of every model.
std::vector<Samples> Collect(const Comparison& comparison,
                             const std::function<Samples(const ModelRun&)>& of) {
  std::vector<Samples> all;
  for (const ModelRun& run : comparison.models) all.push_back(of(run));
  return all;
}

}  // namespace

Samples PositiveOf(const std::vector<SpeedTest>& tests, const std::string& id,
                   const std::function<double(const SpeedSample&)>& field) {
  Samples values;
  for (const SpeedTest& test : tests) {
    if (!id.empty() && test.id != id) continue;
    for (const SpeedSample& sample : test.samples) {
      if (field(sample) > 0) values.push_back(field(sample));
    }
  }
  return values;
}

double TokensPerSecond(const SpeedSample& sample) { return sample.tokens_per_s; }
double FirstTokenMs(const SpeedSample& sample) { return 1000 * sample.first_token_s; }

std::optional<Estimate> RatioOf(const Samples& first, const Samples& second) {
  if (first.size() < kLeastSamples || second.size() < kLeastSamples) return std::nullopt;
  return BootstrapMedianRatio(first, second, kBootstrapSeed);
}

bool Differs(const std::optional<Estimate>& ratio) {
  return ratio && (ratio->interval.low > 1 || ratio->interval.high < 1);
}

std::vector<FigureRow> SpeedRows(const Comparison& comparison) {
  std::vector<FigureRow> rows;
  const auto add = [&](const char* prefix, const std::string& id, std::string label,
                       const char* unit, Better better, bool of_lengths,
                       double (*field)(const SpeedSample&)) {
    const auto samples = Collect(comparison, [&](const ModelRun& run) {
      return PositiveOf(of_lengths ? run.lengths : run.prompts, id, field);
    });
    Append(rows, SampledRow(fmt::format("{}.{}", prefix, id.empty() ? "prompts" : id),
                            std::move(label), unit, better, samples));
  };
  const auto add_all = [&](const char* prefix, const std::string& name, const char* unit,
                           Better better, double (*field)(const SpeedSample&)) {
    add(prefix, "", name + ", three prompts", unit, better, false, field);
    for (const StandardPrompt& prompt : StandardPrompts())
      add(prefix, prompt.id, name + ", " + prompt.id, unit, better, false, field);
    for (const LengthTest& test : comparison.settings.lengths) {
      add(prefix, fmt::format("{}/{}", test.prompt_tokens, test.new_tokens),
          fmt::format("{}, {} in, {} out", name, test.prompt_tokens, test.new_tokens), unit, better,
          true, field);
    }
  };
  add_all("tokens_per_s", "speed", "tokens/s", Better::kHigher, TokensPerSecond);
  add_all("first_token", "first token", "ms", Better::kLower, FirstTokenMs);
  Append(rows,
         SampledRow("cold_start.warm", "cold start, file in memory", "s", Better::kLower,
                    Collect(comparison, [](const ModelRun& run) { return run.cold_starts.warm; })));
  Append(rows,
         SampledRow("cold_start.cold", "cold start, file on disk", "s", Better::kLower,
                    Collect(comparison, [](const ModelRun& run) { return run.cold_starts.cold; })));
  return rows;
}

std::vector<FigureRow> MemoryRows(const Comparison& comparison) {
  std::vector<FigureRow> rows;
  const auto add = [&](const char* id, std::string label, const char* unit, Better better,
                       const std::function<std::optional<double>(const ModelRun&)>& of) {
    std::vector<std::optional<double>> readings;
    for (const ModelRun& run : comparison.models) readings.push_back(of(run));
    Append(rows, ReadingRow(id, std::move(label), unit, better, readings));
  };
  const auto resident = [](int64_t MemoryUse::*field) {
    return [field](const ModelRun& run) -> std::optional<double> {
      if (!run.memory || (*run.memory).*field == 0) return std::nullopt;
      return static_cast<double>((*run.memory).*field) / 1e6;
    };
  };
  const auto accounted = [](int64_t ComparedModel::*field) {
    return [field](const ModelRun& run) -> std::optional<double> {
      if (!run.memory) return std::nullopt;
      return static_cast<double>(run.facts.*field) / 1e6;
    };
  };
  add("memory.after_load", "memory after load", "MB", Better::kLower,
      resident(&MemoryUse::after_load));
  add("memory.peak", "memory at peak, one at a time", "MB", Better::kLower,
      resident(&MemoryUse::peak_one));
  add("memory.peak_parallel",
      fmt::format("memory at peak, {} at once", comparison.settings.parallel), "MB", Better::kLower,
      resident(&MemoryUse::peak_parallel));
  add("memory.weights", "of which weights", "MB", Better::kNeither,
      accounted(&ComparedModel::weight_bytes));
  add("memory.kv", "KV cache, reserved", "MB", Better::kNeither,
      accounted(&ComparedModel::kv_bytes));
  add("memory.workspace", "work space", "MB", Better::kNeither,
      accounted(&ComparedModel::workspace_bytes));
  add("idle_cpu", "CPU when idle, of one core", "%", Better::kNeither,
      [](const ModelRun& run) { return run.idle_cpu_percent; });
  return rows;
}

std::vector<FigureRow> AnswerRows(const Comparison& comparison) {
  std::vector<FigureRow> rows;
  std::vector<Samples> tokens;
  std::vector<std::optional<double>> speeds;
  for (const ModelRun& run : comparison.models) {
    Samples lengths;
    for (const AnswerRecord& record : run.answers) lengths.push_back(record.new_tokens);
    const double total = std::accumulate(lengths.begin(), lengths.end(), 0.0);
    speeds.push_back(run.accuracy_seconds > 0 && total > 0
                         ? std::optional(total / run.accuracy_seconds)
                         : std::nullopt);
    tokens.push_back(std::move(lengths));
  }
  Append(rows, SampledRow("answer_tokens", "tokens per answer", "", Better::kNeither, tokens));
  Append(rows, ReadingRow("parallel_tokens_per_s",
                          fmt::format("speed, {} at once", comparison.settings.parallel),
                          "tokens/s", Better::kHigher, speeds));
  return rows;
}

}  // namespace retort
