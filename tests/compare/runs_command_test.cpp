// `retort runs`, and `retort compare` of stored runs, as a user runs them: the real program on a
// store that the test has filled.
#include <gtest/gtest.h>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "lab/runs/comparison_store.h"
#include "lab/runs/test_comparison.h"
#include "tests/support/read_file.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

using Json = nlohmann::json;

class RunsCommandTest : public testing::Test {
 protected:
  RunsCommandTest() { ::setenv("RETORT_STORE", dir_.File("runs.db").c_str(), 1); }
  ~RunsCommandTest() override { ::unsetenv("RETORT_STORE"); }

  // A finished run of two models, and its id.
  std::string Store(const std::vector<std::string>& models,
                    const CompareSettings& settings = SmallSettings()) {
    RunStore store(dir_.File("runs.db"));
    Comparison comparison = EmptyComparison(settings, models);
    ComparisonRecorder recorder = ComparisonRecorder::Begin(store, comparison);
    MeasureAll(comparison);
    for (size_t i = 0; i < models.size(); ++i) recorder.Record(comparison, i);
    recorder.End(comparison);
    return comparison.id;
  }
  static Outcome Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), RETORT_PROGRAM);
    return RunProgram(arguments);
  }

  TempDir dir_;
};

TEST_F(RunsCommandTest, ListsTheNewestFirstWithFilters) {
  EXPECT_TRUE(Has(Run({"runs", "list"}).out, "No stored run fits"));
  const std::string one = Store({"small", "big"}), two = Store({"big", "other"});
  const std::string table = Run({"runs", "list"}).out;
  EXPECT_TRUE(Has(table, "started, UTC")) << table;
  EXPECT_TRUE(Has(table, "12/12")) << table;
  EXPECT_LT(table.find(two), table.find(one)) << table;
  EXPECT_TRUE(Has(table, "small, big")) << table;
  const Json json = Json::parse(Run({"runs", "list", "--model", "small", "--json"}).out);
  ASSERT_EQ(json.size(), 1u);
  EXPECT_EQ(json[0]["id"], one);
  EXPECT_EQ(json[0]["state"], "finished");
  EXPECT_EQ(json[0]["answers"], 12);
  EXPECT_EQ(Json::parse(Run({"runs", "list", "--last", "1", "--json"}).out)[0]["id"], two);
  EXPECT_TRUE(Has(Run({"runs", "list", "--kind", "bench"}).out, "No stored run fits"));
}

TEST_F(RunsCommandTest, ShowsAndExportsOneRun) {
  const std::string id = Store({"small", "big"});
  const Outcome shown = Run({"runs", "show", id.substr(0, 3)});
  EXPECT_EQ(shown.end, "exit status 0") << shown.last_error;
  EXPECT_TRUE(Has(shown.out, "sha256 digest of small")) << shown.out;
  EXPECT_TRUE(Has(shown.out, "Right answers")) << shown.out;
  const Json document = Json::parse(Run({"runs", "export", id}).out);
  EXPECT_EQ(document["schema"], "retort.compare/1");
  EXPECT_EQ(document["id"], id);
  EXPECT_EQ(document["models"][1]["answers"].size(), 6u);

  const std::string lines = Run({"runs", "export", id, "--jsonl"}).out;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 12);
  const Json line = Json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(line["model"], "small");
  EXPECT_EQ(line["verdict"], "correct");
  EXPECT_EQ(line["answer"], line["expected"]);

  const std::string html = dir_.File("again.html");
  EXPECT_EQ(Run({"runs", "export", id, "--html", html}).end, "exit status 0");
  EXPECT_TRUE(Has(ReadFile(html), "</html>"));
  EXPECT_EQ(Run({"runs", "export", id, "--html", html, "--lang", "zh"}).end, "exit status 0");
  EXPECT_TRUE(Has(ReadFile(html), "<html lang=\"zh-CN\">"));
  EXPECT_TRUE(Has(Run({"runs", "show", id, "--lang", "zh"}).out, "答对率"));
}

TEST_F(RunsCommandTest, RemovesOnlyWhenItIsSure) {
  const std::string one = Store({"small", "big"}), two = Store({"small", "big"});
  Outcome outcome = Run({"runs", "rm", one});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_TRUE(Has(outcome.last_error, "--yes")) << outcome.last_error;
  outcome = Run({"runs", "rm", one, "zzzzzz", "--yes"});
  EXPECT_EQ(outcome.end, "exit status 1") << "one of them is not there";
  outcome = Run({"runs", "rm", one, "--yes"});
  EXPECT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  EXPECT_TRUE(Has(outcome.out, "Removed run " + one + ": 12 answers, 24 timings")) << outcome.out;
  EXPECT_TRUE(Has(Run({"runs", "show", one}).last_error, "retort runs list"));
  EXPECT_EQ(Json::parse(Run({"runs", "list", "--json"}).out).size(), 1u);
}

TEST_F(RunsCommandTest, ComparesStoredRuns) {
  const std::string one = Store({"small"}), two = Store({"big"});
  Outcome outcome = Run({"compare", one, two, "--json", "--html", dir_.File("r.html")});
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json["models"].size(), 2u);
  EXPECT_EQ(json["pairs"].size(), 1u);
  EXPECT_TRUE(Has(json["notes"].dump(), one + " of 2026-01-02")) << json["notes"];
  EXPECT_TRUE(Has(ReadFile(dir_.File("r.html")), "not in turns"));

  outcome = Run({"compare", one});
  EXPECT_TRUE(Has(outcome.last_error, "has one model")) << outcome.last_error;
  CompareSettings other = SmallSettings();
  other.seed = 2;
  other.num_threads = 7;
  outcome = Run({"compare", one, Store({"third"}, other)});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_TRUE(Has(outcome.last_error, "seed is 1 there and 2 here")) << outcome.last_error;
}

TEST_F(RunsCommandTest, AStoreThatCannotBeReadIsNamed) {
  const std::string rubbish = dir_.File("rubbish.db");
  std::ofstream(rubbish) << std::string(2000, 'x');
  const Outcome outcome = Run({"runs", "list", "--store", rubbish});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_TRUE(Has(outcome.last_error, rubbish)) << outcome.last_error;
  EXPECT_EQ(ReadFile(rubbish), std::string(2000, 'x'));
}

}  // namespace
}  // namespace retort
