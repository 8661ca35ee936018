#include "lab/report/html_report.h"

#include <fmt/format.h>

#include "lab/report/assets.h"
#include "lab/report/html_text.h"

namespace retort {
namespace {

std::string PageTitle(const ReportView& view) {
  std::string names;
  for (const ModelRun& run : view.comparison.models)
    names = names.empty() ? run.facts.name : view.say("{} and {}", names, run.facts.name);
  return view.say("{}, compared by Retort", names);
}

// Links to the sections that there are, by their ids and headings.
std::string Contents(const ReportView& view, const std::string& sections) {
  constexpr std::string_view kOpen = "<section id=\"", kHeading = "\"><h2>", kEnd = "</h2>";
  std::string links;
  for (size_t at = sections.find(kOpen); at != std::string::npos; at = sections.find(kOpen, at)) {
    const size_t id = at + kOpen.size(), heading = sections.find(kHeading, id);
    at = sections.find(kEnd, heading);
    links +=
        fmt::format("<a href=\"#{}\">{}</a>\n", sections.substr(id, heading - id),
                    sections.substr(heading + kHeading.size(), at - heading - kHeading.size()));
  }
  return fmt::format("<nav aria-label=\"{}\">\n{}</nav>\n", EscapeHtml(view.say("Contents")),
                     links);
}

}  // namespace

std::string HtmlReport(const ReportView& view, const VerdictText& verdict,
                       const std::string& nonce) {
  const char* language = view.say.language() == Language::kChinese ? "zh-CN" : "en";
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", language);
  page += fmt::format(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'nonce-{0}'; script-src 'nonce-{0}'; base-uri 'none'; form-action 'none'\">\n",
      nonce);
  page +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n";
  page += fmt::format("<title>{}</title>\n<style nonce=\"{}\">\n{}</style>\n</head>\n<body>\n",
                      EscapeHtml(PageTitle(view)), nonce, kReportCss);
  page += FirstScreen(view, verdict);
  const std::string sections = TradeOffSection(view) + AccuracySection(view) + WrongSection(view) +
                               LengthSection(view) + SpeedSection(view) + MemorySection(view) +
                               PromptSection(view) + QuestionSection(view, nonce) +
                               MethodSection(view);
  page += Contents(view, sections) + "<main>\n" + sections;
  page += fmt::format("</main>\n<script nonce=\"{}\">\n{}</script>\n</body>\n</html>\n", nonce,
                      kReportJs);
  return page;
}

}  // namespace retort
