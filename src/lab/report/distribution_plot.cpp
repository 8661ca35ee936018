#include <fmt/format.h>

#include <algorithm>

#include "lab/report/plot_rows.h"
#include "lab/report/plots.h"
#include "lab/report/svg.h"

namespace retort {
namespace {

constexpr double kBand = 14, kBandRow = 22;
constexpr size_t kFewSamples = 4;  // a box says nothing of fewer

// Where a dot stands within its band, so that equal samples do not hide each other: spread evenly
// by the golden ratio, the same on every run.
double DotOffset(size_t i) {
  constexpr double kGolden = 0.6180339887498949;
  const double turns = static_cast<double>(i) * kGolden;
  return (turns - std::floor(turns) - 0.5) * (kBand - 4);
}

std::string Dots(const Axis& axis, const Distribution& row, double middle) {
  std::string path;
  for (size_t i = 0; i < row.samples.size(); ++i)
    path += fmt::format("M{:.1f} {:.1f}h0", axis.At(row.samples[i]), middle + DotOffset(i));
  return fmt::format("<path class=\"dots series{}\" d=\"{}\"/>", row.series, path);
}

std::string QuartileBox(const Axis& axis, const Distribution& row, double middle) {
  const double top = middle - kBand / 2;
  std::string out;
  if (row.samples.size() >= kFewSamples) {
    const double first = axis.At(Quantile(row.samples, 0.25));
    const double third = axis.At(Quantile(row.samples, 0.75));
    out = fmt::format(
        "<rect class=\"box\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", first,
        top, std::max(0.5, third - first), kBand);
  }
  const double median = axis.At(Median(row.samples));
  return out + SvgLine(median, top - 1.5, median, top + kBand + 1.5, "median");
}

}  // namespace

std::string DistributionPlot(const DistributionPlotSpec& spec) {
  Extent extent;
  double height = 4;
  for (const DistributionGroup& group : spec.groups) {
    height += kGroupLabel + kBandRow * static_cast<double>(group.rows.size()) + kGroupGap;
    for (const Distribution& row : group.rows) {
      for (const double sample : row.samples) extent.Add(sample);
    }
  }
  if (!std::isfinite(extent.least)) return "";
  const Axis axis(extent, std::nullopt, kLetterWidth, kPlotWidth - kValueWidth);
  std::string out = OpenSvg(spec.title, kPlotWidth, height + kAxisHeight);
  out += HorizontalGrid(axis, 4, height, kPlotWidth - kValueWidth,
                        AxisTitle(axis, spec.unit, spec.log_note));
  double y = 4;
  for (const DistributionGroup& group : spec.groups) {
    out += SvgText(0, y + 13, "group", "start", group.label);
    y += kGroupLabel;
    for (const Distribution& row : group.rows) {
      const double middle = y + kBandRow / 2 - 2;
      out += SvgText(kLetterWidth - 6, middle + 4, "letter", "end", row.label);
      if (!row.samples.empty()) out += Dots(axis, row, middle) + QuartileBox(axis, row, middle);
      out += SvgText(kPlotWidth, middle + 4, "value", "end", row.text);
      y += kBandRow;
    }
    y += kGroupGap;
  }
  return out + "</svg>";
}

}  // namespace retort
