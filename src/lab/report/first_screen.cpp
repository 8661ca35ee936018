#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "lab/compare/figure_text.h"
#include "lab/report/html_sections.h"
#include "lab/report/html_text.h"
#include "lab/report/plot_svg.h"

namespace retort {
namespace {

// With spaces that do not break where a line must not: "42 %", "p < 0.001", "± 12".
std::string Typeset(std::string text) {
  constexpr std::pair<const char*, const char*> kTogether[] = {
      {" %", "\u00a0%"}, {"p < ", "p\u00a0<\u00a0"}, {"p = ", "p\u00a0=\u00a0"}, {"± ", "±\u00a0"}};
  for (const auto& [loose, tight] : kTogether) {
    for (size_t at = text.find(loose); at != std::string::npos; at = text.find(loose, at + 1))
      text.replace(at, std::string_view(loose).size(), tight);
  }
  return text;
}

std::string Tag(const char* name, const std::string& text) {
  return fmt::format("<{0}>{1}</{0}>", name, EscapeHtml(Typeset(text)));
}

// "2026-01-20T12:00:00Z" as "2026-01-20 12:00 UTC".
std::string ReadableTime(const std::string& iso) {
  return iso.size() < 16 ? iso : iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC";
}

// "A  name · 98 MB", one line per model: the key to letters and colours.
std::string ModelKey(const Comparison& comparison) {
  std::string out = "<ul class=\"key\">";
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    const ComparedModel& facts = comparison.models[i].facts;
    out += fmt::format(
        "<li><span class=\"chip series{}\">{}</span> <b>{}</b> <span class=\"quiet\">{:.0f} MB "
        "file, {}</span></li>",
        i, facts.letter, EscapeHtml(facts.name), static_cast<double>(facts.file_bytes) / 1e6,
        EscapeHtml(facts.architecture));
  }
  return out + "</ul>\n";
}

struct CardLine {
  std::string text;
  bool best = false;
};

std::string Card(const Comparison& comparison, const std::string& title, const std::string& unit,
                 const std::vector<CardLine>& lines, const std::string& note) {
  std::string out =
      fmt::format("<section class=\"card\"><h2>{} <span class=\"quiet\">{}</span></h2><dl>",
                  EscapeHtml(title), EscapeHtml(unit));
  for (size_t i = 0; i < lines.size(); ++i) {
    out += fmt::format("<div{}><dt><span class=\"chip series{}\">{}</span></dt><dd>{}{}</dd></div>",
                       lines[i].best ? " class=\"best\"" : "", i, comparison.models[i].facts.letter,
                       EscapeHtml(lines[i].text), lines[i].best ? " <em>best</em>" : "");
  }
  return out + fmt::format("</dl><p class=\"quiet\">{}</p></section>\n", EscapeHtml(note));
}

std::string RowCard(const Comparison& comparison, const std::vector<FigureRow>& rows,
                    const char* id, const char* title, const std::string& note) {
  const FigureRow* row = FindRow(rows, id);
  if (row == nullptr) return "";
  std::vector<CardLine> lines;
  for (size_t i = 0; i < row->figures.size(); ++i) {
    lines.push_back({row->figures[i] ? FigureText(*row->figures[i]) : "not measured",
                     row->winner == static_cast<int>(i)});
  }
  return Card(comparison, title, row->unit, lines, note);
}

std::string Cards(const Comparison& comparison, const Summary& summary) {
  std::string out = "<div class=\"cards\">\n";
  if (!summary.accuracy.empty()) {
    const AccuracyGroup& all = summary.accuracy[0];
    std::vector<CardLine> lines;
    for (size_t i = 0; i < all.right.size(); ++i)
      lines.push_back({ShareText(all.right[i]), all.winner == static_cast<int>(i)});
    out += Card(comparison, "Right answers", "%", lines,
                fmt::format("of {} problems, the same for all", all.problems));
  }
  const int runs = comparison.settings.runs;
  out += RowCard(comparison, summary.speed, "tokens_per_s.prompts", "Speed",
                 fmt::format("one at a time, median of 3 prompts, {} {} each", runs,
                             runs == 1 ? "run" : "runs"));
  out += RowCard(comparison, summary.speed, "first_token.prompts", "First token",
                 "from question to first token, same runs");
  out += RowCard(comparison, summary.memory, "memory.after_load", "Memory",
                 "resident after load, mapped pages included");
  return out + "</div>\n";
}

std::string Shortened(const std::string& name) {
  constexpr size_t kLongest = 40;
  return name.size() <= kLongest ? name : name.substr(0, kLongest - 1) + "…";
}

std::string QualityAgainstSpeed(const Comparison& comparison, const Summary& summary) {
  const FigureRow* speed = FindRow(summary.speed, "tokens_per_s.prompts");
  if (speed == nullptr || summary.accuracy.empty()) return "";
  PointPlotSpec spec{.title =
                         "Share of right answers against tokens per second, with 95 % "
                         "intervals",
                     .x_label = "tokens/s",
                     .y_label = "% right",
                     .points = {},
                     .y_end = 100};
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    const Share& share = summary.accuracy[0].right[i];
    if (!speed->figures[i] || share.total == 0) continue;
    spec.points.push_back(
        {.series = static_cast<int>(i),
         .label = fmt::format("{}  {}", comparison.models[i].facts.letter,
                              Shortened(comparison.models[i].facts.name)),
         .x = speed->figures[i]->value,
         .y = 100 * share.value(),
         .x_interval = speed->figures[i]->interval,
         .y_interval = Interval{100 * share.interval.low, 100 * share.interval.high}});
  }
  return fmt::format(
      "<figure class=\"hero\">{}<figcaption>Better is up and to the right. Bars are 95 % "
      "intervals; the figures stand in the tables below.</figcaption></figure>\n",
      PointPlot(spec));
}

// Without graded answers the picture is speed alone.
std::string SpeedPicture(const Comparison& comparison, const Summary& summary) {
  BarPlotSpec spec{.title = "Tokens per second", .unit = "tokens/s", .groups = {}, .axis_end = {}};
  const FigureRow* row = FindRow(summary.speed, "tokens_per_s.prompts");
  if (row == nullptr) return "";
  PlotGroup group{.label = "three prompts", .values = {}};
  for (size_t i = 0; i < row->figures.size(); ++i) {
    if (!row->figures[i]) continue;
    group.values.push_back({.series = static_cast<int>(i),
                            .label = comparison.models[i].facts.letter,
                            .value = row->figures[i]->value,
                            .interval = row->figures[i]->interval,
                            .text = FigureText(*row->figures[i])});
  }
  spec.groups.push_back(std::move(group));
  return fmt::format(
      "<figure class=\"hero\">{}<figcaption>Bars are medians, lines their 95 % "
      "intervals.</figcaption></figure>\n",
      BarPlot(spec));
}

}  // namespace

std::string FirstScreen(const Comparison& comparison, const Summary& summary,
                        const VerdictText& verdict) {
  std::string out = "<header>\n<div class=\"verdict\">\n";
  out += fmt::format("<p class=\"brand\">Retort compare{} <span class=\"quiet\">{}</span></p>\n",
                     comparison.settings.quick ? ", quick" : "",
                     EscapeHtml(ReadableTime(comparison.started_at)));
  out += Tag("h1", verdict.headline) + "\n";
  for (const std::string& line : verdict.advice) out += Tag("p", line) + "\n";
  out += ModelKey(comparison) + "</div>\n";
  const std::string picture = QualityAgainstSpeed(comparison, summary);
  out += picture.empty() ? SpeedPicture(comparison, summary) : picture;
  out += Cards(comparison, summary);
  if (!verdict.cautions.empty()) {
    out += "<ul class=\"cautions\">";
    for (const std::string& line : verdict.cautions) out += Tag("li", line);
    out += "</ul>\n";
  }
  return out + "</header>\n";
}

}  // namespace retort
