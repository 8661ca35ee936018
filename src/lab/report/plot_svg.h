// Plots as inline SVG: bars from zero with their intervals, and quality against speed. Colours come
// from the page's classes (series0, series1, ...), so the plots follow light and dark.
//
//   std::string svg = BarPlot({.title = "Right answers", .unit = "%", .groups = groups});
//
// Bars begin at zero. Where the values of one plot span more than tenfold the axis is logarithmic
// and marks stand in place of bars, which have no length there. Values and intervals are always
// written beside them. Errors: none; a plot without values is an empty string. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/statistics.h"

namespace retort {

struct PlotValue {
  int series = 0;     // which model
  std::string label;  // drawn in front: "A"
  double value = 0;
  std::optional<Interval> interval;
  std::string text;  // drawn behind: "42 ± 12"
};

struct PlotGroup {
  std::string label;  // "algebra"
  std::vector<PlotValue> values;
};

struct BarPlotSpec {
  std::string title;  // for screen readers
  std::string unit;
  std::vector<PlotGroup> groups;
  std::optional<double> axis_end;  // e.g. 100 for percent
};

std::string BarPlot(const BarPlotSpec& spec);

struct PlotPoint {
  int series = 0;
  std::string label;
  double x = 0, y = 0;
  std::optional<Interval> x_interval, y_interval;
};

struct PointPlotSpec {
  std::string title, x_label, y_label;
  std::vector<PlotPoint> points;
  std::optional<double> y_end;
};

std::string PointPlot(const PointPlotSpec& spec);

// Round axis marks from 0 to at least `greatest`: 0, 20, 40, 60.
std::vector<double> LinearTicks(double greatest, int about = 5);

}  // namespace retort
