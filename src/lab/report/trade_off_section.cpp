// Quality against latency against memory, and which models are on the front.
#include <fmt/format.h>

#include <algorithm>

#include "lab/compare/figure_text.h"
#include "lab/compare/trade_off.h"
#include "lab/report/html_parts.h"
#include "lab/report/plots.h"

namespace retort {
namespace {

double LargestMemory(const std::vector<TradeOff>& all) {
  double largest = 1;
  for (const TradeOff& one : all) largest = std::max(largest, one.memory_mb);
  return largest;
}

Interval InPercent(const Share& share) {
  return {100 * share.interval.low, 100 * share.interval.high};
}

// "yes", or who is better throughout.
std::string FrontText(const ReportView& view, const TradeOff& one) {
  if (one.beaten_by < 0) return view.say("yes");
  return view.say("no: {} is better in all",
                  view.comparison.models[static_cast<size_t>(one.beaten_by)].facts.letter);
}

// Right answers upwards against whatever x is, with the front.
PointPlotSpec QualitySpec(const ReportView& view, std::string title, std::string x_label) {
  PointPlotSpec spec;
  spec.title = std::move(title);
  spec.x_label = std::move(x_label);
  spec.y_label = view.say("% right");
  spec.log_note = view.say("log axis");
  spec.y_end = 100;
  spec.front = true;
  return spec;
}

std::string MemoryPlot(const ReportView& view, const std::vector<TradeOff>& all) {
  PointPlotSpec spec =
      QualitySpec(view, view.say("Share of right answers against memory, with 95 % intervals"),
                  view.say("MB resident"));
  for (const TradeOff& one : all) {
    spec.points.push_back({.series = static_cast<int>(one.model),
                           .label = PointName(view, one.model),
                           .x = one.memory_mb,
                           .y = 100 * one.right.value(),
                           .x_interval = {},
                           .y_interval = InPercent(one.right),
                           .size = 0.3,
                           .on_front = one.beaten_by < 0});
  }
  return PointPlot(spec);
}

std::string TradeOffTable(const ReportView& view, const std::string& title,
                          const std::vector<TradeOff>& all) {
  std::string body;
  for (const TradeOff& one : all) {
    body += fmt::format("<tr><th scope=\"row\">{}</th>{}{}{}{}</tr>", Chip(view, one.model),
                        Cell(ShareText(one.right)), Cell(FigureText(one.seconds)),
                        Cell(NumberText(one.memory_mb)), Cell(FrontText(view, one)));
  }
  return TableElement(title,
                      Head("") + Head(view.say("% right")) + Head(view.say("s per answer")) +
                          Head(view.say("MB resident")) + Head(view.say("on the front")),
                      body);
}

// How long an answer takes follows from these.
std::string LatencyTable(const ReportView& view, const std::string& title) {
  std::vector<const FigureRow*> rows;
  for (const char* id : {"first_token.prompts", "tokens_per_s.prompts"}) {
    if (const FigureRow* row = FindRow(view.summary.speed, id)) rows.push_back(row);
  }
  for (const char* id : {"answer_tokens", "answer_seconds"}) {
    if (const FigureRow* row = FindRow(view.summary.answers, id)) rows.push_back(row);
  }
  std::vector<FigureRow> named;  // these stand under no title that says the rest
  for (const FigureRow* row : rows) {
    named.push_back(*row);
    named.back().detail = row->label;
  }
  rows.clear();
  for (const FigureRow& row : named) rows.push_back(&row);
  return FigureTable(view, title, rows);
}

}  // namespace

std::string PointName(const ReportView& view, size_t model) {
  constexpr size_t kLongest = 28;
  const ComparedModel& facts = view.comparison.models[model].facts;
  const std::string& name = facts.name;
  return facts.letter + "  " +
         (name.size() <= kLongest ? name : name.substr(0, kLongest - 1) + "…");
}

std::string QualityLatencyPlot(const ReportView& view) {
  const std::vector<TradeOff> all = TradeOffs(view.comparison, view.summary);
  PointPlotSpec spec = QualitySpec(
      view, view.say("Share of right answers against seconds per answer, with 95 % intervals"),
      view.say("s per answer"));
  const double largest = LargestMemory(all);
  for (const TradeOff& one : all) {
    spec.points.push_back({.series = static_cast<int>(one.model),
                           .label = PointName(view, one.model),
                           .x = one.seconds.value,
                           .y = 100 * one.right.value(),
                           .x_interval = one.seconds.interval,
                           .y_interval = InPercent(one.right),
                           .size = one.memory_mb / largest,
                           .on_front = one.beaten_by < 0});
  }
  return PointPlot(spec);
}

std::string TradeOffSection(const ReportView& view) {
  const std::vector<TradeOff> all = TradeOffs(view.comparison, view.summary);
  if (all.empty()) return "";
  const Wording& say = view.say;
  const std::string quality = say("Right answers against memory");
  const std::string latency = say("Right answers against seconds per answer");
  std::string html = "<div class=\"plots\">";
  html += FigureElement(latency, QualityLatencyPlot(view), LatencyTable(view, latency));
  html += FigureElement(quality, MemoryPlot(view, all), TradeOffTable(view, quality, all));
  html += "</div>\n";
  html += Note(say(
      "The line is the front: a model below and to the right of it is beaten by another. Full "
      "marks are on the front of quality, latency and memory together, hollow ones are not. The "
      "front is that of the estimates; where intervals overlap, models may change places. "
      "Seconds per answer are an estimate: the median first token, then each answer’s tokens at "
      "the median speed of the three prompts, one answer at a time."));
  return SectionElement("tradeoff", say("Quality, latency, memory"), html);
}

}  // namespace retort
