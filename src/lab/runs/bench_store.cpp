#include "lab/runs/bench_store.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/utc_time.h"
#include "base/version.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kArithmetic[] = "arithmetic";
constexpr char kBandwidth[] = "bandwidth";

Json SettingsJson(const BenchSettings& settings) {
  const BenchSpec& spec = settings.spec;
  return {{"prompts", spec.prompts},
          {"generated", spec.generated},
          {"depths", spec.depths},
          {"batches", spec.batches},
          {"clients", spec.clients},
          {"repeat", spec.repeat},
          {"seed", spec.seed},
          {"backend", settings.load.backend},
          {"num_threads", settings.load.num_threads},
          {"cpu_level", settings.load.cpu_level},
          {"kv_type", settings.load.kv_type},
          {"kv_tokens", settings.load.kv_tokens},
          {"kv_bytes", settings.load.kv_bytes},
          {"starts", settings.starts}};
}

// What was found out about the machine stands beside what was asked for.
Json WithLimits(Json settings, const BenchReport& report) {
  settings["threads"] = report.threads;
  settings["read_bytes_per_s"] = report.limits.read_bytes_per_s;
  settings["flops_per_s"] = report.limits.flops_per_s;
  settings["prompt_flops_per_s"] = report.limits.prompt_flops_per_s;
  return settings;
}

Json ParseSettings(const RunRow& run) {
  Json json = Json::parse(run.settings, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    Fail(ErrorCode::kCorrupt, "the settings of run {} are no JSON object", run.id);
  return json;
}

template <typename T>
T Get(const RunRow& run, const Json& json, const char* name, const T& otherwise) {
  try {
    return json.value(name, otherwise);
  } catch (const Json::exception& error) {
    Fail(ErrorCode::kCorrupt, "the settings of run {} cannot be read: {}", run.id, error.what());
  }
}

void CheckKind(const RunRow& run) {
  if (run.kind != kBenchKind)
    Fail(ErrorCode::kInvalidArgument, "run {} is of retort {}, not of retort bench", run.id,
         run.kind);
}

StartFigures StartsFrom(RunStore& store, int64_t run, size_t index, const RunModelRow& row) {
  StartFigures start;
  for (const StartRow& each : store.Starts(run, index)) start.seconds.push_back(each.seconds);
  start.resident_bytes = row.memory_after_load.value_or(0);
  start.peak_resident_bytes = row.memory_peak_one.value_or(0);
  start.memory = {
      .weights = row.weight_bytes, .kv_cache = row.kv_bytes, .workspace = row.workspace_bytes};
  return start;
}

// In the order of RunBenchmark: tests, and of each the models.
std::vector<BenchResult> ResultsFrom(RunStore& store, int64_t run,
                                     const std::vector<RunModelRow>& models) {
  std::map<std::pair<std::string, size_t>, BenchResult> measured;
  for (size_t i = 0; i < models.size(); ++i) {
    for (const TimingRow& row : store.Timings(run, i)) {
      BenchResult& result = measured[{row.test, i}];
      result.model = models[i].name;
      result.test = row.test;
      result.tokens_per_s.push_back(row.tokens_per_s);
      if (row.wait_s) result.wait_s.push_back(*row.wait_s);
    }
    for (const BenchResultRow& row : store.BenchResults(run, i)) {
      BenchResult& result = measured[{row.test, i}];
      result.limit_share = row.limit_share;
      result.limited_by_arithmetic = row.limited_by == kArithmetic;
    }
  }
  std::vector<BenchResult> results;
  for (const TestRow& test : store.Tests(run)) {
    for (size_t i = 0; i < models.size(); ++i) {
      const auto found = measured.find({test.id, i});
      if (found != measured.end()) results.push_back(found->second);
    }
  }
  return results;
}

}  // namespace

BenchRecorder::BenchRecorder(RunWriter writer, const BenchReport& report)
    : writer_(std::move(writer)) {
  for (const BenchSubject& subject : report.subjects) {
    RunModelRow& row = models_.emplace_back();
    row.name = subject.model;
    row.path = subject.path;
    row.backend = report.backend;
  }
}

BenchRecorder BenchRecorder::Begin(RunStore& store, const BenchReport& report,
                                   const BenchSettings& settings,
                                   const std::vector<ModelRow>& models,
                                   const std::vector<BenchTest>& tests,
                                   const std::string& command) {
  RunRow run{.kind = kBenchKind,
             .started_at = UtcNow(),
             .version = kVersion,
             .command = command,
             .settings = SettingsJson(settings).dump(),
             .seed = settings.spec.seed,
             .machine = report.machine};
  std::vector<RunModelRow> rows;
  for (size_t i = 0; i < models.size(); ++i)
    rows.push_back(
        {.model = models[i], .name = report.subjects[i].model, .path = report.subjects[i].path});
  std::vector<TestRow> test_rows;
  for (const BenchTest& test : tests) test_rows.push_back({.id = test.name, .kind = kBenchKind});
  return {RunWriter::Begin(store, std::move(run), rows, {}, test_rows), report};
}

BenchRecorder BenchRecorder::Resume(RunStore& store, const RunRow& run, const BenchReport& report) {
  BenchRecorder recorder(RunWriter::Resume(store, run, UtcNow()), report);
  recorder.models_ = store.Models(run.number);
  recorder.empty_ = false;
  return recorder;
}

void BenchRecorder::AddStarts(size_t model, const StartFigures& start) {
  RunModelRow& row = models_[model];
  row.memory_after_load = start.resident_bytes;
  row.memory_peak_one = start.peak_resident_bytes;
  row.weight_bytes = start.memory.weights;
  row.kv_bytes = start.memory.kv_cache;
  row.workspace_bytes = start.memory.workspace;
  writer_.Together([&] {
    writer_.SetModel(model, row);
    for (size_t round = 0; round < start.seconds.size(); ++round)
      writer_.AddStart(
          model, {.warm = true, .round = static_cast<int>(round), .seconds = start.seconds[round]});
  });
  empty_ = false;
}

void BenchRecorder::SetMachineLimits(const BenchReport& report) {
  writer_.SetSettings(WithLimits(ParseSettings(writer_.run()), report).dump());
  for (size_t i = 0; i < models_.size(); ++i) {
    models_[i].backend = report.backend;
    writer_.SetModel(i, models_[i]);
  }
}

void BenchRecorder::AddSpeed(size_t model, const BenchResult& result) {
  TimingRow timing{.test = result.test,
                   .round = static_cast<int>(result.tokens_per_s.size()) - 1,
                   .tokens_per_s = result.tokens_per_s.back()};
  if (!result.wait_s.empty()) timing.wait_s = result.wait_s.back();
  writer_.AddTiming(model, timing);
  empty_ = false;
}

void BenchRecorder::AddResult(size_t model, const BenchResult& result) {
  writer_.SetBenchResult(model,
                         {.test = result.test,
                          .limit_share = result.limit_share,
                          .limited_by = result.limited_by_arithmetic ? kArithmetic : kBandwidth});
}

void BenchRecorder::End(double seconds) {
  writer_.SetSeconds(writer_.run().seconds + seconds);
  writer_.End(RunState::kFinished, UtcNow());
}

bool BenchRecorder::KeepOrForget(double seconds) {
  if (empty_)
    writer_.Discard();
  else
    writer_.SetSeconds(writer_.run().seconds + seconds);
  return !empty_;
}

BenchReport LoadBench(RunStore& store, const RunRow& run) {
  CheckKind(run);
  const Json settings = ParseSettings(run);
  const std::vector<RunModelRow> models = store.Models(run.number);
  BenchReport report;
  report.machine = run.machine;
  report.threads = Get(run, settings, "threads", 0);
  report.limits = {.read_bytes_per_s = Get(run, settings, "read_bytes_per_s", 0.0),
                   .flops_per_s = Get(run, settings, "flops_per_s", 0.0),
                   .prompt_flops_per_s = Get(run, settings, "prompt_flops_per_s", 0.0)};
  for (size_t i = 0; i < models.size(); ++i) {
    report.backend = models[i].backend;
    report.subjects.push_back({.model = models[i].name,
                               .path = models[i].path,
                               .start = StartsFrom(store, run.number, i, models[i])});
  }
  report.results = ResultsFrom(store, run.number, models);
  return report;
}

BenchSettings LoadBenchSettings(const RunRow& run) {
  CheckKind(run);
  const Json json = ParseSettings(run);
  BenchSettings settings;
  BenchSpec& spec = settings.spec;
  spec.prompts = Get(run, json, "prompts", spec.prompts);
  spec.generated = Get(run, json, "generated", spec.generated);
  spec.depths = Get(run, json, "depths", spec.depths);
  spec.batches = Get(run, json, "batches", spec.batches);
  spec.clients = Get(run, json, "clients", spec.clients);
  spec.repeat = Get(run, json, "repeat", spec.repeat);
  spec.seed = Get(run, json, "seed", spec.seed);
  settings.load.backend = Get(run, json, "backend", settings.load.backend);
  settings.load.num_threads = Get(run, json, "num_threads", settings.load.num_threads);
  settings.load.cpu_level = Get(run, json, "cpu_level", settings.load.cpu_level);
  settings.load.kv_type = Get(run, json, "kv_type", settings.load.kv_type);
  settings.load.kv_tokens = Get(run, json, "kv_tokens", settings.load.kv_tokens);
  settings.load.kv_bytes = Get(run, json, "kv_bytes", settings.load.kv_bytes);
  settings.starts = Get(run, json, "starts", true);
  return settings;
}

std::vector<std::string> ReasonsNotToResume(RunStore& store, const RunRow& run,
                                            const Machine& machine, const BenchSettings& settings,
                                            const std::vector<ModelRow>& models) {
  std::vector<std::string> reasons;
  if (run.version != kVersion)
    reasons.push_back(fmt::format("Retort {} measured there, this is {}", run.version, kVersion));
  if (const std::string other = MachineDifference(run.machine, machine); !other.empty())
    reasons.push_back("another machine: " + other);
  const Json there = ParseSettings(run), here = SettingsJson(settings);
  for (const auto& [name, value] : here.items()) {
    if (const Json stored = there.value(name, Json()); stored != value)
      reasons.push_back(
          fmt::format("{} is {} there and {} here", name, stored.dump(), value.dump()));
  }
  const std::vector<RunModelRow> stored = store.Models(run.number);
  if (stored.size() != models.size())
    reasons.push_back(fmt::format("{} models there, {} here", stored.size(), models.size()));
  for (size_t i = 0; i < std::min(stored.size(), models.size()); ++i) {
    if (stored[i].model.digest != models[i].digest)
      reasons.push_back(
          fmt::format("{} is not the file that {} was there", models[i].path, stored[i].name));
  }
  return reasons;
}

}  // namespace retort
