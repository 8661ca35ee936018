// The same problems to all models, many at once in each, one model computing at a time.
#include <algorithm>

#include "base/error.h"
#include "base/rng.h"
#include "lab/compare/phases.h"

namespace retort {
namespace {

// One turn of a model: long against the cost of switching, short against noise.
constexpr double kTurnSeconds = 2;

// The problems that the model has not answered yet.
BatchTask TaskFor(const Comparison& comparison, const ModelRun& run) {
  const CompareSettings& settings = comparison.settings;
  std::vector<bool> answered(comparison.problems.size());
  for (const AnswerRecord& record : run.answers)
    answered[static_cast<size_t>(record.problem)] = true;
  BatchTask task;
  for (size_t i = 0; i < comparison.problems.size(); ++i) {
    if (answered[i]) continue;
    task.questions.push_back({.problem = static_cast<int>(i),
                              .prompt = comparison.problems[i].question,
                              .seed = RandomBits(Mix64(settings.seed), i)});
  }
  task.max_tokens = settings.max_tokens;
  task.think_budget = settings.think_budget;
  task.parallel = settings.parallel;
  task.sampling.temperature = settings.temperature;
  task.sampling.top_p = settings.top_p;
  return task;
}

// One turn; how many problems are left.
int Advance(Turns& turns, size_t model) {
  const std::vector<Problem>& problems = turns.comparison().problems;
  ModelRun& run = turns.run(model);
  BatchProgress progress = turns.worker(model).Advance(kTurnSeconds);
  run.accuracy_seconds += progress.seconds;
  int64_t& peak = run.memory->peak_parallel;
  peak = std::max(peak, turns.worker(model).Usage().peak_resident_bytes);
  for (AnswerRecord& record : progress.finished) {
    const auto index = static_cast<size_t>(record.problem);
    if (record.problem < 0 || index >= problems.size())
      Fail(ErrorCode::kCorrupt, "{}: answered problem {} of {}", run.facts.name, record.problem,
           problems.size());
    record.graded =
        Grade(problems[index], record.answer, record.reasoning, record.finish != "stop");
    if (record.finish == "loop" && record.graded.verdict == Verdict::kTruncated) {
      record.graded.verdict = Verdict::kLooped;  // seen over more text than a look at the end sees
    }
    run.answers.push_back(std::move(record));
    turns.Step(model);
  }
  return progress.left;
}

}  // namespace

void MeasureAccuracy(Turns& turns) {
  std::vector<BatchTask> tasks;
  std::vector<int> left;
  size_t missing = 0;
  for (const ModelRun& run : turns.comparison().models) {
    tasks.push_back(TaskFor(turns.comparison(), run));
    left.push_back(static_cast<int>(tasks.back().questions.size()));
    missing += tasks.back().questions.size();
  }
  turns.Begin("accuracy", missing, "answers");
  turns.Take(0, [&](size_t model) { turns.worker(model).StartBatch(tasks[model]); });

  bool busy = true;
  for (size_t round = 0; busy && turns.EnoughLeft(); ++round) {
    busy = false;
    turns.Take(round, [&](size_t model) {
      if (left[model] > 0) left[model] = Advance(turns, model);
      busy = busy || left[model] > 0;
    });
  }
  for (ModelRun& run : turns.comparison().models) {
    std::sort(run.answers.begin(), run.answers.end(),
              [](const AnswerRecord& a, const AnswerRecord& b) { return a.problem < b.problem; });
  }
}

}  // namespace retort
