// Writes a report of a made-up comparison, for what wants to see one in a browser.
//
//   make_page en|zh FILE
#include <cstdio>
#include <fstream>
#include <string>

#include "lab/compare/made_up_comparison.h"
#include "lab/report/html_report.h"

namespace {

// Three models, one of them beaten in everything, with thoughts and each cause of a wrong answer.
retort::Comparison MadeUp() {
  using retort::Verdict;
  retort::Comparison comparison = retort::MadeUpComparison(
      {{.name = "small-135m", .right = 6, .tokens_per_s = 152, .resident = 150'000'000},
       {.name = "big-1.5b", .right = 31, .tokens_per_s = 15, .resident = 1'400'000'000},
       {.name = "beaten", .right = 20, .tokens_per_s = 12, .resident = 1'900'000'000}});
  comparison.id = "k3f9q2";
  comparison.notes = {"Figures are made up, to look at the page."};
  for (retort::ModelRun& run : comparison.models) {
    run.facts.digest = std::string(64, 'a');
    for (retort::AnswerRecord& record : run.answers) {
      record.reasoning = "<b>Hm</b>, let me see: " + std::string(400, 'x');
      record.reasoning_tokens = 120;
      record.thinking_end = "model";
    }
  }
  comparison.models[1].answers[40].graded = {Verdict::kNoAnswer, "", ""};
  comparison.models[1].answers[41].graded = {Verdict::kTruncated, "", ""};
  comparison.models[1].answers[42].graded = {Verdict::kLooped, "", ""};
  return comparison;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: make_page en|zh FILE\n", stderr);
    return 2;
  }
  const bool chinese = std::string(argv[1]) == "zh";
  const retort::Wording say(chinese ? retort::Language::kChinese : retort::Language::kEnglish);
  const retort::Comparison comparison = MadeUp();
  const retort::Summary summary = retort::Summarize(comparison, say);
  std::ofstream file(argv[2], std::ios::binary);
  file << retort::HtmlReport({comparison, summary, say},
                             retort::DescribeVerdict(comparison, summary, say), "n0nce");
  file.close();
  return file ? 0 : 1;
}
