#include "lab/report/html_report.h"

#include <fmt/format.h>

#include "lab/report/assets.h"
#include "lab/report/html_sections.h"
#include "lab/report/html_text.h"

namespace retort {
namespace {

std::string PageTitle(const Comparison& comparison) {
  std::string names;
  for (const ModelRun& run : comparison.models)
    names += (names.empty() ? "" : " and ") + run.facts.name;
  return names + ", compared by Retort";
}

}  // namespace

std::string HtmlReport(const Comparison& comparison, const Summary& summary,
                       const VerdictText& verdict, const std::string& nonce) {
  std::string page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += fmt::format(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'nonce-{0}'; script-src 'nonce-{0}'; base-uri 'none'; form-action 'none'\">\n",
      nonce);
  page +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n";
  page += fmt::format("<title>{}</title>\n<style nonce=\"{}\">\n{}</style>\n</head>\n<body>\n",
                      EscapeHtml(PageTitle(comparison)), nonce, kReportCss);
  page += FirstScreen(comparison, summary, verdict);
  page += "<main>\n";
  page += AccuracySection(comparison, summary);
  page += SpeedSection(comparison, summary);
  page += MemorySection(comparison, summary);
  page += PromptSection(comparison);
  page += QuestionSection(comparison, nonce);
  page += MethodSection(comparison);
  page += fmt::format("</main>\n<script nonce=\"{}\">\n{}</script>\n</body>\n</html>\n", nonce,
                      kReportJs);
  return page;
}

}  // namespace retort
