// Wrong answers by cause. The texts stand once in the page, in the data of the questions; the
// script puts them where somebody opens one.
#include <fmt/format.h>

#include "lab/report/html_parts.h"
#include "lab/report/html_text.h"
#include "lab/report/plots.h"

namespace retort {
namespace {

constexpr Verdict kCauses[] = {Verdict::kWrong, Verdict::kNoAnswer, Verdict::kTruncated,
                               Verdict::kLooped};

// A function and not a table, so that each word stands beside its `say`.
std::string CauseWord(Verdict verdict, const Wording& say) {
  switch (verdict) {
    case Verdict::kCorrect:
      return say("right");
    case Verdict::kWrong:
      return say("wrong value");
    case Verdict::kNoAnswer:
      return say("no answer found");
    case Verdict::kTruncated:
      return say("cut at the token limit");
    case Verdict::kLooped:
      return say("ran in circles");
  }
  return VerdictName(verdict);
}

std::string CauseTable(const ReportView& view, const std::string& title) {
  std::string body, head = Head(view.say("answers"));
  for (size_t i = 0; i < view.comparison.models.size(); ++i) {
    body += fmt::format("<tr><th scope=\"row\">{}</th>", Chip(view, i));
    body += Cell(fmt::format("{}", view.summary.verdicts[i][Verdict::kCorrect]));
    for (const Verdict cause : kCauses)
      body += Cell(fmt::format("{}", view.summary.verdicts[i][cause]));
    body += "</tr>";
  }
  head += Head(CauseWord(Verdict::kCorrect, view.say));
  for (const Verdict cause : kCauses) head += Head(CauseWord(cause, view.say));
  return TableElement(title, head, body);
}

std::string CauseFigure(const ReportView& view) {
  const std::string title = view.say("What became of the answers");
  BarPlotSpec spec;
  spec.title = title;
  spec.unit = view.say("answers");
  for (const Verdict cause : kCauses) {
    PlotGroup group{.label = CauseWord(cause, view.say), .values = {}};
    for (size_t i = 0; i < view.comparison.models.size(); ++i) {
      const int64_t count = view.summary.verdicts[i][cause];
      group.values.push_back({.series = static_cast<int>(i),
                              .label = view.comparison.models[i].facts.letter,
                              .value = static_cast<double>(count),
                              .interval = {},
                              .text = fmt::format("{}", count)});
    }
    spec.groups.push_back(std::move(group));
  }
  return FigureElement(title, BarPlot(spec), CauseTable(view, title));
}

// One line that says what went wrong, over an empty place for the texts.
std::string Entry(const ReportView& view, size_t model, const AnswerRecord& record) {
  const Problem& problem = view.comparison.problems[static_cast<size_t>(record.problem)];
  const std::string read =
      record.graded.extracted.empty() ? "" : view.say("read as {}", record.graded.extracted);
  return fmt::format(
      "<details class=\"answer\" data-problem=\"{}\" data-model=\"{}\"><summary>{} "
      "<span class=\"quiet\">{}</span> {} <b>{}</b></summary></details>\n",
      record.problem, model, Chip(view, model), EscapeHtml(problem.id),
      EscapeHtml(view.say("expected {}", problem.answer_text)), EscapeHtml(read));
}

std::string CauseList(const ReportView& view, Verdict cause) {
  std::string entries;
  int count = 0;
  for (size_t i = 0; i < view.comparison.models.size(); ++i) {
    for (const AnswerRecord& record : view.comparison.models[i].answers) {
      if (record.graded.verdict != cause) continue;
      entries += Entry(view, i, record);
      ++count;
    }
  }
  if (count == 0) return "";
  return fmt::format(
      "<details class=\"cause\"><summary><b>{}</b> <span class=\"quiet\">{}</span>"
      "</summary>\n{}</details>\n",
      EscapeHtml(CauseWord(cause, view.say)), count, entries);
}

}  // namespace

std::string WrongSection(const ReportView& view) {
  if (view.summary.accuracy.empty()) return "";
  const Wording& say = view.say;
  std::string html = "<div class=\"plots\">" + CauseFigure(view) + "</div>\n";
  std::string lists;
  for (const Verdict cause : kCauses) lists += CauseList(view, cause);
  if (!lists.empty()) {
    html += fmt::format("<h3>{}</h3>\n<noscript><p>{}</p></noscript>\n{}",
                        EscapeHtml(say("Every wrong answer, by cause")),
                        EscapeHtml(say("Reading the answers needs JavaScript.")), lists);
  }
  return SectionElement("wrong", say("Wrong answers"), html);
}

}  // namespace retort
