#include "lab/runs/comparison_store.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "lab/compare/comparison_json.h"
#include "lab/compare/settings_json.h"
#include "lab/runs/test_comparison.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

nlohmann::ordered_json Document(const Comparison& comparison) {
  const Summary summary = Summarize(comparison);
  return ComparisonJson(comparison, summary, DescribeVerdict(comparison, summary));
}

class ComparisonStoreTest : public testing::Test {
 protected:
  Comparison Back(const Comparison& comparison) {
    return LoadComparison(store_, store_.Find(comparison.id));
  }

  TempDir dir_;
  RunStore store_{dir_.File("runs.db")};
};

TEST_F(ComparisonStoreTest, LoadsTheSameDocumentThatWasRecorded) {
  Comparison comparison = EmptyComparison(SmallSettings(), {"small", "big"});
  ComparisonRecorder recorder = ComparisonRecorder::Begin(store_, comparison);
  EXPECT_FALSE(comparison.id.empty());
  EXPECT_EQ(Document(Back(comparison)), Document(comparison)) << "nothing measured yet";
  MeasureAll(comparison);
  comparison.models[1].failure = "its process ended (killed by signal 9)";
  for (size_t model : {0u, 1u}) recorder.Record(comparison, model);
  recorder.End(comparison);
  EXPECT_EQ(Document(Back(comparison)), Document(comparison));
  EXPECT_EQ(store_.Find(comparison.id).state, RunState::kFailed);
}

// As they come: after each single measurement the store has all of them, and none twice.
TEST_F(ComparisonStoreTest, KeepsEachMeasurementAsItComes) {
  Comparison all = EmptyComparison(SmallSettings(), {"small", "big"});
  MeasureAll(all);
  Comparison comparison = EmptyComparison(SmallSettings(), {"small", "big"});
  std::string id;
  {
    ComparisonRecorder recorder = ComparisonRecorder::Begin(store_, comparison);
    id = comparison.id;
    comparison.models[0].facts = all.models[0].facts;
    for (const SpeedSample& sample : all.models[0].prompts[1].samples) {
      comparison.models[0].prompts[1].samples.push_back(sample);
      comparison.seconds += 1;
      recorder.Record(comparison, 0);
      EXPECT_EQ(Document(Back(comparison)), Document(comparison));
    }
    // Answers come in any order.
    for (const int problem : {4, 0, 2}) {
      comparison.models[0].answers.push_back(SomeAnswer(comparison.problems, problem, true));
      recorder.Record(comparison, 0);
    }
  }
  Comparison resumed = LoadComparison(store_, store_.Find(id));
  ASSERT_EQ(resumed.models[0].answers.size(), 3u);
  EXPECT_EQ(resumed.models[0].answers[1].problem, 2);
  {
    ComparisonRecorder recorder = ComparisonRecorder::Resume(store_, store_.Find(id), resumed);
    for (const int problem : {1, 3, 5})
      resumed.models[0].answers.push_back(SomeAnswer(resumed.problems, problem, false));
    recorder.Record(resumed, 0);
    recorder.End(resumed);
  }
  const Comparison back = Back(comparison);
  EXPECT_EQ(back.resumed_at.size(), 1u);
  EXPECT_EQ(back.models[0].prompts[1].samples.size(), 3u);
  ASSERT_EQ(back.models[0].answers.size(), 6u);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(back.models[0].answers[static_cast<size_t>(i)].problem, i);
    EXPECT_EQ(back.models[0].answers[static_cast<size_t>(i)].graded.verdict,
              i % 2 == 0 ? Verdict::kCorrect : Verdict::kNoAnswer);
  }
}

TEST_F(ComparisonStoreTest, ForgetsARunOfWhichNothingWasMeasured) {
  Comparison comparison = EmptyComparison(SmallSettings(), {"small", "big"});
  {
    ComparisonRecorder recorder = ComparisonRecorder::Begin(store_, comparison);
    EXPECT_FALSE(recorder.KeepOrForget());
  }
  EXPECT_TRUE(store_.List({}).empty());
  ComparisonRecorder recorder = ComparisonRecorder::Begin(store_, comparison);
  recorder.Record(comparison, 0);
  EXPECT_TRUE(recorder.KeepOrForget());
  EXPECT_EQ(store_.List({}).size(), 1u);
}

TEST_F(ComparisonStoreTest, RowsThatCannotBeAreNamed) {
  Comparison comparison = EmptyComparison(SmallSettings(), {"small", "big"});
  MeasureAll(comparison);
  ComparisonRecorder::Begin(store_, comparison).Record(comparison, 0);
  const auto error_after = [&](const std::string& sql) -> std::string {
    store_.database().Execute(sql);
    try {
      Back(comparison);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(
      error_after("UPDATE samples SET verdict = 'splendid' WHERE problem = 3").find("splendid"),
      std::string::npos);
  EXPECT_NE(error_after("UPDATE runs SET settings = '{\"runs\": \"many\"}'").find("settings"),
            std::string::npos);
  EXPECT_NE(error_after("UPDATE runs SET kind = 'bench'").find("of retort bench"),
            std::string::npos);
}

TEST(SettingsJsonTest, ReadsBackWhatItWrote) {
  CompareSettings settings;
  settings.quick = true;
  settings.seed = UINT64_MAX;
  settings.backend = "reference";
  settings.num_threads = 3;
  settings.cpu_level = "avx2";
  settings.kv_type = "q8_0";
  settings.kv_tokens = 5;
  settings.kv_bytes = 6;
  settings.speculate = true;
  settings.runs = 6;
  settings.speed_max_tokens = 7;
  settings.lengths = {{8, 9}};
  settings.length_runs = 10;
  settings.cold_starts = 11;
  settings.skip_cold_cache = true;
  settings.idle_seconds = 1.5;
  settings.samples = 12;
  settings.max_tokens = 13;
  settings.think_budget = 0;
  settings.parallel = 14;
  settings.languages = {Language::kChinese};
  settings.temperature = 0.25;
  settings.top_p = 0.5;
  const std::string text = SettingsJson(settings).dump();
  EXPECT_EQ(SettingsJson(SettingsFromJson(text)).dump(), text);
  EXPECT_TRUE(SettingsDifferences(settings, SettingsFromJson(text)).empty());
  const auto defaults = SettingsJson(CompareSettings());
  for (const auto& [name, value] : defaults.items())
    EXPECT_NE(value, SettingsJson(settings)[name]) << name << " was not tried";
  EXPECT_EQ(SettingsJson(SettingsFromJson("{}")), defaults)
      << "what an older run did not know has its default";
}

TEST(SettingsJsonTest, NamesWhatDiffers) {
  CompareSettings there, here;
  here.samples = 600;
  here.languages = {Language::kEnglish};
  EXPECT_EQ(SettingsDifferences(there, here),
            (std::vector<std::string>{R"(samples is 300 there and 600 here)",
                                      R"(languages is ["en","zh"] there and ["en"] here)"}));
}

TEST(SettingsJsonTest, RefusesWhatIsNotOfItsForm) {
  for (const char* text : {"", "[", "[]", "7", R"({"runs": "x"})", R"({"languages": ["fr"]})",
                           R"({"lengths": [{}]})"}) {
    EXPECT_THROW(SettingsFromJson(text), Error) << text;
  }
}

}  // namespace
}  // namespace retort
