#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "lab/compare/figure_text.h"
#include "lab/report/html_parts.h"
#include "lab/report/html_text.h"
#include "lab/report/plots.h"

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
std::string ModelKey(const ReportView& view) {
  std::string out = "<ul class=\"key\">";
  for (size_t i = 0; i < view.comparison.models.size(); ++i) {
    const ComparedModel& facts = view.comparison.models[i].facts;
    const std::string size = view.say(
        "{:.0f} MB file, {}", static_cast<double>(facts.file_bytes) / 1e6, facts.architecture);
    out += fmt::format("<li>{} <b>{}</b> <span class=\"quiet\">{}</span></li>", Chip(view, i),
                       EscapeHtml(facts.name), EscapeHtml(size));
  }
  return out + "</ul>\n";
}

struct CardLine {
  std::string text;
  bool best = false;
};

std::string Card(const ReportView& view, const std::string& title, const std::string& unit,
                 const std::vector<CardLine>& lines, const std::string& note) {
  std::string out =
      fmt::format("<section class=\"card\"><h2>{} <span class=\"quiet\">{}</span></h2><dl>",
                  EscapeHtml(title), EscapeHtml(unit));
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string mark =
        lines[i].best ? fmt::format(" <em>{}</em>", EscapeHtml(view.say("best"))) : "";
    out +=
        fmt::format("<div{}><dt>{}</dt><dd>{}{}</dd></div>", lines[i].best ? " class=\"best\"" : "",
                    Chip(view, i), EscapeHtml(lines[i].text), mark);
  }
  return out + fmt::format("</dl><p class=\"quiet\">{}</p></section>\n", EscapeHtml(note));
}

std::string RowCard(const ReportView& view, const std::vector<FigureRow>& rows, const char* id,
                    const std::string& title, const std::string& note) {
  const FigureRow* row = FindRow(rows, id);
  if (row == nullptr) return "";
  std::vector<CardLine> lines;
  for (size_t i = 0; i < row->figures.size(); ++i) {
    lines.push_back({row->figures[i] ? FigureText(*row->figures[i]) : view.say("not measured"),
                     row->winner == static_cast<int>(i)});
  }
  return Card(view, title, row->unit, lines, note);
}

std::string Cards(const ReportView& view) {
  const Summary& summary = view.summary;
  const Wording& say = view.say;
  std::string out = "<div class=\"cards\">\n";
  if (!summary.accuracy.empty()) {
    const AccuracyGroup& all = summary.accuracy[0];
    std::vector<CardLine> lines;
    for (size_t i = 0; i < all.right.size(); ++i)
      lines.push_back({ShareText(all.right[i]), all.winner == static_cast<int>(i)});
    out += Card(view, say("Right answers"), "%", lines,
                say("of {} problems, the same for all", all.problems));
  }
  out += RowCard(view, summary.speed, "tokens_per_s.prompts", say("Speed"),
                 say("one at a time, median of three prompts × {}", view.comparison.settings.runs));
  out += RowCard(view, summary.speed, "first_token.prompts", say("First token"),
                 say("from question to first token, same runs"));
  out += RowCard(view, summary.memory, "memory.after_load", say("Memory"),
                 say("resident after load, mapped pages included"));
  return out + "</div>\n";
}

std::string Hero(const std::string& svg, const std::string& caption) {
  return fmt::format("<figure class=\"hero\">{}<figcaption>{}</figcaption></figure>\n", svg,
                     EscapeHtml(caption));
}

// Without graded answers the picture is speed alone.
std::string SpeedPicture(const ReportView& view) {
  const FigureRow* row = FindRow(view.summary.speed, "tokens_per_s.prompts");
  if (row == nullptr) return "";
  BarPlotSpec spec;
  spec.title = view.say("Tokens per second");
  spec.unit = "tokens/s";
  spec.log_note = view.say("log axis");
  spec.groups.push_back(BarsOf(view, *row));
  return Hero(BarPlot(spec), view.say("Bars are medians, lines their 95 % intervals."));
}

std::string Picture(const ReportView& view) {
  const std::string plot = QualityLatencyPlot(view);
  if (plot.empty()) return SpeedPicture(view);
  return Hero(plot,
              view.say("Better is up and to the left; larger marks need more memory; the line "
                       "is the front. Thin lines are 95 % intervals; tables below."));
}

}  // namespace

std::string FirstScreen(const ReportView& view, const VerdictText& verdict) {
  const Comparison& comparison = view.comparison;
  std::string out = "<header>\n<div class=\"verdict\">\n";
  out += fmt::format(
      "<p class=\"brand\">{} <span class=\"quiet\">{}</span></p>\n",
      comparison.settings.quick ? view.say("Retort compare, quick") : view.say("Retort compare"),
      EscapeHtml(ReadableTime(comparison.started_at)));
  out += Tag("h1", verdict.headline) + "\n";
  for (const std::string& line : verdict.advice) out += Tag("p", line) + "\n";
  out += ModelKey(view) + "</div>\n" + Picture(view) + Cards(view);
  if (!verdict.cautions.empty()) {
    out += "<ul class=\"cautions\">";
    for (const std::string& line : verdict.cautions) out += Tag("li", line);
    out += "</ul>\n";
  }
  return out + "</header>\n";
}

}  // namespace retort
