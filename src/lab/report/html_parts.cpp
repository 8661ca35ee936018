#include "lab/report/html_parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lab/compare/figure_text.h"
#include "lab/report/html_text.h"

namespace retort {
namespace {

// With fewer samples their range is no more than the interval beside it.
constexpr size_t kRangeSamples = 5;

// "9.1 … 14.2": where eight of ten samples lie.
std::string MostSamples(const std::vector<double>& samples) {
  if (samples.size() < kRangeSamples) return "";
  return fmt::format("<span class=\"range\">{} … {}</span>", NumberText(Quantile(samples, 0.1)),
                     NumberText(Quantile(samples, 0.9)));
}

}  // namespace

std::string Chip(const ReportView& view, size_t model) {
  return fmt::format("<span class=\"chip series{}\">{}</span>", model,
                     EscapeHtml(view.comparison.models[model].facts.letter));
}

std::string ModelHeads(const ReportView& view) {
  std::string out;
  for (size_t i = 0; i < view.comparison.models.size(); ++i)
    out += fmt::format("<th scope=\"col\">{}</th>", Chip(view, i));
  return out;
}

std::string Head(const std::string& text) {
  return text.empty() ? "<td></td>" : fmt::format("<th scope=\"col\">{}</th>", EscapeHtml(text));
}

std::string UnitHead(const ReportView& view) {
  return fmt::format("<th scope=\"col\" class=\"unit\">{}</th>", EscapeHtml(view.say("unit")));
}

std::string RowHead(const std::string& text) {
  return fmt::format("<th scope=\"row\">{}</th>", EscapeHtml(text));
}

std::string Cell(const std::string& text) { return fmt::format("<td>{}</td>", EscapeHtml(text)); }

std::string FigureCell(const ReportView& view, const std::string& text, bool best) {
  if (!best) return Cell(text);
  return fmt::format("<td class=\"best\"><em>{}</em> {}</td>", view.say("best"), EscapeHtml(text));
}

std::string TableElement(const std::string& title, const std::string& head_html,
                         const std::string& body_html) {
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table><thead><tr>{}"
      "</tr></thead><tbody>{}</tbody></table></div>\n",
      EscapeHtml(title), head_html, body_html);
}

std::string FigureElement(const std::string& title, const std::string& svg,
                          const std::string& table_html) {
  return fmt::format("<figure><h3>{}</h3>{}{}</figure>\n", EscapeHtml(title), svg, table_html);
}

std::string SectionElement(const char* id, const std::string& title, const std::string& html) {
  return fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", id, EscapeHtml(title), html);
}

std::string Note(const std::string& text) {
  return fmt::format("<p class=\"note\">{}</p>\n", EscapeHtml(text));
}

std::string FigureTable(const ReportView& view, const std::string& title,
                        const std::vector<const FigureRow*>& rows) {
  std::string body;
  for (const FigureRow* row : rows) {
    body += fmt::format("<tr>{}<td class=\"unit\">{}</td>", RowHead(row->detail),
                        EscapeHtml(row->unit));
    std::vector<int> counts;  // of samples, each number once
    for (size_t i = 0; i < row->figures.size(); ++i) {
      const auto& figure = row->figures[i];
      std::string cell =
          FigureCell(view, figure ? FigureText(*figure) : "–", row->winner == static_cast<int>(i));
      if (i < row->samples.size()) cell.insert(cell.rfind("</td>"), MostSamples(row->samples[i]));
      body += cell;
      if (figure && (counts.empty() || counts.back() != figure->n)) counts.push_back(figure->n);
    }
    body += fmt::format("<td>{}</td></tr>", fmt::join(counts, " / "));
  }
  return TableElement(title, Head("") + UnitHead(view) + ModelHeads(view) + Head("n"), body);
}

PlotGroup BarsOf(const ReportView& view, const FigureRow& row) {
  PlotGroup group{.label = row.detail, .values = {}};
  for (size_t i = 0; i < row.figures.size(); ++i) {
    if (!row.figures[i]) continue;
    group.values.push_back({.series = static_cast<int>(i),
                            .label = view.comparison.models[i].facts.letter,
                            .value = row.figures[i]->value,
                            .interval = row.figures[i]->interval,
                            .text = FigureText(*row.figures[i])});
  }
  return group;
}

std::vector<const FigureRow*> Starting(const std::vector<FigureRow>& rows,
                                       const std::string& prefix) {
  std::vector<const FigureRow*> found;
  for (const FigureRow& row : rows) {
    if (row.id.starts_with(prefix)) found.push_back(&row);
  }
  return found;
}

}  // namespace retort
