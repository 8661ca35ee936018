#include "lab/report/plot_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lab/report/html_text.h"

namespace retort {
namespace {

constexpr double kLogSpan = 10;

// Sizes in the units of the view box, which is about as wide as a phone.
constexpr double kWidth = 380;
constexpr double kLeft = 22, kRight = 78;  // room for the letters and for the values
constexpr double kBarHeight = 11, kRow = 17, kGroupLabel = 19, kGroupGap = 7, kAxis = 24;

// What an axis has to show: values, which decide whether it is logarithmic, and their intervals.
struct Extent {
  double least_value = INFINITY, greatest_value = 0, least = INFINITY, greatest = 0;

  void Add(double value, const std::optional<Interval>& interval) {
    least_value = std::min(least_value, value);
    greatest_value = std::max(greatest_value, value);
    least = std::min({least, value, interval ? interval->low : value});
    greatest = std::max({greatest, value, interval ? interval->high : value});
  }
};

// Maps values to x.
class Axis {
 public:
  Axis(const Extent& extent, std::optional<double> end, double from, double to)
      : from_(from), to_(to) {
    const double least = extent.least, greatest = extent.greatest;
    log_ = !end && least > 0 && extent.greatest_value / extent.least_value > kLogSpan;
    if (log_) {
      low_ = std::pow(10, std::floor(std::log10(least)));
      high_ = std::pow(10, std::ceil(std::log10(greatest)));
      for (double tick = low_; tick <= high_ * 1.001; tick *= 10) ticks_.push_back(tick);
    } else {
      ticks_ = end ? LinearTicks(*end) : LinearTicks(greatest);
      low_ = 0;
      high_ = end ? *end : ticks_.back();
    }
  }

  bool log() const { return log_; }
  const std::vector<double>& ticks() const { return ticks_; }
  double At(double value) const {
    const double clamped = std::clamp(value, low_, high_);
    const double share = log_ ? std::log(clamped / low_) / std::log(high_ / low_)
                              : (clamped - low_) / (high_ - low_);
    return from_ + share * (to_ - from_);
  }

 private:
  bool log_ = false;
  double low_ = 0, high_ = 1, from_, to_;
  std::vector<double> ticks_;
};

std::string TickText(double value) { return fmt::format("{:g}", value); }

std::string Open(const std::string& title, double width, double height) {
  return fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">", width,
      height, EscapeHtml(title));
}

std::string Text(double x, double y, const char* css, const char* anchor, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\" text-anchor=\"{}\">{}</text>", x,
                     y, css, anchor, EscapeHtml(text));
}

std::string Line(double x1, double y1, double x2, double y2, const char* css) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>",
                     x1, y1, x2, y2, css);
}

std::string HorizontalWhisker(const Axis& axis, const Interval& interval, double y) {
  const double low = axis.At(interval.low), high = axis.At(interval.high);
  return Line(low, y, high, y, "whisker") + Line(low, y - 3.5, low, y + 3.5, "whisker") +
         Line(high, y - 3.5, high, y + 3.5, "whisker");
}

std::string Bar(const Axis& axis, const PlotValue& value, double y) {
  const double middle = y + kBarHeight / 2, end = axis.At(value.value);
  std::string out = Text(kLeft - 6, middle + 4, "letter", "end", value.label);
  if (axis.log()) {
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\" class=\"series{}\"/>", end,
                       middle, value.series);
  } else {
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"series{}\"/>",
        kLeft, y, std::max(0.5, end - kLeft), kBarHeight, value.series);
  }
  if (value.interval) out += HorizontalWhisker(axis, *value.interval, middle);
  return out + Text(kWidth, middle + 4, "value", "end", value.text);
}

}  // namespace

std::vector<double> LinearTicks(double greatest, int about) {
  if (!(greatest > 0)) return {0, 1};
  const double rough = greatest / about;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double step = power * (rough / power <= 1   ? 1
                               : rough / power <= 2 ? 2
                               : rough / power <= 5 ? 5
                                                    : 10);
  std::vector<double> ticks;
  for (int i = 0; ticks.empty() || ticks.back() < greatest * (1 - 1e-9); ++i)
    ticks.push_back(step * i);
  return ticks;
}

std::string BarPlot(const BarPlotSpec& spec) {
  Extent extent;
  double height = 4;
  for (const PlotGroup& group : spec.groups) {
    height += kGroupLabel + kRow * static_cast<double>(group.values.size()) + kGroupGap;
    for (const PlotValue& value : group.values) extent.Add(value.value, value.interval);
  }
  if (!std::isfinite(extent.least)) return "";
  const Axis axis(extent, spec.axis_end, kLeft, kWidth - kRight);
  std::string out = Open(spec.title, kWidth, height + kAxis);
  for (const double tick : axis.ticks()) {
    out += Line(axis.At(tick), 4, axis.At(tick), height, tick == 0 ? "axis" : "grid");
    out += Text(axis.At(tick), height + 14, "tick", "middle", TickText(tick));
  }
  out += Text(kWidth, height + 14, "tick", "end", axis.log() ? spec.unit + ", log" : spec.unit);
  double y = 4;
  for (const PlotGroup& group : spec.groups) {
    out += Text(0, y + 13, "group", "start", group.label);
    y += kGroupLabel;
    for (const PlotValue& value : group.values) {
      out += Bar(axis, value, y);
      y += kRow;
    }
    y += kGroupGap;
  }
  return out + "</svg>";
}

namespace {

constexpr double kPointHeight = 268, kPointLeft = 40, kPointRight = 16, kPointTop = 26,
                 kPointBottom = 42, kPointLetter = 6.8;  // about the width of a bold letter

// Beside the point where there is room, else above its interval, pushed inside the plot.
std::string PointLabel(const PlotPoint& point, double x, double y, double top) {
  const double width = kPointLetter * static_cast<double>(point.label.size());
  const double right = kWidth - kPointRight;
  if (x + 10 + width <= right) return Text(x + 10, y - 9, "point", "start", point.label);
  if (x - 10 - width >= kPointLeft) return Text(x - 10, y - 9, "point", "end", point.label);
  const double start = std::max(kPointLeft + 6, std::min(x - width / 2, right - width));
  return Text(start, top - 7, "point", "start", point.label);
}

// y grows downwards in SVG, so the axis runs from the bottom up.
std::string PointMark(const PlotPoint& point, const Axis& x_axis, const Axis& y_axis) {
  const double x = x_axis.At(point.x), y = y_axis.At(point.y);
  std::string out;
  if (point.x_interval) out += HorizontalWhisker(x_axis, *point.x_interval, y);
  if (point.y_interval) {
    const double low = y_axis.At(point.y_interval->low), high = y_axis.At(point.y_interval->high);
    out += Line(x, low, x, high, "whisker") + Line(x - 3.5, low, x + 3.5, low, "whisker") +
           Line(x - 3.5, high, x + 3.5, high, "whisker");
  }
  out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\" class=\"series{}\"/>", x, y,
                     point.series);
  return out + PointLabel(point, x, y, point.y_interval ? y_axis.At(point.y_interval->high) : y);
}

}  // namespace

std::string PointPlot(const PointPlotSpec& spec) {
  if (spec.points.empty()) return "";
  Extent x_extent, y_extent;
  y_extent.Add(0, std::nullopt);
  for (const PlotPoint& point : spec.points) {
    x_extent.Add(point.x, point.x_interval);
    y_extent.Add(point.y, point.y_interval);
  }
  const double right = kWidth - kPointRight, bottom = kPointHeight - kPointBottom;
  const Axis x_axis(x_extent, std::nullopt, kPointLeft, right);
  const Axis y_axis(y_extent, spec.y_end, bottom, kPointTop);
  std::string out = Open(spec.title, kWidth, kPointHeight);
  for (const double tick : y_axis.ticks()) {
    out += Line(kPointLeft, y_axis.At(tick), right, y_axis.At(tick), tick == 0 ? "axis" : "grid");
    out += Text(kPointLeft - 7, y_axis.At(tick) + 4, "tick", "end", TickText(tick));
  }
  for (const double tick : x_axis.ticks()) {
    out += Line(x_axis.At(tick), kPointTop, x_axis.At(tick), bottom, tick == 0 ? "axis" : "grid");
    out += Text(x_axis.At(tick), bottom + 16, "tick", "middle", TickText(tick));
  }
  out += Text(0, 13, "tick", "start", spec.y_label);
  out += Text(right, kPointHeight - 8, "tick", "end",
              x_axis.log() ? spec.x_label + ", log axis" : spec.x_label);
  for (const PlotPoint& point : spec.points) out += PointMark(point, x_axis, y_axis);
  return out + "</svg>";
}

}  // namespace retort
