#include "lab/report/html_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lab/compare/made_up_comparison.h"
#include "lab/report/test_occurrences.h"
#include "tests/support/run_program.h"

namespace retort {
namespace {

constexpr char kHostile[] =
    "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\" & ]]> <!-- \x01\x1b[0m "
    "\xff\xfe \u202E";

std::string Render(const Comparison& comparison, Language language = Language::kEnglish) {
  const Wording say(language);
  const Summary summary = Summarize(comparison, say);
  return HtmlReport({comparison, summary, say}, DescribeVerdict(comparison, summary, say), "n0nce");
}

Comparison Ordinary() {
  return MadeUpComparison({{.name = "small", .right = 6, .tokens_per_s = 152},
                           {.name = "big", .right = 25, .tokens_per_s = 61}});
}

nlohmann::json EmbeddedData(const std::string& page) {
  const std::string open = "id=\"data\" nonce=\"n0nce\">";
  const size_t begin = page.find(open) + open.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

TEST(HtmlReportTest, OpensWithVerdictFiguresAndPicture) {
  const std::string page = Render(Ordinary());
  const size_t evidence = page.find("<main>");
  EXPECT_LT(page.find("<h1>big gets 42"), evidence);
  EXPECT_LT(page.find("class=\"hero\""), evidence);
  EXPECT_EQ(Occurrences(page.substr(0, evidence), "class=\"card\""), 4u);
  for (const char* part :
       {"id=\"tradeoff\"", "id=\"accuracy\"", "id=\"wrong\"", "id=\"lengths\"", "id=\"speed\"",
        "id=\"memory\"", "id=\"prompts\"", "id=\"questions\"", "id=\"method\"",
        "Some CPU @ 2.60GHz", "retort compare a.gguf b.gguf", "42 ± 13"})
    EXPECT_TRUE(Has(page, part)) << part;
}

TEST(HtmlReportTest, LoadsNothingFromAnywhere) {
  const std::string page = Render(Ordinary());
  for (const char* part : {"http://", "https://", "//cdn", "@import", "url(", " src=", "<link"})
    EXPECT_FALSE(Has(page, part)) << part;
  EXPECT_TRUE(Has(page, "default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce'"));
  EXPECT_FALSE(Has(page, "unsafe-inline"));
  // The policy refuses what has no nonce: styles and handlers written into elements.
  EXPECT_EQ(Occurrences(page, "style=\""), 0u);
  EXPECT_EQ(Occurrences(page, " onclick=\""), 0u);
}

TEST(HtmlReportTest, EveryPlotHasItsTable) {
  const std::string page = Render(Ordinary());
  const std::string evidence = page.substr(page.find("<main>"));
  EXPECT_EQ(Occurrences(evidence, "<svg"),
            Occurrences(evidence, "</svg><div class=\"scroll\" role=\"region\""));
}

TEST(HtmlReportTest, ContentsLeadToEverySection) {
  const std::string page = Render(Ordinary());
  EXPECT_EQ(Occurrences(page, "<section id="), 9u);
  EXPECT_EQ(Occurrences(page, "<a href=\"#"), 9u);
  EXPECT_TRUE(Has(page, "<a href=\"#wrong\">Wrong answers</a>"));
}

TEST(HtmlReportTest, EveryWrongAnswerIsListedUnderItsCause) {
  Comparison comparison = Ordinary();
  comparison.models[0].answers[59].graded.verdict = Verdict::kLooped;
  comparison.models[0].answers[59].graded.extracted.clear();
  const std::string page = Render(comparison);
  // 54 of one model, 35 of the other, of 60 each.
  EXPECT_EQ(Occurrences(page, "<details class=\"answer\""), 54u + 35u);
  EXPECT_EQ(Occurrences(page, "<details class=\"cause\""), 2u);
  const size_t looped = page.find("<b>ran in circles</b> <span class=\"quiet\">1</span>");
  ASSERT_NE(looped, std::string::npos);
  const size_t entry = page.find("data-problem=\"59\" data-model=\"0\"", looped);
  EXPECT_TRUE(Has(page.substr(entry, 300), "expected 60 <b></b>"));
}

TEST(HtmlReportTest, SaysHowToDoItAgainFromTheStore) {
  Comparison comparison = Ordinary();
  EXPECT_FALSE(Has(Render(comparison), "retort runs export"));
  comparison.id = "k3f9q2";
  comparison.models[0].facts.digest = "0123abcd";
  const std::string page = Render(comparison);
  EXPECT_TRUE(Has(page, "retort runs export k3f9q2 --html report.html"));
  EXPECT_TRUE(Has(page, "retort compare k3f9q2 OTHER.gguf"));
  EXPECT_TRUE(Has(page, "0123abcd"));
}

TEST(HtmlReportTest, SpeaksChineseThroughout) {
  Comparison comparison = Ordinary();
  comparison.id = "k3f9q2";
  const std::string page = Render(comparison, Language::kChinese);
  EXPECT_TRUE(Has(page, "<html lang=\"zh-CN\">"));
  EXPECT_TRUE(Has(page, "<h1>big 答对 42"));
  EXPECT_TRUE(Has(page, "最佳"));
  // No word of the catalogue is left in English between tags.
  for (const auto& [english, chinese] : ChineseWords()) {
    if (english.find_first_of(" ") == std::string::npos) continue;
    EXPECT_FALSE(Has(page, ">" + english + "<")) << english;
  }
  const nlohmann::json data = EmbeddedData(page);
  for (const char* text : {"No question matches.",
                           "One column per question, {0} from the top: full means right, ring "
                           "wrong. Arrow keys leaf."})
    EXPECT_EQ(data["words"][text], ChineseWords().at(text));
  EXPECT_TRUE(EmbeddedData(Render(comparison))["words"].empty());
}

TEST(HtmlReportTest, HostileTextStaysText) {
  const std::string ordinary = Render(Ordinary());
  Comparison comparison = Ordinary();
  comparison.command = kHostile;
  comparison.machine.cpu = kHostile;
  comparison.started_at = kHostile;
  comparison.problems[3].question = kHostile;
  comparison.problems[3].answer_text = kHostile;
  for (ModelRun& run : comparison.models) {
    run.facts.name += kHostile;
    run.facts.path = kHostile;
    run.facts.backend = kHostile;
    run.facts.architecture = kHostile;
    run.failure = kHostile;
    run.cold_starts.cold_note = kHostile;
    run.prompts[0].answer = kHostile;
    run.answers[3].reasoning = kHostile;
    run.answers[3].answer = kHostile;
    run.answers[3].graded.extracted = kHostile;
  }
  const std::string page = Render(comparison);
  for (const char* tag : {"<script", "</script>", "<img", "<!--"})
    EXPECT_EQ(Occurrences(page, tag), Occurrences(ordinary, tag)) << tag;
  for (const char* bytes : {"\x01", "\x1b", "\xff", "\xfe", "\u202E"})
    EXPECT_FALSE(Has(page, bytes));

  const nlohmann::json data = EmbeddedData(page);
  const std::string answer = data["problems"][3]["by"][0]["answer"];
  EXPECT_TRUE(answer.starts_with("</script><script>alert(1)</script><img src=x"));
  EXPECT_EQ(data["problems"].size(), 60u);
  EXPECT_EQ(data["problems"][0]["by"].size(), 2u);
  EXPECT_EQ(data["problems"][3]["by"][0]["verdict"], "correct");
}

TEST(HtmlReportTest, LeavesOutWhatWasNotMeasured) {
  Comparison comparison = MadeUpComparison({{.name = "x"}, {.name = "y"}}, 0);
  comparison.models[1].memory.reset();
  comparison.models[1].prompts.clear();
  const std::string page = Render(comparison);
  EXPECT_FALSE(Has(page, "id=\"accuracy\""));
  EXPECT_FALSE(Has(page, "id=\"questions\""));
  EXPECT_TRUE(Has(page, "not measured"));
  EXPECT_FALSE(Has(page, "nan"));
}

}  // namespace
}  // namespace retort
