// The same problems to all models, many at once in each, one model computing at a time.
#include <algorithm>

#include "base/error.h"
#include "base/rng.h"
#include "lab/compare/phases.h"

namespace retort {
namespace {

// One turn of a model: long against the cost of switching, short against noise.
constexpr double kTurnSeconds = 2;

BatchTask TaskFor(const Comparison& comparison) {
  const CompareSettings& settings = comparison.settings;
  BatchTask task;
  for (size_t i = 0; i < comparison.problems.size(); ++i) {
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
  const BatchTask task = TaskFor(turns.comparison());
  turns.Begin("accuracy", task.questions.size() * turns.count(), "answers");
  turns.Take(0, [&](size_t model) { turns.worker(model).StartBatch(task); });

  std::vector<int> left(turns.count(), static_cast<int>(task.questions.size()));
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
