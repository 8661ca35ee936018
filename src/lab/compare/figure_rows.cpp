// The rows of figures with an interval each: medians of samples and single readings.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>

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
                     std::vector<Samples> samples) {
  FigureRow row;
  row.id = std::move(id);
  row.detail = row.label = std::move(label);
  row.unit = std::move(unit);
  row.better = better;
  for (const Samples& values : samples) row.figures.push_back(MedianFigure(values));
  row.winner = Winner(row, [&](size_t best, size_t other) {
    return Differs(RatioOf(samples[best], samples[other]));
  });
  row.samples = std::move(samples);
  return row;
}

FigureRow ReadingRow(std::string id, std::string label, std::string unit, Better better,
                     const std::vector<std::optional<double>>& readings) {
  FigureRow row;
  row.id = std::move(id);
  row.detail = row.label = std::move(label);
  row.unit = std::move(unit);
  row.better = better;
  for (const auto& reading : readings) {
    row.figures.push_back(reading ? std::optional<Figure>({*reading, std::nullopt, 1})
                                  : std::nullopt);
    row.samples.push_back(reading ? Samples{*reading} : Samples{});
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

namespace {

// A function and not a table, so that each word stands beside its `say`.
std::string PromptWord(const std::string& id, const Wording& say) {
  if (id == "algebra") return say("algebra");
  if (id == "geometry") return say("geometry");
  return id == "word" ? say("word problems") : id;
}

// One kind of reading over all tests: the prompts together, each of them, each exact length.
void AppendTests(std::vector<FigureRow>& rows, const Comparison& comparison, const Wording& say,
                 const FigureRow& kind, double (*field)(const SpeedSample&)) {
  const auto add = [&](const std::string& id, const std::string& name, std::string detail,
                       std::vector<SpeedTest> ModelRun::*tests) {
    FigureRow row = SampledRow(kind.id + "." + name, kind.label + say(", ") + detail, kind.unit,
                               kind.better, Collect(comparison, [&](const ModelRun& run) {
                                 return PositiveOf(run.*tests, id, field);
                               }));
    row.detail = std::move(detail);
    Append(rows, std::move(row));
  };
  add("", "prompts", say("three prompts"), &ModelRun::prompts);
  for (const StandardPrompt& prompt : StandardPrompts())
    add(prompt.id, prompt.id, PromptWord(prompt.id, say), &ModelRun::prompts);
  for (const LengthTest& test : comparison.settings.lengths) {
    const std::string id = fmt::format("{}/{}", test.prompt_tokens, test.new_tokens);
    add(id, id, say("{} in, {} out", test.prompt_tokens, test.new_tokens), &ModelRun::lengths);
  }
}

FigureRow Kind(std::string id, std::string label, std::string unit, Better better) {
  FigureRow row;
  row.id = std::move(id);
  row.label = std::move(label);
  row.unit = std::move(unit);
  row.better = better;
  return row;
}

}  // namespace

std::vector<FigureRow> SpeedRows(const Comparison& comparison, const Wording& say) {
  std::vector<FigureRow> rows;
  AppendTests(rows, comparison, say,
              Kind("tokens_per_s", say("speed"), "tokens/s", Better::kHigher), TokensPerSecond);
  AppendTests(rows, comparison, say, Kind("first_token", say("first token"), "ms", Better::kLower),
              FirstTokenMs);
  const auto add_cold = [&](const char* id, std::string where,
                            std::vector<double> ColdStarts::*starts) {
    FigureRow row = SampledRow(
        id, say("cold start") + say(", ") + where, "s", Better::kLower,
        Collect(comparison, [&](const ModelRun& run) { return run.cold_starts.*starts; }));
    row.detail = std::move(where);
    Append(rows, std::move(row));
  };
  add_cold("cold_start.warm", say("file in memory"), &ColdStarts::warm);
  add_cold("cold_start.cold", say("file on disk"), &ColdStarts::cold);
  return rows;
}

std::vector<FigureRow> MemoryRows(const Comparison& comparison, const Wording& say) {
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
  add("memory.after_load", say("memory after load"), "MB", Better::kLower,
      resident(&MemoryUse::after_load));
  add("memory.peak", say("memory at peak, one at a time"), "MB", Better::kLower,
      resident(&MemoryUse::peak_one));
  add("memory.peak_parallel", say("memory at peak, {} at once", comparison.settings.parallel), "MB",
      Better::kLower, resident(&MemoryUse::peak_parallel));
  add("memory.weights", say("of which weights"), "MB", Better::kNeither,
      accounted(&ComparedModel::weight_bytes));
  add("memory.kv", say("KV cache, reserved"), "MB", Better::kNeither,
      accounted(&ComparedModel::kv_bytes));
  add("memory.workspace", say("work space"), "MB", Better::kNeither,
      accounted(&ComparedModel::workspace_bytes));
  add("idle_cpu", say("CPU when idle, of one core"), "%", Better::kNeither,
      [](const ModelRun& run) { return run.idle_cpu_percent; });
  return rows;
}

std::vector<FigureRow> AnswerRows(const Comparison& comparison, const Wording& say) {
  std::vector<FigureRow> rows;
  const auto tokens = [&](const std::function<bool(const AnswerRecord&)>& counts) {
    return Collect(comparison, [&](const ModelRun& run) {
      Samples lengths;
      for (const AnswerRecord& record : run.answers) {
        if (counts(record)) lengths.push_back(record.new_tokens);
      }
      return lengths;
    });
  };
  const auto is_right = [](const AnswerRecord& record) {
    return record.graded.verdict == Verdict::kCorrect;
  };
  const auto add_tokens = [&](const char* id, std::string label, std::vector<Samples> samples) {
    Append(rows,
           SampledRow(id, std::move(label), say("tokens"), Better::kNeither, std::move(samples)));
  };
  add_tokens("answer_tokens", say("tokens per answer"), tokens([](const auto&) { return true; }));
  add_tokens("answer_tokens.right", say("right answers"), tokens(is_right));
  add_tokens("answer_tokens.wrong", say("wrong answers"),
             tokens([&](const AnswerRecord& record) { return !is_right(record); }));
  Append(rows, SampledRow("answer_seconds", say("seconds per answer, estimated"), "s",
                          Better::kLower, Collect(comparison, AnswerSeconds)));
  std::vector<std::optional<double>> speeds;
  for (const ModelRun& run : comparison.models) {
    double total = 0;
    for (const AnswerRecord& record : run.answers) total += record.new_tokens;
    speeds.push_back(run.accuracy_seconds > 0 && total > 0
                         ? std::optional(total / run.accuracy_seconds)
                         : std::nullopt);
  }
  Append(rows,
         ReadingRow("parallel_tokens_per_s", say("speed, {} at once", comparison.settings.parallel),
                    "tokens/s", Better::kHigher, speeds));
  return rows;
}

Samples AnswerSeconds(const ModelRun& run) {
  const Samples first = PositiveOf(run.prompts, "", FirstTokenMs);
  const Samples speed = PositiveOf(run.prompts, "", TokensPerSecond);
  Samples seconds;
  if (first.empty() || speed.empty()) return seconds;
  const double wait = Median(first) / 1000, rate = Median(speed);
  for (const AnswerRecord& record : run.answers)
    seconds.push_back(wait + std::max(0, record.new_tokens - 1) / rate);
  return seconds;
}

}  // namespace retort
