// What was asked and answered.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "lab/report/assets.h"
#include "lab/report/html_parts.h"
#include "lab/report/html_text.h"

namespace retort {
namespace {

using SortedJson = nlohmann::json;

// What the script says: every text that report.js hands to its `say`.
SortedJson ScriptWords(const Wording& say) {
  constexpr std::string_view kCall = "say(";
  SortedJson words = SortedJson::object();
  for (size_t at = kReportJs.find(kCall); at != std::string_view::npos;
       at = kReportJs.find(kCall, at + 1)) {
    const size_t quote = kReportJs.find_first_not_of(" \n", at + kCall.size());
    if (kReportJs[quote] != '"') continue;
    const size_t begin = quote + 1;
    const std::string text(kReportJs.substr(begin, kReportJs.find('"', begin) - begin));
    if (std::string there = say(text); there != text) words[text] = std::move(there);
  }
  return words;
}

SortedJson QuestionData(const ReportView& view) {
  const Comparison& comparison = view.comparison;
  SortedJson models = SortedJson::array(), problems = SortedJson::array();
  for (const ModelRun& run : comparison.models)
    models.push_back({{"letter", run.facts.letter}, {"name", CleanText(run.facts.name)}});
  for (const Problem& problem : comparison.problems) {
    problems.push_back({{"id", problem.id},
                        {"type", ProblemTypeName(problem.type)},
                        {"level", problem.level},
                        {"lang", LanguageName(problem.language)},
                        {"question", CleanText(problem.question)},
                        {"answer", CleanText(problem.answer_text)},
                        {"by", SortedJson::array()}});
    for (size_t i = 0; i < comparison.models.size(); ++i) problems.back()["by"].push_back(nullptr);
  }
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    for (const AnswerRecord& record : comparison.models[i].answers) {
      problems[static_cast<size_t>(record.problem)]["by"][i] = {
          {"verdict", VerdictName(record.graded.verdict)},
          {"extracted", CleanText(record.graded.extracted)},
          {"path", record.graded.path},
          {"reasoning", CleanText(record.reasoning)},
          {"answer", CleanText(record.answer)},
          {"finish", record.finish},
          {"thinkingEnd", record.thinking_end},
          {"thoughtTokens", record.reasoning_tokens},
          {"tokens", record.new_tokens}};
    }
  }
  return {{"models", std::move(models)},
          {"problems", std::move(problems)},
          {"words", ScriptWords(view.say)}};
}

std::string Filter(const char* id, const std::string& label, const std::string& all) {
  return fmt::format(
      "<label>{} <select id=\"{}\"><option value=\"\">{}</option></select></label>\n",
      EscapeHtml(label), id, EscapeHtml(all));
}

}  // namespace

std::string PromptSection(const ReportView& view) {
  const Comparison& comparison = view.comparison;
  if (comparison.models[0].prompts.empty()) return "";
  std::string html;
  for (size_t prompt = 0; prompt < comparison.models[0].prompts.size(); ++prompt) {
    const SpeedTest& first = comparison.models[0].prompts[prompt];
    html += fmt::format(
        "<details><summary><b>{}</b> <span lang=\"zh\">{}</span></summary>"
        "<div class=\"answers\">",
        EscapeHtml(first.id), EscapeHtml(first.prompt));
    for (size_t i = 0; i < comparison.models.size(); ++i) {
      if (prompt >= comparison.models[i].prompts.size()) continue;
      html +=
          fmt::format("<article><h3>{} {}</h3><pre lang=\"zh\" tabindex=\"0\">{}</pre></article>",
                      Chip(view, i), EscapeHtml(view.say("first run")),
                      EscapeHtml(comparison.models[i].prompts[prompt].answer));
    }
    html += "</div></details>\n";
  }
  html += Note(view.say("Cut after {} tokens; they are timed, not graded.",
                        comparison.settings.speed_max_tokens));
  return SectionElement("prompts", view.say("The three speed prompts"), html);
}

std::string QuestionSection(const ReportView& view, const std::string& nonce) {
  if (view.comparison.problems.empty()) return "";
  const Wording& say = view.say;
  std::string html = fmt::format(
      "<noscript><p>{}</p></noscript>\n<div id=\"browser\" hidden>\n<div class=\"filters\">\n",
      EscapeHtml(say("Leafing through the questions needs JavaScript; figures, plots and tables do "
                     "not.")));
  html += Filter("type", say("Type"), say("all")) + Filter("level", say("Level"), say("all"));
  html +=
      Filter("lang", say("Language"), say("all")) + Filter("verdict", say("Verdict"), say("any"));
  html += fmt::format(
      "<label class=\"check\"><input type=\"checkbox\" id=\"differ\"> {}</label>\n</div>\n"
      "<div id=\"strip\" role=\"listbox\" aria-label=\"{}\" tabindex=\"0\"></div>\n"
      "<p class=\"quiet\" id=\"strip-key\"></p>\n"
      "<div class=\"pager\"><button id=\"previous\" type=\"button\">← {}</button>"
      "<span id=\"position\" aria-live=\"polite\"></span>"
      "<button id=\"next\" type=\"button\">{} →</button></div>\n"
      "<div id=\"question\"></div>\n</div>\n",
      EscapeHtml(say("only where they differ")), EscapeHtml(say("Questions")),
      EscapeHtml(say("Previous")), EscapeHtml(say("Next")));
  html += fmt::format("<script type=\"application/json\" id=\"data\" nonce=\"{}\">{}</script>\n",
                      nonce, JsonForScript(QuestionData(view)));
  return SectionElement("questions", say("Every question"), html);
}

}  // namespace retort
