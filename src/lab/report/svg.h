// What all plots are drawn with: axes, ticks, text and lines as SVG (see plots.h for the plots).
// Colours come from the page's classes, so that plots follow light and dark.
//
//   const Axis axis(extent, /*end=*/std::nullopt, /*from=*/22, /*to=*/300);
//   out += Line(axis.At(0), 4, axis.At(0), height, "axis");
//
// Errors: none. Stateless and thread-safe.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/statistics.h"

namespace retort {

// Sizes in the units of the view box, which is about as wide as a phone.
constexpr double kPlotWidth = 380;

// What an axis has to show: values, which decide whether it is logarithmic, and their intervals.
struct Extent {
  double least_value = INFINITY, greatest_value = 0, least = INFINITY, greatest = 0;

  void Add(double value, const std::optional<Interval>& interval = std::nullopt);
};

// Maps values to places. Begins at zero; where the values span more than tenfold, and no `end` is
// given, it is logarithmic. It may run backwards (`from` > `to`), as y does in SVG.
class Axis {
 public:
  Axis(const Extent& extent, std::optional<double> end, double from, double to);

  bool log() const { return log_; }
  const std::vector<double>& ticks() const { return ticks_; }
  double At(double value) const;

 private:
  bool log_ = false;
  double low_ = 0, high_ = 1, from_, to_;
  std::vector<double> ticks_;
};

// Round axis marks from 0 to at least `greatest`: 0, 20, 40, 60.
std::vector<double> LinearTicks(double greatest, int about = 5);
// Marks of a logarithmic axis around the values: powers of ten, and 2 and 5 between them where the
// powers alone would be few.
std::vector<double> LogTicks(double least, double greatest);
std::string TickText(double value);

// `title` is what a screen reader says.
std::string OpenSvg(const std::string& title, double width, double height);
std::string SvgText(double x, double y, const char* css, const char* anchor, std::string_view text);
std::string SvgLine(double x1, double y1, double x2, double y2, const char* css);
// The axis's name, with what to say of it if it is logarithmic.
std::string AxisTitle(const Axis& axis, const std::string& name, const std::string& log_note);
// Grid lines from `top` to `bottom`, their numbers below, and the title under these.
std::string HorizontalGrid(const Axis& axis, double top, double bottom, double right,
                           const std::string& title);
// An interval with its end marks.
std::string HorizontalWhisker(const Axis& axis, const Interval& interval, double y);
std::string VerticalWhisker(const Axis& axis, const Interval& interval, double x);

}  // namespace retort
