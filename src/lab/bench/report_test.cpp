#include "lab/bench/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lab/bench/table.h"

namespace retort {
namespace {

BenchReport TwoModels() {
  BenchReport report;
  report.machine.cpu = "Processor";
  report.backend = "cpu avx2, 2 threads";
  report.threads = 2;
  report.limits = {.read_bytes_per_s = 24e9, .flops_per_s = 410e9, .prompt_flops_per_s = 820e9};
  const StartFigures start = {
      .seconds = {0.5, 0.6, 0.7}, .resident_bytes = 300'000'000, .memory = {.weights = 98'000'000}};
  report.subjects = {{.model = "a", .path = "x/a.gguf", .start = start},
                     {.model = "b", .path = "x/b.gguf"}};
  report.results = {
      {.model = "a", .test = "tg128", .tokens_per_s = {86, 90, 88}, .limit_share = 0.41},
      {.model = "b", .test = "tg128", .tokens_per_s = {26, 24, 25}, .limit_share = 0.5}};
  return report;
}

TEST(BenchReport, TheTableMarksTheFastestAndStatesMedianAndSpread) {
  EXPECT_EQ(FormatTables(TwoModels(), TableForm::kAligned),
            "Processor; cpu avx2, 2 threads; reads 24.0 GB/s, computes 410 GFLOP/s, prompts 820\n"
            "\n"
            "test    model       tokens/s   of limit, %   limited by\n"
            "tg128   a       * 88.0 ± 1.0            41   bandwidth\n"
            "tg128   b         25.0 ± 0.5            50   bandwidth\n"
            "* the fastest of its test\n"
            "\n"
            "model   cold start, s   resident, MB   weights, MB   KV cache, MB   work space, MB\n"
            "a         0.60 ± 0.05            300            98              0                0\n");
}

TEST(BenchReport, WaitsStandBesideTheSpeedsOfTestsThatHaveThem) {
  BenchReport report = TwoModels();
  report.subjects = {{.model = "a", .path = "x/a.gguf"}};
  report.results.pop_back();
  report.results.push_back({.model = "a",
                            .test = "first128",
                            .tokens_per_s = {256, 512, 256},
                            .wait_s = {0.5, 0.25, 0.5},
                            .limit_share = 0.3,
                            .limited_by_arithmetic = true});
  const std::string text = FormatTables(report, TableForm::kAligned);
  EXPECT_NE(text.find("test       model     tokens/s       wait, s   of limit, %   limited by\n"
                      "tg128      a       88.0 ± 1.0                          41   bandwidth\n"
                      "first128   a         256 ± 64   0.50 ± 0.06            30   arithmetic\n"),
            std::string::npos)
      << text;
  const auto line = nlohmann::json::parse(FormatJsonLine(report, report.results[1]));
  EXPECT_DOUBLE_EQ(line["wait_s"], 0.5);
  EXPECT_DOUBLE_EQ(line["wait_spread"], 0.0625);
  EXPECT_FALSE(nlohmann::json::parse(FormatJsonLine(report, report.results[0])).contains("wait_s"));
}

TEST(BenchReport, MarkdownHasTheSameCells) {
  const std::string text = FormatTables(TwoModels(), TableForm::kMarkdown);
  EXPECT_NE(text.find("| test | model | tokens/s | of limit, % | limited by |\n"
                      "| --- | --- | ---: | ---: | --- |\n"
                      "| tg128 | a | * 88.0 ± 1.0 | 41 | bandwidth |\n"),
            std::string::npos)
      << text;
}

TEST(BenchReport, OneModelHasNobodyToBeFasterThan) {
  BenchReport report = TwoModels();
  report.subjects.pop_back();
  report.results.pop_back();
  EXPECT_EQ(FormatTables(report, TableForm::kAligned).find('*'), std::string::npos);
}

TEST(BenchReport, AJsonLineStandsOnItsOwn) {
  const BenchReport report = TwoModels();
  const std::string text = FormatJsonLine(report, report.results[0]);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto line = nlohmann::json::parse(text);
  EXPECT_EQ(line["model"], "a");
  EXPECT_EQ(line["test"], "tg128");
  EXPECT_DOUBLE_EQ(line["tokens_per_s"], 88);
  EXPECT_DOUBLE_EQ(line["spread"], 1);
  EXPECT_EQ(line["n"], 3);
  EXPECT_DOUBLE_EQ(line["limit_share"], 0.41);
  EXPECT_EQ(line["limit"], "bandwidth");
  EXPECT_EQ(line["threads"], 2);
  EXPECT_EQ(line["cpu"], "Processor");
  EXPECT_DOUBLE_EQ(line["cold_start_s"], 0.6);
  EXPECT_EQ(line["weights_bytes"], 98'000'000);
  EXPECT_FALSE(nlohmann::json::parse(FormatJsonLine(report, report.results[1]))
                   .contains("cold_start_s"));  // not measured: no figure instead of a zero
}

TEST(Table, CountsCharactersAndLeavesNoBlanksAtTheEnd) {
  const Table table = {.columns = {{"a"}, {"n", true}, {"b"}},
                       .rows = {{"ä", "1", "x"}, {"abc", "12 ± 3", ""}}};
  EXPECT_EQ(FormatAligned(table),
            "a          n   b\n"
            "ä          1   x\n"
            "abc   12 ± 3\n");
}

}  // namespace
}  // namespace retort
