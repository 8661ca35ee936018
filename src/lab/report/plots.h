// Plots as inline SVG: bars from zero, distributions with every sample, and points with their
// front.
//
//   std::string svg = BarPlot({.title = "Right answers", .unit = "%", .groups = groups});
//
// Where the values of one plot span more than tenfold the axis is logarithmic, and marks stand in
// place of bars, which have no length there. Values are written beside bars and distributions,
// intervals are always drawn. `log_note` is what an axis title says of a logarithmic axis.
// Errors: none; a plot without values is an empty string. Thread-safe.
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
  std::string log_note = "log";
  std::vector<PlotGroup> groups;
  std::optional<double> axis_end;  // e.g. 100 for percent
};

std::string BarPlot(const BarPlotSpec& spec);

struct Distribution {
  int series = 0;
  std::string label;
  std::vector<double> samples;
  std::string text;  // drawn behind: the median
};

struct DistributionGroup {
  std::string label;
  std::vector<Distribution> rows;
};

struct DistributionPlotSpec {
  std::string title, unit;
  std::string log_note = "log";
  std::vector<DistributionGroup> groups;
};

// Every sample as a dot, a box from the first quartile to the third, a bold line at the median.
std::string DistributionPlot(const DistributionPlotSpec& spec);

struct PlotPoint {
  int series = 0;
  std::string label;
  double x = 0, y = 0;
  std::optional<Interval> x_interval, y_interval;
  double size = 1;       // area of its mark, of the largest mark's
  bool on_front = true;  // drawn full, else hollow
};

struct PointPlotSpec {
  std::string title, x_label, y_label;
  std::string log_note = "log";
  std::vector<PlotPoint> points;
  std::optional<double> y_end;
  // Whether to draw the line from front point to front point: less of x is better, and more of y.
  bool front = false;
};

std::string PointPlot(const PointPlotSpec& spec);

}  // namespace retort
