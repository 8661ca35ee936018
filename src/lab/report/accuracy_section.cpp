// Who gets which problems right: by type, by level, by both, by language, and model against model.
#include <fmt/format.h>

#include "lab/compare/figure_text.h"
#include "lab/report/html_parts.h"
#include "lab/report/html_text.h"
#include "lab/report/plots.h"

namespace retort {
namespace {

using Groups = std::vector<const AccuracyGroup*>;

Groups By(const ReportView& view, std::initializer_list<std::string_view> kinds) {
  Groups found;
  for (const AccuracyGroup& group : view.summary.accuracy) {
    for (const std::string_view kind : kinds) {
      if (group.by == kind) found.push_back(&group);
    }
  }
  return found;
}

// "cut 12 %", below the share of right answers.
std::string CutText(const ReportView& view, const Share& cut) {
  if (cut.count == 0) return "";
  return fmt::format("<span class=\"range\">{}</span>",
                     view.say("cut {:.0f} %", 100 * cut.value()));
}

std::string AccuracyTable(const ReportView& view, const std::string& title, const Groups& groups) {
  std::string body;
  for (const AccuracyGroup* group : groups) {
    body += fmt::format("<tr>{}<td>{}</td>", RowHead(group->label), group->problems);
    for (size_t i = 0; i < group->right.size(); ++i) {
      std::string cell =
          FigureCell(view, ShareText(group->right[i]), group->winner == static_cast<int>(i));
      cell.insert(cell.rfind("</td>"), CutText(view, group->truncated[i]));
      body += cell;
    }
    body += "</tr>";
  }
  return TableElement(title, Head(view.say("% right")) + Head("n") + ModelHeads(view), body);
}

std::string AccuracyFigure(const ReportView& view, const std::string& title, const Groups& groups) {
  if (groups.empty()) return "";
  BarPlotSpec spec;
  spec.title = title;
  spec.unit = "%";
  spec.axis_end = 100;
  for (const AccuracyGroup* group : groups) {
    PlotGroup plotted{.label = group->label, .values = {}};
    for (size_t i = 0; i < group->right.size(); ++i) {
      const Share& share = group->right[i];
      if (share.total == 0) continue;
      plotted.values.push_back(
          {.series = static_cast<int>(i),
           .label = view.comparison.models[i].facts.letter,
           .value = 100 * share.value(),
           .interval = Interval{100 * share.interval.low, 100 * share.interval.high},
           .text = ShareText(share)});
    }
    spec.groups.push_back(std::move(plotted));
  }
  return FigureElement(title, BarPlot(spec), AccuracyTable(view, title, groups));
}

std::string PairTable(const ReportView& view, const std::string& title) {
  std::string body;
  for (const PairComparison& pair : view.summary.pairs) {
    const auto& models = view.comparison.models;
    body += "<tr>" +
            RowHead(fmt::format("{} − {}", models[static_cast<size_t>(pair.first)].facts.letter,
                                models[static_cast<size_t>(pair.second)].facts.letter));
    for (const int64_t count :
         {pair.counts.both, pair.counts.only_first, pair.counts.only_second, pair.counts.neither})
      body += Cell(fmt::format("{}", count));
    body += Cell(fmt::format("{} ({})", PointsText(pair.accuracy.estimate),
                             PointsRangeText(pair.accuracy.interval, view.say)));
    body += Cell(PValueText(pair.adjusted_p)) + "</tr>";
  }
  const Wording& say = view.say;
  return TableElement(title,
                      Head(say("pair")) + Head(say("both")) + Head(say("1st only")) +
                          Head(say("2nd only")) + Head(say("neither")) +
                          Head(say("points (95 %)")) + Head(say("McNemar")),
                      body);
}

}  // namespace

std::string AccuracySection(const ReportView& view) {
  if (view.summary.accuracy.empty()) return "";
  const Wording& say = view.say;
  std::string html = "<div class=\"plots\">";
  html += AccuracyFigure(view, say("By type"), By(view, {"all", "type"}));
  html += AccuracyFigure(view, say("By level, from 1 (one operation) to 5 (contest-like)"),
                         By(view, {"level"}));
  html += AccuracyFigure(view, say("Algebra by level"), By(view, {"algebra"}));
  html += AccuracyFigure(view, say("Geometry by level"), By(view, {"geometry"}));
  html += AccuracyFigure(view, say("Word problems by level"), By(view, {"word"}));
  html += AccuracyFigure(view, say("By language of the question"), By(view, {"language"}));
  const std::string pairs = say("Who gets which right");
  html += FigureElement(pairs, "", PairTable(view, pairs)) + "</div>\n";
  html += Note(say(
      "Share of right answers with 95 % Wilson intervals; “cut” is the share that reached {} "
      "tokens "
      "or was stopped because it repeated itself. “best” stands where McNemar’s exact test on the "
      "same problems gives p < 0.05 against every other model (groups are not corrected for being "
      "many).",
      view.comparison.settings.max_tokens));
  return SectionElement("accuracy", say("Accuracy"), html);
}

}  // namespace retort
