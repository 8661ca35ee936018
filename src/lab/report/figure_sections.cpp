// Accuracy, speed and memory: each a plot with its table under it.
#include <fmt/format.h>

#include <algorithm>

#include "lab/compare/figure_text.h"
#include "lab/report/html_sections.h"
#include "lab/report/html_text.h"
#include "lab/report/plot_svg.h"

namespace retort {
namespace {

std::string HeaderCells(const Comparison& comparison) {
  std::string out;
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    out += fmt::format("<th scope=\"col\"><span class=\"chip series{}\">{}</span></th>", i,
                       comparison.models[i].facts.letter);
  }
  return out;
}

std::string Cell(const std::string& text, bool best) {
  return fmt::format("<td{}>{}{}</td>", best ? " class=\"best\"" : "", best ? "<em>best</em> " : "",
                     EscapeHtml(text));
}

std::string Table(const std::string& head, const std::string& body) {
  return fmt::format(
      "<div class=\"scroll\"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>\n",
      head, body);
}

// "first token, algebra" as "algebra", under a title that says the rest.
std::string WithoutTopic(const std::string& label) {
  const size_t comma = label.find(", ");
  const bool has_topic = label.starts_with("speed, ") || label.starts_with("first token, ") ||
                         label.starts_with("cold start, ");
  return has_topic ? label.substr(comma + 2) : label;
}

std::string FigureTable(const Comparison& comparison, const std::vector<const FigureRow*>& rows) {
  std::string body;
  for (const FigureRow* row : rows) {
    body += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"unit\">{}</td>",
                        EscapeHtml(WithoutTopic(row->label)), EscapeHtml(row->unit));
    int n = 0;
    for (size_t i = 0; i < row->figures.size(); ++i) {
      const auto& figure = row->figures[i];
      body += Cell(figure ? FigureText(*figure) : "–", row->winner == static_cast<int>(i));
      if (figure) n = std::max(n, figure->n);
    }
    body += fmt::format("<td>{}</td></tr>", n);
  }
  return Table("<th scope=\"col\"></th><th scope=\"col\">unit</th>" + HeaderCells(comparison) +
                   "<th scope=\"col\">n</th>",
               body);
}

std::vector<const FigureRow*> Starting(const std::vector<FigureRow>& rows,
                                       const std::string& prefix) {
  std::vector<const FigureRow*> found;
  for (const FigureRow& row : rows) {
    if (row.id.starts_with(prefix)) found.push_back(&row);
  }
  return found;
}

std::string FigurePlot(const Comparison& comparison, const std::string& title,
                       const std::vector<const FigureRow*>& rows) {
  if (rows.empty()) return "";
  BarPlotSpec spec{.title = title, .unit = rows[0]->unit, .groups = {}, .axis_end = {}};
  for (const FigureRow* row : rows) {
    PlotGroup group{.label = WithoutTopic(row->label), .values = {}};
    for (size_t i = 0; i < row->figures.size(); ++i) {
      if (!row->figures[i]) continue;
      group.values.push_back({.series = static_cast<int>(i),
                              .label = comparison.models[i].facts.letter,
                              .value = row->figures[i]->value,
                              .interval = row->figures[i]->interval,
                              .text = FigureText(*row->figures[i])});
    }
    spec.groups.push_back(std::move(group));
  }
  return fmt::format("<figure><h3>{}</h3>{}{}</figure>\n", EscapeHtml(title), BarPlot(spec),
                     FigureTable(comparison, rows));
}

std::string AccuracyTable(const Comparison& comparison,
                          const std::vector<const AccuracyGroup*>& groups) {
  std::string body;
  for (const AccuracyGroup* group : groups) {
    body += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>", EscapeHtml(group->label),
                        group->problems);
    for (size_t i = 0; i < group->right.size(); ++i)
      body += Cell(ShareText(group->right[i]), group->winner == static_cast<int>(i));
    for (const Share& share : group->truncated)
      body += fmt::format("<td>{:.0f}</td>", 100 * share.value());
    body += "</tr>";
  }
  std::string head = "<th scope=\"col\">% right</th><th scope=\"col\">n</th>";
  head += HeaderCells(comparison);
  for (const ModelRun& run : comparison.models)
    head += fmt::format("<th scope=\"col\">{} cut&nbsp;%</th>", run.facts.letter);
  return Table(head, body);
}

std::string AccuracyPlot(const Comparison& comparison, const std::string& title,
                         const std::vector<const AccuracyGroup*>& groups) {
  if (groups.empty()) return "";
  BarPlotSpec spec{.title = title, .unit = "%", .groups = {}, .axis_end = 100};
  for (const AccuracyGroup* group : groups) {
    PlotGroup plotted{.label = group->label, .values = {}};
    for (size_t i = 0; i < group->right.size(); ++i) {
      const Share& share = group->right[i];
      if (share.total == 0) continue;
      plotted.values.push_back(
          {.series = static_cast<int>(i),
           .label = comparison.models[i].facts.letter,
           .value = 100 * share.value(),
           .interval = Interval{100 * share.interval.low, 100 * share.interval.high},
           .text = ShareText(share)});
    }
    spec.groups.push_back(std::move(plotted));
  }
  return fmt::format("<figure><h3>{}</h3>{}{}</figure>\n", EscapeHtml(title), BarPlot(spec),
                     AccuracyTable(comparison, groups));
}

std::string PairTable(const Comparison& comparison, const Summary& summary) {
  std::string body;
  for (const PairComparison& pair : summary.pairs) {
    const std::string& a = comparison.models[static_cast<size_t>(pair.first)].facts.letter;
    const std::string& b = comparison.models[static_cast<size_t>(pair.second)].facts.letter;
    body += fmt::format(
        "<tr><th scope=\"row\">{0} − {1}</th><td>{2}</td><td>{3}</td><td>{4}</td><td>{5}</td>"
        "<td>{6} ({7})</td><td>{8}</td></tr>",
        a, b, pair.counts.both, pair.counts.only_first, pair.counts.only_second,
        pair.counts.neither, PointsText(pair.accuracy.estimate),
        PointsRangeText(pair.accuracy.interval), EscapeHtml(PValueText(pair.adjusted_p)));
  }
  return Table(
      "<th scope=\"col\">pair</th><th scope=\"col\">both</th><th scope=\"col\">1st only</th><th "
      "scope=\"col\">2nd only</th><th scope=\"col\">neither</th><th scope=\"col\">points "
      "(95&nbsp;%)</th><th scope=\"col\">McNemar</th>",
      body);
}

std::string CauseTable(const Comparison& comparison, const Summary& summary) {
  std::string body;
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    body += fmt::format("<tr><th scope=\"row\"><span class=\"chip series{}\">{}</span></th>", i,
                        comparison.models[i].facts.letter);
    for (const Verdict verdict : {Verdict::kCorrect, Verdict::kWrong, Verdict::kNoAnswer,
                                  Verdict::kTruncated, Verdict::kLooped})
      body += fmt::format("<td>{}</td>", summary.verdicts[i][verdict]);
    body += "</tr>";
  }
  return Table(
      "<th scope=\"col\">answers</th><th scope=\"col\">right</th><th scope=\"col\">wrong</th><th "
      "scope=\"col\">no answer found</th><th scope=\"col\">truncated</th><th "
      "scope=\"col\">looped</th>",
      body);
}

}  // namespace

std::string AccuracySection(const Comparison& comparison, const Summary& summary) {
  if (summary.accuracy.empty()) return "";
  std::vector<const AccuracyGroup*> by_type, by_level, by_language;
  for (const AccuracyGroup& group : summary.accuracy) {
    if (group.by == "all" || group.by == "type") by_type.push_back(&group);
    if (group.by == "level") by_level.push_back(&group);
    if (group.by == "language") by_language.push_back(&group);
  }
  std::vector<const FigureRow*> answers;
  for (const FigureRow& row : summary.answers) answers.push_back(&row);
  std::string out = "<section id=\"accuracy\"><h2>Accuracy</h2>\n<div class=\"plots\">";
  out += AccuracyPlot(comparison, "By type", by_type);
  out += AccuracyPlot(comparison, "By level, from 1 (one operation) to 5 (contest-like)", by_level);
  out += AccuracyPlot(comparison, "By language", by_language);
  out += "<figure><h3>Who gets which right</h3>" + PairTable(comparison, summary);
  out += "<h3>What became of the answers</h3>" + CauseTable(comparison, summary);
  out += FigureTable(comparison, answers) + "</figure></div>\n";
  out += fmt::format(
      "<p class=\"note\">Share of right answers with 95&nbsp;% Wilson intervals; “cut” is the "
      "share that reached {} tokens or was stopped because it repeated itself. “best” stands "
      "where McNemar’s exact test on the same problems gives p&nbsp;&lt;&nbsp;0.05 against every "
      "other model (groups are not corrected for being many).</p></section>\n",
      comparison.settings.max_tokens);
  return out;
}

std::string SpeedSection(const Comparison& comparison, const Summary& summary) {
  std::string out = "<section id=\"speed\"><h2>Speed</h2>\n<div class=\"plots\">";
  out += FigurePlot(comparison, "Tokens per second, one answer at a time",
                    Starting(summary.speed, "tokens_per_s."));
  out += FigurePlot(comparison, "First token", Starting(summary.speed, "first_token."));
  out += FigurePlot(comparison, "Cold start, from exec to first token",
                    Starting(summary.speed, "cold_start."));
  std::string notes;
  for (const ModelRun& run : comparison.models) {
    if (!run.cold_starts.cold_note.empty())
      notes += fmt::format(" {}: {}.", run.facts.letter, EscapeHtml(run.cold_starts.cold_note));
  }
  out += fmt::format(
      "</div><p class=\"note\">Medians with 95&nbsp;% bootstrap intervals. “best” stands where the "
      "interval of the ratio of medians leaves out 1.{}</p></section>\n",
      notes.empty() ? "" : " Page cache:" + notes);
  return out;
}

std::string MemorySection(const Comparison& comparison, const Summary& summary) {
  std::vector<const FigureRow*> resident, all;
  for (const FigureRow& row : summary.memory) {
    all.push_back(&row);
    if (row.id == "memory.after_load" || row.id.starts_with("memory.peak"))
      resident.push_back(&row);
  }
  if (resident.empty()) return "";
  std::string out = "<section id=\"memory\"><h2>Memory</h2>\n<div class=\"plots\">";
  out += FigurePlot(comparison, "Resident memory", resident);
  out += "<figure><h3>What it is made of, and idling</h3>" + FigureTable(comparison, all) +
         "</figure></div>\n";
  return out +
         "<p class=\"note\">Single readings of each model’s own process. Resident memory counts "
         "the pages of the mapped model file; reserved KV cache counts only as far as it has been "
         "used.</p></section>\n";
}

}  // namespace retort
