#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/report/plots.h"
#include "lab/report/svg.h"

namespace retort {
namespace {

constexpr double kHeight = 268, kLeft = 40, kRight = 16, kTop = 26, kBottom = 42;
constexpr double kLetter = 6.8, kLine = 13;     // about the size of a bold letter
constexpr double kLargest = 11, kSmallest = 4;  // radii of marks

struct Box {
  double left, top, right, bottom;
  bool Meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

double Radius(const PlotPoint& point) {
  return std::max(kSmallest, kLargest * std::sqrt(std::clamp(point.size, 0.0, 1.0)));
}

class Drawing {
 public:
  explicit Drawing(const PointPlotSpec& spec)
      : spec_(spec),
        x_axis_(XExtent(spec), std::nullopt, kLeft, kPlotWidth - kRight),
        y_axis_(YExtent(spec), spec.y_end, kHeight - kBottom, kTop) {}

  std::string Draw() {
    std::string out = OpenSvg(spec_.title, kPlotWidth, kHeight) + Axes();
    if (spec_.front) out += Front();
    for (const PlotPoint& point : spec_.points) out += Mark(point);
    for (const PlotPoint& point : spec_.points) out += Label(point);
    return out + "</svg>";
  }

 private:
  static Extent XExtent(const PointPlotSpec& spec) {
    Extent extent;
    for (const PlotPoint& point : spec.points) extent.Add(point.x, point.x_interval);
    return extent;
  }
  static Extent YExtent(const PointPlotSpec& spec) {
    Extent extent;
    for (const PlotPoint& point : spec.points) extent.Add(point.y, point.y_interval);
    return extent;
  }

  std::string Axes() const {
    const double right = kPlotWidth - kRight, bottom = kHeight - kBottom;
    const auto css = [](const Axis& axis, double tick) {
      return tick == 0 || (axis.log() && tick == axis.ticks().front()) ? "axis" : "grid";
    };
    std::string out;
    for (const double tick : y_axis_.ticks()) {
      const double y = y_axis_.At(tick);
      out += SvgLine(kLeft, y, right, y, css(y_axis_, tick));
      out += SvgText(kLeft - 7, y + 4, "tick", "end", TickText(tick));
    }
    for (const double tick : x_axis_.ticks()) {
      const double x = x_axis_.At(tick);
      out += SvgLine(x, kTop, x, bottom, css(x_axis_, tick));
      out += SvgText(x, bottom + 16, "tick", "middle", TickText(tick));
    }
    out += SvgText(0, 13, "tick", "start", AxisTitle(y_axis_, spec_.y_label, spec_.log_note));
    return out + SvgText(right, kHeight - 8, "tick", "end",
                         AxisTitle(x_axis_, spec_.x_label, spec_.log_note));
  }

  // The best y that can be had at each x: level from a front point to the next, then up.
  std::string Front() const {
    std::vector<const PlotPoint*> front;
    for (const PlotPoint& point : spec_.points) {
      if (point.on_front) front.push_back(&point);
    }
    std::sort(front.begin(), front.end(), [](const PlotPoint* a, const PlotPoint* b) {
      return a->x < b->x || (a->x == b->x && a->y < b->y);
    });
    const double worst = kHeight - kBottom;
    std::string path;
    double best = worst;
    for (const PlotPoint* point : front) {
      const double x = x_axis_.At(point->x), y = y_axis_.At(point->y);
      if (y >= best) continue;  // on the front by a third measure
      path += path.empty() ? fmt::format("M{:.1f} {:.1f}V{:.1f}", x, worst, y)
                           : fmt::format("H{:.1f}V{:.1f}", x, y);
      best = y;
    }
    if (path.empty()) return "";
    return fmt::format("<path class=\"front\" d=\"{}H{:.1f}\"/>", path, kPlotWidth - kRight);
  }

  std::string Mark(const PlotPoint& point) {
    const double x = x_axis_.At(point.x), y = y_axis_.At(point.y), radius = Radius(point);
    taken_.push_back({x - radius, y - radius, x + radius, y + radius});
    std::string out;
    if (point.x_interval) out += HorizontalWhisker(x_axis_, *point.x_interval, y);
    if (point.y_interval) {
      out += VerticalWhisker(y_axis_, *point.y_interval, x);
      taken_.push_back(
          {x - 2, y_axis_.At(point.y_interval->high), x + 2, y_axis_.At(point.y_interval->low)});
    }
    return out +
           fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" class=\"series{}{}\"/>", x,
                       y, radius, point.series, point.on_front ? "" : " hollow");
  }

  // At the first place around its mark where the label is inside the plot and on nothing else.
  std::string Label(const PlotPoint& point) {
    const double x = x_axis_.At(point.x), y = y_axis_.At(point.y), gap = Radius(point) + 4;
    const double width = kLetter * static_cast<double>(point.label.size());
    const double in = kPlotWidth - kRight - width;
    const std::array<std::pair<double, double>, 6> places = {{{x + gap, y - 9},
                                                              {x - gap - width, y - 9},
                                                              {x + gap, y + 9 + kLine / 2},
                                                              {x - gap - width, y + 9 + kLine / 2},
                                                              {x - width / 2, y - gap - 4},
                                                              {x - width / 2, y + gap + kLine}}};
    Box best{std::clamp(x + gap, kLeft, std::max(kLeft, in)), 0, 0, 0};
    double base = y - 9;
    for (const auto& [left, baseline] : places) {
      const Box box{left, baseline - kLine + 2, left + width, baseline + 3};
      const bool inside =
          left >= kLeft && left <= in && box.top >= 0 && baseline <= kHeight - kBottom;
      if (!inside || std::any_of(taken_.begin(), taken_.end(),
                                 [&](const Box& other) { return box.Meets(other); }))
        continue;
      best = box;
      base = baseline;
      break;
    }
    taken_.push_back({best.left, base - kLine + 2, best.left + width, base + 3});
    return SvgText(best.left, base, "point", "start", point.label);
  }

  const PointPlotSpec& spec_;
  Axis x_axis_, y_axis_;
  std::vector<Box> taken_;
};

}  // namespace

std::string PointPlot(const PointPlotSpec& spec) {
  return spec.points.empty() ? "" : Drawing(spec).Draw();
}

}  // namespace retort
