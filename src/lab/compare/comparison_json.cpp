#include "lab/compare/comparison_json.h"

#include <nlohmann/json.hpp>

#include "lab/compare/settings_json.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

Json MachineJson(const Machine& machine) {
  return {{"cpu", machine.cpu},
          {"units", machine.units},
          {"usable_cores", machine.usable_cores},
          {"online_cores", machine.online_cores},
          {"memory_bytes", machine.memory_bytes},
          {"os", machine.os},
          {"kernel", machine.kernel}};
}

const char* BetterName(Better better) {
  switch (better) {
    case Better::kHigher:
      return "higher";
    case Better::kLower:
      return "lower";
    case Better::kNeither:
      break;
  }
  return "neither";
}

Json WinnerJson(const Comparison& comparison, int winner) {
  if (winner < 0) return nullptr;
  return comparison.models[static_cast<size_t>(winner)].facts.letter;
}

Json RowJson(const Comparison& comparison, const FigureRow& row) {
  Json figures = Json::array();
  for (const auto& figure : row.figures) {
    if (!figure) {
      figures.push_back(nullptr);
      continue;
    }
    Json entry = {{"value", figure->value}, {"n", figure->n}};
    if (figure->interval) {
      entry["low"] = figure->interval->low;
      entry["high"] = figure->interval->high;
    }
    figures.push_back(std::move(entry));
  }
  return {{"id", row.id},
          {"label", row.label},
          {"unit", row.unit},
          {"better", BetterName(row.better)},
          {"winner", WinnerJson(comparison, row.winner)},
          {"figures", std::move(figures)}};
}

Json GroupJson(const Comparison& comparison, const AccuracyGroup& group) {
  Json models = Json::array();
  for (size_t i = 0; i < group.right.size(); ++i) {
    models.push_back({{"right", group.right[i].count},
                      {"total", group.right[i].total},
                      {"low", group.right[i].interval.low},
                      {"high", group.right[i].interval.high},
                      {"truncated", group.truncated[i].count}});
  }
  return {{"by", group.by},
          {"label", group.label},
          {"winner", WinnerJson(comparison, group.winner)},
          {"models", std::move(models)}};
}

Json PairJson(const Comparison& comparison, const PairComparison& pair) {
  Json json = {{"first", WinnerJson(comparison, pair.first)},
               {"second", WinnerJson(comparison, pair.second)},
               {"both", pair.counts.both},
               {"only_first", pair.counts.only_first},
               {"only_second", pair.counts.only_second},
               {"neither", pair.counts.neither},
               {"difference", pair.accuracy.estimate},
               {"low", pair.accuracy.interval.low},
               {"high", pair.accuracy.interval.high},
               {"p", pair.p},
               {"adjusted_p", pair.adjusted_p}};
  if (pair.speed_ratio) {
    json["speed_ratio"] = pair.speed_ratio->value;
    json["speed_ratio_low"] = pair.speed_ratio->interval.low;
    json["speed_ratio_high"] = pair.speed_ratio->interval.high;
  }
  return json;
}

Json TestsJson(const std::vector<SpeedTest>& tests) {
  Json out = Json::array();
  for (const SpeedTest& test : tests) {
    Json samples = Json::array();
    for (const SpeedSample& sample : test.samples) {
      samples.push_back({{"first_token_s", sample.first_token_s},
                         {"tokens_per_s", sample.tokens_per_s},
                         {"prompt_tokens", sample.prompt_tokens},
                         {"new_tokens", sample.new_tokens}});
    }
    out.push_back({{"id", test.id},
                   {"prompt", test.prompt},
                   {"answer", test.answer},
                   {"samples", std::move(samples)}});
  }
  return out;
}

Json AnswersJson(const std::vector<AnswerRecord>& answers) {
  Json out = Json::array();
  for (const AnswerRecord& record : answers) {
    out.push_back({{"problem", record.problem},
                   {"verdict", VerdictName(record.graded.verdict)},
                   {"extracted", record.graded.extracted},
                   {"path", record.graded.path},
                   {"finish", record.finish},
                   {"thinking_end", record.thinking_end},
                   {"reasoning", record.reasoning},
                   {"answer", record.answer},
                   {"prompt_tokens", record.prompt_tokens},
                   {"new_tokens", record.new_tokens},
                   {"reasoning_tokens", record.reasoning_tokens}});
  }
  return out;
}

Json ModelJson(const ModelRun& run) {
  const ComparedModel& facts = run.facts;
  Json json = {{"letter", facts.letter},
               {"name", facts.name},
               {"path", facts.path},
               {"digest", facts.digest},
               {"quantization", facts.quantization},
               {"file_bytes", facts.file_bytes},
               {"architecture", facts.architecture},
               {"num_layers", facts.num_layers},
               {"hidden_size", facts.hidden_size},
               {"context", facts.context},
               {"backend", facts.backend},
               {"weight_bytes", facts.weight_bytes},
               {"kv_bytes", facts.kv_bytes},
               {"workspace_bytes", facts.workspace_bytes}};
  json["failure"] = run.failure ? Json(*run.failure) : Json(nullptr);
  json["cold_starts"] = {{"warm", run.cold_starts.warm},
                         {"cold", run.cold_starts.cold},
                         {"note", run.cold_starts.cold_note}};
  json["memory"] = nullptr;
  if (run.memory) {
    json["memory"] = {{"after_load", run.memory->after_load},
                      {"after_load_file", run.memory->after_load_file},
                      {"peak_one", run.memory->peak_one},
                      {"peak_parallel", run.memory->peak_parallel}};
  }
  json["idle_cpu_percent"] = run.idle_cpu_percent ? Json(*run.idle_cpu_percent) : Json(nullptr);
  json["accuracy_seconds"] = run.accuracy_seconds;
  json["prompts"] = TestsJson(run.prompts);
  json["lengths"] = TestsJson(run.lengths);
  json["answers"] = AnswersJson(run.answers);
  return json;
}

}  // namespace

Json ComparisonJson(const Comparison& comparison, const Summary& summary,
                    const VerdictText& verdict) {
  Json rows = Json::array(), accuracy = Json::array(), pairs = Json::array(),
       models = Json::array(), problems = Json::array();
  for (const auto* group : {&summary.speed, &summary.memory, &summary.answers}) {
    for (const FigureRow& row : *group) rows.push_back(RowJson(comparison, row));
  }
  for (const AccuracyGroup& group : summary.accuracy)
    accuracy.push_back(GroupJson(comparison, group));
  for (const PairComparison& pair : summary.pairs) pairs.push_back(PairJson(comparison, pair));
  for (const ModelRun& run : comparison.models) models.push_back(ModelJson(run));
  for (const Problem& problem : comparison.problems) {
    problems.push_back({{"id", problem.id},
                        {"type", ProblemTypeName(problem.type)},
                        {"language", LanguageName(problem.language)},
                        {"level", problem.level},
                        {"question", problem.question},
                        {"answer", problem.answer_text}});
  }
  return {{"schema", "retort.compare/1"},
          {"id", comparison.id},
          {"version", comparison.version},
          {"started_at", comparison.started_at},
          {"command", comparison.command},
          {"seconds", comparison.seconds},
          {"resumed_at", comparison.resumed_at},
          {"notes", comparison.notes},
          {"machine", MachineJson(comparison.machine)},
          {"settings", SettingsJson(comparison.settings)},
          {"verdict",
           {{"headline", verdict.headline},
            {"advice", verdict.advice},
            {"cautions", verdict.cautions}}},
          {"rows", std::move(rows)},
          {"accuracy", std::move(accuracy)},
          {"pairs", std::move(pairs)},
          {"models", std::move(models)},
          {"problems", std::move(problems)}};
}

}  // namespace retort
