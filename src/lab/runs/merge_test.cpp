#include "lab/runs/merge.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "lab/compare/verdict.h"
#include "lab/runs/resume.h"
#include "lab/runs/test_comparison.h"
#include "tests/support/run_program.h"

namespace retort {
namespace {

Comparison Measured(const std::string& id, const std::vector<std::string>& names,
                    const CompareSettings& settings = SmallSettings()) {
  Comparison comparison = EmptyComparison(settings, names);
  comparison.id = id;
  MeasureAll(comparison);
  return comparison;
}

std::string NotesOf(const Comparison& comparison) {
  std::string text;
  for (const std::string& note : comparison.notes) text += note + "\n";
  return text;
}

std::string ErrorOf(const std::vector<Comparison>& runs) {
  try {
    MergeRuns(runs, "retort compare");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(MergeRunsTest, PutsModelsSideBySide) {
  const Comparison merged =
      MergeRuns({Measured("k3", {"a", "b"}), Measured("7b", {"b", "c"})}, "retort compare k3 7b");
  ASSERT_EQ(merged.models.size(), 4u);
  EXPECT_EQ(merged.models[0].facts.name, "a");
  EXPECT_EQ(merged.models[1].facts.name, "b (k3)");
  EXPECT_EQ(merged.models[2].facts.name, "b (7b)");
  EXPECT_EQ(merged.models[3].facts.letter, "D");
  EXPECT_EQ(merged.seconds, 25);
  EXPECT_EQ(merged.id, "");
  EXPECT_EQ(merged.command, "retort compare k3 7b");
  for (const ModelRun& run : merged.models) {
    EXPECT_EQ(run.answers.size(), 6u);
    EXPECT_EQ(run.prompts[0].samples.size(), 3u);
  }
  EXPECT_TRUE(Has(NotesOf(merged), "not in turns"));
  const Summary summary = Summarize(merged);
  EXPECT_TRUE(Has(DescribeVerdict(merged, summary).cautions.front(), "k3 of 2026-01-02"));
}

TEST(MergeRunsTest, AccuracyIsComparedOnTheProblemsThatAllAsked) {
  CompareSettings longer = SmallSettings();
  longer.samples = 9;
  const Comparison merged =
      MergeRuns({Measured("k3", {"a"}, longer), Measured("7b", {"b"})}, "retort compare");
  EXPECT_EQ(merged.problems.size(), 6u);
  EXPECT_EQ(merged.models[0].answers.size(), 6u);
  EXPECT_EQ(Summarize(merged).pairs[0].counts.both, 2);
  EXPECT_TRUE(Has(NotesOf(merged), "Of run k3's 9 problems the 6"));
}

TEST(MergeRunsTest, AccuracyDoesNotDependOnTheMachineSpeedDoes) {
  Comparison other = Measured("7b", {"b"});
  other.machine.usable_cores = 8;
  other.settings.num_threads = 8;
  const Comparison merged = MergeRuns({Measured("k3", {"a"}), other}, "retort compare");
  EXPECT_EQ(merged.models[1].answers.size(), 6u);
  for (const ModelRun& run : merged.models) {
    EXPECT_TRUE(run.prompts[0].samples.empty());
    EXPECT_TRUE(run.cold_starts.warm.empty());
    EXPECT_FALSE(run.memory.has_value());
  }
  EXPECT_TRUE(Has(NotesOf(merged), "2 cores there, 8 here")) << NotesOf(merged);
  EXPECT_TRUE(Has(NotesOf(merged), "num_threads is 0 there and 8 here")) << NotesOf(merged);
}

TEST(MergeRunsTest, SpeedStandsWhereOnlyTheProblemsDiffer) {
  CompareSettings settings = SmallSettings();
  settings.seed = 2;
  settings.lengths.push_back({512, 1024});
  const Comparison merged =
      MergeRuns({Measured("k3", {"a"}), Measured("7b", {"b"}, settings)}, "retort compare");
  EXPECT_TRUE(merged.problems.empty());
  EXPECT_TRUE(merged.models[0].answers.empty());
  EXPECT_EQ(merged.models[1].prompts[0].samples.size(), 3u);
  EXPECT_EQ(merged.models[1].lengths.size(), 1u) << "the test that both took";
  EXPECT_TRUE(Has(NotesOf(merged), "seed is 1 there and 2 here")) << NotesOf(merged);
}

TEST(MergeRunsTest, RefusesWhereNothingCanBeComparedAndSaysAllReasons) {
  CompareSettings settings = SmallSettings();
  settings.max_tokens = 77;
  Comparison other = Measured("7b", {"b"}, settings);
  other.machine.cpu = "another cpu";
  const std::string error = ErrorOf({Measured("k3", {"a"}), other});
  EXPECT_TRUE(Has(error, "max_tokens is 384 there and 77 here")) << error;
  EXPECT_TRUE(Has(error, "a cpu there, another cpu here")) << error;
  EXPECT_TRUE(Has(ErrorOf({Measured("k3", {"a"})}), "has one model"));
}

TEST(MergeRunsTest, OneRunIsThatRun) {
  const Comparison run = Measured("k3", {"a", "b"});
  const Comparison merged = MergeRuns({run}, run.command);
  EXPECT_EQ(merged.id, "k3");
  EXPECT_TRUE(merged.notes.empty());
  EXPECT_EQ(merged.models[1].facts.name, "b");
}

TEST(ResumeTest, GoesOnOnlyWithTheSameThings) {
  const Comparison stored = Measured("k3", {"a", "b"});
  const Comparison same = EmptyComparison(SmallSettings(), {"a", "b"});
  EXPECT_TRUE(ReasonsNotToResume(stored, same).empty());
  const auto reason = [&](const std::function<void(Comparison&)>& change) {
    Comparison fresh = same;
    change(fresh);
    const auto reasons = ReasonsNotToResume(stored, fresh);
    return reasons.size() == 1 ? reasons[0] : std::to_string(reasons.size()) + " reasons";
  };
  EXPECT_EQ(reason([](Comparison& c) { c.version = "9.9"; }),
            fmt::format("Retort {} measured there, this is 9.9", kVersion));
  EXPECT_EQ(reason([](Comparison& c) { c.machine.usable_cores = 4; }),
            "another machine: 2 cores there, 4 here");
  EXPECT_EQ(reason([](Comparison& c) { c.machine.kernel = "newer"; }), "0 reasons");
  EXPECT_EQ(reason([](Comparison& c) { c.settings.seed = 5; }), "seed is 1 there and 5 here");
  EXPECT_EQ(reason([](Comparison& c) { c.models[1].facts.digest = "changed"; }),
            "b.gguf is not the file that B was there");
  EXPECT_EQ(reason([](Comparison& c) { c.models.pop_back(); }), "2 models there, 1 here");
  EXPECT_TRUE(Has(reason([](Comparison& c) { c.problems[0].question += "?"; }), "problems"));
}

TEST(ResumeTest, GivesFailedModelsAnotherAttemptAndGradersTheirAnswers) {
  Comparison stored = Measured("k3", {"a", "b"});
  stored.models[0].failure = "died";
  for (Problem& problem : stored.problems) problem.answer = {};
  Comparison fresh = EmptyComparison(SmallSettings(), {"a", "b"});
  fresh.models[1].facts.path = "moved/b.gguf";
  Continue(stored, fresh);
  EXPECT_FALSE(stored.models[0].failure.has_value());
  EXPECT_EQ(stored.models[1].facts.path, "moved/b.gguf");
  EXPECT_FALSE(stored.problems[3].answer.parts.empty());
  EXPECT_EQ(ProgressText(stored), "12 of 12 answers, 24 timings");
}

}  // namespace
}  // namespace retort
