// What the report's sections are put together from: tables, figures, cells, and the picture of
// quality against latency that two of them show.
// Text arguments are escaped here unless they are called html. Errors: none. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "lab/report/html_sections.h"
#include "lab/report/plots.h"

namespace retort {

// The model's letter over its colour.
std::string Chip(const ReportView& view, size_t model);
// A header cell for each model.
std::string ModelHeads(const ReportView& view);
std::string Head(const std::string& text);
std::string UnitHead(const ReportView& view);
std::string RowHead(const std::string& text);
std::string Cell(const std::string& text);
// The winner of its row is marked.
std::string FigureCell(const ReportView& view, const std::string& text, bool best);
// `title` names the table to those who cannot see it; a narrow screen scrolls it sideways.
std::string TableElement(const std::string& title, const std::string& head_html,
                         const std::string& body_html);
std::string FigureElement(const std::string& title, const std::string& svg,
                          const std::string& table_html);
std::string SectionElement(const char* id, const std::string& title, const std::string& html);
std::string Note(const std::string& text);

// Rows of figures with units, intervals, and where most of the samples lie.
std::string FigureTable(const ReportView& view, const std::string& title,
                        const std::vector<const FigureRow*>& rows);
// A row as bars, one for each model that has the figure.
PlotGroup BarsOf(const ReportView& view, const FigureRow& row);
std::vector<const FigureRow*> Starting(const std::vector<FigureRow>& rows,
                                       const std::string& prefix);

// Right answers against the seconds of an answer, marks as large as the memory, with the front;
// empty where one of these was not measured.
std::string QualityLatencyPlot(const ReportView& view);
// "A  name", shortened.
std::string PointName(const ReportView& view, size_t model);

}  // namespace retort
