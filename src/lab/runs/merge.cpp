#include "lab/runs/merge.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "lab/compare/run_comparison.h"
#include "lab/compare/settings_json.h"

namespace retort {
namespace {

// Two runs with these equal asked the same problems under the same rules.
CompareSettings AccuracySettings(const CompareSettings& from) {
  CompareSettings settings;
  settings.seed = from.seed;
  settings.max_tokens = from.max_tokens;
  settings.think_budget = from.think_budget;
  settings.kv_type = from.kv_type;
  settings.temperature = from.temperature;
  settings.top_p = from.top_p;
  return settings;
}

// Everything but how many: runs, problems and models' own memory.
CompareSettings SpeedSettings(const CompareSettings& from) {
  CompareSettings settings;
  settings.backend = from.backend;
  settings.num_threads = from.num_threads;
  settings.cpu_level = from.cpu_level;
  settings.kv_type = from.kv_type;
  settings.speed_max_tokens = from.speed_max_tokens;
  settings.parallel = from.parallel;
  settings.kv_tokens = from.kv_tokens;
  settings.kv_bytes = from.kv_bytes;
  settings.speculate = from.speculate;
  settings.temperature = from.temperature;
  settings.top_p = from.top_p;
  return settings;
}

using Reasons = std::vector<std::string>;

Reasons AccuracyReasons(const Comparison& first, const Comparison& other) {
  return SettingsDifferences(AccuracySettings(first.settings), AccuracySettings(other.settings));
}

Reasons SpeedReasons(const Comparison& first, const Comparison& other) {
  Reasons reasons =
      SettingsDifferences(SpeedSettings(first.settings), SpeedSettings(other.settings));
  if (const std::string machine = MachineDifference(first.machine, other.machine); !machine.empty())
    reasons.push_back("another machine: " + machine);
  return reasons;
}

// Of all runs against the first: there is the first, here the other.
Reasons Collect(const std::vector<Comparison>& runs,
                Reasons (*reasons_of)(const Comparison&, const Comparison&)) {
  Reasons all;
  for (size_t i = 1; i < runs.size(); ++i) {
    for (const std::string& reason : reasons_of(runs[0], runs[i]))
      all.push_back(fmt::format("{} is there, {} here: {}", runs[0].id, runs[i].id, reason));
  }
  return all;
}

using Question = std::pair<std::string, std::string>;  // id and text

Question KeyOf(const Problem& problem) { return {problem.id, problem.question}; }

// The first run's problems that all others asked too.
std::vector<Problem> CommonProblems(const std::vector<Comparison>& runs) {
  std::vector<Problem> common = runs[0].problems;
  for (size_t i = 1; i < runs.size(); ++i) {
    std::set<Question> asked;
    for (const Problem& problem : runs[i].problems) asked.insert(KeyOf(problem));
    std::erase_if(common, [&](const Problem& problem) { return !asked.contains(KeyOf(problem)); });
  }
  return common;
}

void KeepAnswersOn(const std::vector<Problem>& common, const std::vector<Problem>& asked,
                   ModelRun& run) {
  std::map<Question, int> index;
  for (size_t i = 0; i < common.size(); ++i) index[KeyOf(common[i])] = static_cast<int>(i);
  std::vector<AnswerRecord> kept;
  for (AnswerRecord& record : run.answers) {
    const auto found = index.find(KeyOf(asked[static_cast<size_t>(record.problem)]));
    if (found == index.end()) continue;
    record.problem = found->second;
    kept.push_back(std::move(record));
  }
  std::sort(kept.begin(), kept.end(),
            [](const AnswerRecord& a, const AnswerRecord& b) { return a.problem < b.problem; });
  run.answers = std::move(kept);
}

void DropSpeed(ModelRun& run) {
  run.cold_starts = {};
  run.memory.reset();
  run.idle_cpu_percent.reset();
  run.accuracy_seconds = 0;
  for (auto* tests : {&run.prompts, &run.lengths}) {
    for (SpeedTest& test : *tests) test.samples.clear();
  }
}

// Every model has the same tests: those that all runs took.
void KeepCommonTests(const std::vector<Comparison>& runs, std::vector<ModelRun>& models) {
  std::map<std::string, size_t> taken_by;
  for (const Comparison& run : runs) {
    for (const SpeedTest& test : run.models.front().lengths) ++taken_by[test.id];
  }
  for (ModelRun& model : models) {
    std::erase_if(model.lengths,
                  [&](const SpeedTest& test) { return taken_by[test.id] < runs.size(); });
  }
}

// "r1 (k3f9q2)" where two runs have a model of one name.
void MakeNamesDistinct(std::vector<ModelRun>& models, const std::vector<std::string>& ids) {
  std::map<std::string, int> times;
  for (const ModelRun& model : models) ++times[model.facts.name];
  for (size_t i = 0; i < models.size(); ++i) {
    std::string& name = models[i].facts.name;
    if (times[name] > 1) name = fmt::format("{} ({})", name, ids[i]);
    models[i].facts.letter = LetterOf(i);
  }
}

std::string Origins(const std::vector<Comparison>& runs) {
  std::vector<std::string> parts;
  for (const Comparison& run : runs)
    parts.push_back(fmt::format("{} of {}", run.id, run.started_at));
  return fmt::format(
      "The figures are those of the stored runs {}: measured one after another and "
      "not in turns, so a noisy hour may stand between them.",
      fmt::join(parts, ", "));
}

void NoteWhatDiffers(const std::vector<Comparison>& runs, const Reasons& accuracy,
                     const Reasons& speed, Comparison& merged) {
  merged.notes.push_back(Origins(runs));
  if (!accuracy.empty())
    merged.notes.push_back(
        fmt::format("Accuracy cannot be compared and is left out: {}.", fmt::join(accuracy, "; ")));
  if (!speed.empty())
    merged.notes.push_back(fmt::format("Speed and memory cannot be compared and are left out: {}.",
                                       fmt::join(speed, "; ")));
  for (const Comparison& run : runs) {
    if (run.version != runs[0].version)
      merged.notes.push_back(fmt::format("Run {} is of Retort {}, run {} of {}.", run.id,
                                         run.version, runs[0].id, runs[0].version));
    if (accuracy.empty() && run.problems.size() != merged.problems.size())
      merged.notes.push_back(
          fmt::format("Of run {}'s {} problems the {} that all runs asked count.", run.id,
                      run.problems.size(), merged.problems.size()));
  }
}

}  // namespace

Comparison MergeRuns(const std::vector<Comparison>& runs, const std::string& command) {
  RETORT_CHECK(!runs.empty());
  Reasons accuracy = Collect(runs, AccuracyReasons);
  const Reasons speed = Collect(runs, SpeedReasons);
  Comparison merged = runs[0];
  merged.command = command;
  merged.models.clear();
  if (accuracy.empty()) {
    merged.problems = CommonProblems(runs);
    if (merged.problems.empty()) accuracy.emplace_back("the runs have no problem in common");
  }
  if (!accuracy.empty() && !speed.empty())
    Fail(ErrorCode::kInvalidArgument, "these runs cannot be compared: {}; {}",
         fmt::join(accuracy, "; "), fmt::join(speed, "; "));
  if (!accuracy.empty()) merged.problems.clear();

  std::vector<std::string> ids;
  for (const Comparison& run : runs) {
    for (ModelRun model : run.models) {
      KeepAnswersOn(merged.problems, run.problems, model);
      if (!speed.empty()) DropSpeed(model);
      merged.models.push_back(std::move(model));
      ids.push_back(run.id);
    }
    if (&run != &runs[0]) merged.seconds += run.seconds;
  }
  if (merged.models.size() < 2)
    Fail(ErrorCode::kInvalidArgument,
         "run {} has one model; name a second run or a model file to compare it with", runs[0].id);
  if (merged.models.size() > kMostModels)
    Fail(ErrorCode::kInvalidArgument, "compare takes at most {} models, these runs have {}",
         kMostModels, merged.models.size());
  KeepCommonTests(runs, merged.models);
  MakeNamesDistinct(merged.models, ids);
  if (runs.size() > 1) {
    NoteWhatDiffers(runs, accuracy, speed, merged);
    merged.id.clear();
    merged.resumed_at.clear();
  }
  return merged;
}

}  // namespace retort
