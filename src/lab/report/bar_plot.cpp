#include <fmt/format.h>

#include <algorithm>

#include "lab/report/plot_rows.h"
#include "lab/report/plots.h"
#include "lab/report/svg.h"

namespace retort {
namespace {

constexpr double kBarHeight = 11, kBarRow = 17;

std::string Bar(const Axis& axis, const PlotValue& value, double y) {
  const double middle = y + kBarHeight / 2, end = axis.At(value.value);
  std::string out = SvgText(kLetterWidth - 6, middle + 4, "letter", "end", value.label);
  if (axis.log()) {
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\" class=\"series{}\"/>", end,
                       middle, value.series);
  } else {
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"series{}\"/>",
        kLetterWidth, y, std::max(0.5, end - kLetterWidth), kBarHeight, value.series);
  }
  if (value.interval) out += HorizontalWhisker(axis, *value.interval, middle);
  return out + SvgText(kPlotWidth, middle + 4, "value", "end", value.text);
}

}  // namespace

std::string BarPlot(const BarPlotSpec& spec) {
  Extent extent;
  double height = 4;
  for (const PlotGroup& group : spec.groups) {
    height += kGroupLabel + kBarRow * static_cast<double>(group.values.size()) + kGroupGap;
    for (const PlotValue& value : group.values) extent.Add(value.value, value.interval);
  }
  if (!std::isfinite(extent.least)) return "";
  const Axis axis(extent, spec.axis_end, kLetterWidth, kPlotWidth - kValueWidth);
  std::string out = OpenSvg(spec.title, kPlotWidth, height + kAxisHeight);
  out += HorizontalGrid(axis, 4, height, kPlotWidth - kValueWidth,
                        AxisTitle(axis, spec.unit, spec.log_note));
  double y = 4;
  for (const PlotGroup& group : spec.groups) {
    out += SvgText(0, y + 13, "group", "start", group.label);
    y += kGroupLabel;
    for (const PlotValue& value : group.values) {
      out += Bar(axis, value, y);
      y += kBarRow;
    }
    y += kGroupGap;
  }
  return out + "</svg>";
}

}  // namespace retort
