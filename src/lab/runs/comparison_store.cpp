#include "lab/runs/comparison_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/utc_time.h"
#include "lab/compare/settings_json.h"
#include "lab/runs/comparison_rows.h"
#include "lab/runs/model_identity.h"

namespace retort {
namespace {

constexpr char kKind[] = "compare";
constexpr char kPromptTest[] = "prompt";
constexpr char kLengthTest[] = "length";

std::vector<TestRow> TestRows(const ModelRun& model) {
  std::vector<TestRow> rows;
  for (const SpeedTest& test : model.prompts)
    rows.push_back({.id = test.id, .kind = kPromptTest, .prompt = test.prompt});
  for (const SpeedTest& test : model.lengths)
    rows.push_back({.id = test.id, .kind = kLengthTest, .prompt = ""});
  return rows;
}

void LoadTimings(RunStore& store, int64_t run, size_t index, ModelRun& model) {
  std::map<std::string, SpeedTest*> by_id;
  for (auto* tests : {&model.prompts, &model.lengths}) {
    for (SpeedTest& test : *tests) by_id[test.id] = &test;
  }
  for (const TimingRow& row : store.Timings(run, index)) {
    SpeedTest& test = *by_id.at(row.test);
    test.samples.push_back({.first_token_s = row.first_token_s.value_or(0),
                            .tokens_per_s = row.tokens_per_s,
                            .prompt_tokens = row.prompt_tokens.value_or(0),
                            .new_tokens = row.new_tokens.value_or(0)});
    if (row.answer) test.answer = *row.answer;
  }
}

ModelRun LoadModel(RunStore& store, int64_t run, size_t index, const RunModelRow& row,
                   const std::vector<TestRow>& tests) {
  ModelRun model = ModelFrom(row);
  model.facts.letter = LetterOf(index);
  for (const TestRow& test : tests) {
    auto& list = test.kind == kPromptTest ? model.prompts : model.lengths;
    list.push_back({.id = test.id, .prompt = test.prompt, .answer = "", .samples = {}});
  }
  LoadTimings(store, run, index, model);
  for (const StartRow& start : store.Starts(run, index)) {
    auto& list = start.warm ? model.cold_starts.warm : model.cold_starts.cold;
    list.push_back(start.seconds);
  }
  for (const SampleRow& sample : store.Samples(run, index))
    model.answers.push_back(AnswerFrom(sample));
  return model;
}

}  // namespace

void IdentifyModels(RunStore& store, Comparison& comparison,
                    const std::function<void(int64_t done, int64_t total)>& progress) {
  for (ModelRun& run : comparison.models) {
    const ModelRow row = IdentifyModel(store, run.facts.path, progress);
    run.facts.digest = row.digest;
    run.facts.quantization = row.quantization;
    run.facts.file_bytes = row.bytes;
  }
}

ComparisonRecorder::ComparisonRecorder(RunWriter writer, size_t models)
    : writer_(std::move(writer)), written_(models) {}

ComparisonRecorder ComparisonRecorder::Begin(RunStore& store, Comparison& comparison) {
  RunRow run{.kind = kKind,
             .started_at = comparison.started_at,
             .version = comparison.version,
             .command = comparison.command,
             .settings = SettingsJson(comparison.settings).dump(),
             .seed = comparison.settings.seed,
             .machine = comparison.machine};
  std::vector<RunModelRow> models;
  for (const ModelRun& model : comparison.models) models.push_back(ToRow(model));
  std::vector<ProblemRow> problems;
  for (const Problem& problem : comparison.problems) problems.push_back(ToRow(problem));
  RunWriter writer = RunWriter::Begin(store, std::move(run), models, problems,
                                      TestRows(comparison.models.front()));
  comparison.id = writer.run().id;
  return {std::move(writer), comparison.models.size()};
}

ComparisonRecorder ComparisonRecorder::Resume(RunStore& store, const RunRow& run,
                                              Comparison& comparison) {
  RunWriter writer = RunWriter::Resume(store, run, UtcNow());
  comparison.resumed_at.push_back(writer.run().sessions.back());
  ComparisonRecorder recorder(std::move(writer), comparison.models.size());
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    const ModelRun& model = comparison.models[i];
    recorder.written_[i] = {.warm = model.cold_starts.warm.size(),
                            .cold = model.cold_starts.cold.size(),
                            .answers = model.answers.size(),
                            .timings = {}};
    for (const auto* tests : {&model.prompts, &model.lengths}) {
      for (const SpeedTest& test : *tests)
        recorder.written_[i].timings[test.id] = test.samples.size();
    }
  }
  recorder.empty_ = false;
  return recorder;
}

void ComparisonRecorder::AddStarts(const ModelRun& run, size_t model) {
  const auto add = [&](bool warm, const std::vector<double>& seconds, size_t& written) {
    for (; written < seconds.size(); ++written)
      writer_.AddStart(
          model, {.warm = warm, .round = static_cast<int>(written), .seconds = seconds[written]});
  };
  add(true, run.cold_starts.warm, written_[model].warm);
  add(false, run.cold_starts.cold, written_[model].cold);
}

void ComparisonRecorder::AddTimings(const std::vector<SpeedTest>& tests, size_t model) {
  for (const SpeedTest& test : tests) {
    for (size_t& written = written_[model].timings[test.id]; written < test.samples.size();
         ++written)
      writer_.AddTiming(model, ToRow(test, written));
  }
}

void ComparisonRecorder::AddAnswers(const ModelRun& run, size_t model) {
  for (size_t& written = written_[model].answers; written < run.answers.size(); ++written)
    writer_.AddSample(model, ToRow(run.answers[written]));
}

void ComparisonRecorder::Record(const Comparison& comparison, size_t model) {
  const ModelRun& run = comparison.models[model];
  writer_.Together([&] {
    writer_.SetSeconds(comparison.seconds);
    writer_.SetModel(model, ToRow(run));
    AddStarts(run, model);
    AddTimings(run.prompts, model);
    AddTimings(run.lengths, model);
    AddAnswers(run, model);
  });
  empty_ = false;
}

void ComparisonRecorder::End(const Comparison& comparison) {
  writer_.SetSeconds(comparison.seconds);
  const bool failed = std::any_of(comparison.models.begin(), comparison.models.end(),
                                  [](const ModelRun& run) { return run.failure.has_value(); });
  writer_.End(failed ? RunState::kFailed : RunState::kFinished, UtcNow());
}

bool ComparisonRecorder::KeepOrForget() {
  if (empty_) writer_.Discard();
  return !empty_;
}

Comparison LoadComparison(RunStore& store, const RunRow& run) {
  if (run.kind != kKind)
    Fail(ErrorCode::kInvalidArgument, "run {} is of retort {}, not of retort compare", run.id,
         run.kind);
  Comparison comparison;
  comparison.id = run.id;
  comparison.version = run.version;
  comparison.started_at = run.started_at;
  comparison.command = run.command;
  comparison.seconds = run.seconds;
  comparison.machine = run.machine;
  comparison.settings = SettingsFromJson(run.settings);
  comparison.resumed_at.assign(run.sessions.begin() + 1, run.sessions.end());
  for (const ProblemRow& row : store.Problems(run.number))
    comparison.problems.push_back(ProblemFrom(row));
  const std::vector<RunModelRow> models = store.Models(run.number);
  const std::vector<TestRow> tests = store.Tests(run.number);
  for (size_t i = 0; i < models.size(); ++i)
    comparison.models.push_back(LoadModel(store, run.number, i, models[i], tests));
  return comparison;
}

}  // namespace retort
