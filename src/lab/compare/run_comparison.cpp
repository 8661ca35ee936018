#include "lab/compare/run_comparison.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/error.h"
#include "base/utc_time.h"
#include "base/version.h"
#include "checkpoint/model_name.h"
#include "lab/compare/phases.h"

namespace retort {
namespace {

constexpr int kPromptReserve = 384;  // tokens of the longest question with its template

int64_t LongestTest(const CompareSettings& settings) {
  int64_t longest = settings.speed_max_tokens + kPromptReserve;
  for (const LengthTest& test : settings.lengths)
    longest = std::max<int64_t>(longest, test.prompt_tokens + test.new_tokens);
  return longest;
}

void CheckSettings(const CompareSettings& settings) {
  const auto check = [](const char* flag, int64_t value, int64_t least, int64_t most) {
    if (value < least || value > most)
      Fail(ErrorCode::kInvalidArgument, "{} is {}; give {} to {}", flag, value, least, most);
  };
  check("--runs", settings.runs, 1, 1000);
  check("--samples", settings.samples, 0, 10000);
  check("--max-tokens", settings.max_tokens, 1, 32768);
  check("--parallel", settings.parallel, 1, 256);
  // What it leaves of max_tokens is the answer's.
  if (settings.think_budget)
    check("--think-budget", *settings.think_budget, 0, settings.max_tokens);
}

void CheckPaths(const std::vector<std::string>& paths) {
  if (paths.size() > kMostModels)
    Fail(ErrorCode::kInvalidArgument, "compare takes at most {} models, got {}", kMostModels,
         paths.size());
  std::map<std::string, std::string> seen;
  for (const std::string& path : paths) {
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    if (error) Fail(ErrorCode::kNotFound, "cannot open {}: no such file; check the path", path);
    if (WeightFilesOf(path).empty())
      Fail(ErrorCode::kInvalidArgument,
           "{} is a folder without .safetensors files; name a model's file or folder", path);
    const auto [at, is_new] = seen.emplace(real.string(), path);
    if (!is_new)
      Fail(ErrorCode::kInvalidArgument, "{} and {} are the same file; name two different models",
           at->second, path);
  }
}

// A process that took over after an interruption has seen less than the one before it.
void RecordPeaks(Turns& turns) {
  for (size_t model = 0; model < turns.count(); ++model) {
    if (!turns.has_worker(model) || !turns.run(model).memory) continue;
    int64_t& peak = turns.run(model).memory->peak_one;
    peak = std::max(peak, turns.worker(model).Usage().peak_resident_bytes);
    turns.Record(model);
  }
}

// A model of which nothing is measured yet.
ModelRun WithTests(const CompareSettings& settings) {
  ModelRun run;
  for (const StandardPrompt& prompt : StandardPrompts())
    run.prompts.push_back({.id = prompt.id, .prompt = prompt.text, .answer = "", .samples = {}});
  for (const LengthTest& test : settings.lengths) {
    run.lengths.push_back({.id = fmt::format("{}/{}", test.prompt_tokens, test.new_tokens),
                           .prompt = "",
                           .answer = "",
                           .samples = {}});
  }
  return run;
}

void Measure(Turns& turns) {
  MeasureColdStarts(turns);
  LoadAll(turns);
  MeasureIdle(turns);
  MeasurePrompts(turns);
  if (!turns.settings().lengths.empty() && turns.EnoughLeft()) MeasureLengths(turns);
  RecordPeaks(turns);
  if (turns.settings().samples > 0 && turns.EnoughLeft()) MeasureAccuracy(turns);
}

}  // namespace

CompareSettings QuickSettings() {
  CompareSettings settings;
  settings.quick = true;
  settings.runs = 3;
  settings.speed_max_tokens = 100;
  settings.lengths = {{128, 128}};
  settings.length_runs = 3;
  settings.cold_starts = 3;
  settings.idle_seconds = 1;
  settings.samples = 60;
  settings.max_tokens = 384;
  return settings;
}

const std::vector<StandardPrompt>& StandardPrompts() {
  static const std::vector<StandardPrompt> prompts = {
      {"algebra", "已知 x + 2y = 10,3x - y = 5,求 x 和 y 的值。"},
      {"geometry", "一个圆的半径是 5 厘米,求它的面积和周长。"},
      {"word",
       "小明有 60 元,科普书每本 15 元,文学书每本 10 元,他一共买了 5 本书,正好花完。"
       "两种书各买了几本?"}};
  return prompts;
}

std::vector<std::string> ShortNames(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    const std::string name = ModelNameOf(path);
    const auto same = std::count_if(paths.begin(), paths.end(), [&](const std::string& other) {
      return ModelNameOf(other) == name;
    });
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    names.push_back(same > 1 && !folder.empty() ? (folder.filename() / name).string() : name);
  }
  return names;
}

KvSize KvSizeFor(const CompareSettings& settings) {
  if (settings.kv_bytes > 0) return {.bytes = settings.kv_bytes};
  if (settings.kv_tokens > 0) return {.tokens = settings.kv_tokens};
  const int64_t accuracy =
      settings.samples == 0 ? 0
                            : int64_t{settings.parallel} * (settings.max_tokens + kPromptReserve);
  return {.tokens = std::max(accuracy, LongestTest(settings))};
}

std::string LetterOf(size_t model) { return {static_cast<char>('A' + model)}; }

Comparison PrepareComparison(const CompareSettings& settings, const std::vector<std::string>& paths,
                             const std::string& command) {
  CheckSettings(settings);
  CheckPaths(paths);
  Comparison comparison;
  comparison.version = kVersion;
  comparison.started_at = UtcNow();
  comparison.command = command;
  comparison.machine = DescribeMachine();
  comparison.settings = settings;
  if (settings.samples > 0) {
    ProblemSpec spec;
    spec.seed = settings.seed;
    spec.count = settings.samples;
    spec.languages = settings.languages;
    comparison.problems = GenerateProblems(spec);
  }
  const std::vector<std::string> names = ShortNames(paths);
  for (size_t i = 0; i < paths.size(); ++i) {
    ModelRun run = WithTests(settings);
    run.facts.letter = LetterOf(i);
    run.facts.name = names[i];
    run.facts.path = paths[i];
    comparison.models.push_back(std::move(run));
  }
  return comparison;
}

void MeasureComparison(Comparison& comparison, const CompareEnvironment& environment) {
  Turns turns(comparison, environment);
  Measure(turns);
}

Comparison RunComparison(const CompareSettings& settings, const std::vector<std::string>& paths,
                         const CompareEnvironment& environment) {
  if (paths.size() < 2)
    Fail(ErrorCode::kInvalidArgument,
         "compare needs at least two model files, got {}; try: retort compare A.gguf B.gguf",
         paths.size());
  Comparison comparison = PrepareComparison(settings, paths, environment.command);
  MeasureComparison(comparison, environment);
  return comparison;
}

}  // namespace retort
