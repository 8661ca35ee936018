#include "lab/report/svg.h"

#include <fmt/format.h>

#include <algorithm>

#include "lab/report/html_text.h"

namespace retort {
namespace {

constexpr double kLogSpan = 10;

}  // namespace

void Extent::Add(double value, const std::optional<Interval>& interval) {
  least_value = std::min(least_value, value);
  greatest_value = std::max(greatest_value, value);
  least = std::min({least, value, interval ? interval->low : value});
  greatest = std::max({greatest, value, interval ? interval->high : value});
}

Axis::Axis(const Extent& extent, std::optional<double> end, double from, double to)
    : from_(from), to_(to) {
  log_ = !end && extent.least > 0 && extent.greatest_value / extent.least_value > kLogSpan;
  ticks_ =
      log_ ? LogTicks(extent.least, extent.greatest) : LinearTicks(end ? *end : extent.greatest);
  low_ = log_ ? ticks_.front() : 0;
  high_ = !log_ && end ? *end : ticks_.back();
}

double Axis::At(double value) const {
  const double clamped = std::clamp(value, low_, high_);
  const double share =
      log_ ? std::log(clamped / low_) / std::log(high_ / low_) : (clamped - low_) / (high_ - low_);
  return from_ + share * (to_ - from_);
}

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

std::vector<double> LogTicks(double least, double greatest) {
  constexpr int kFewDecades = 3;
  const int from = static_cast<int>(std::floor(std::log10(least) + 1e-9));
  const int to = static_cast<int>(std::ceil(std::log10(greatest) - 1e-9));
  std::vector<double> marks;
  for (int power = from; power <= to; ++power) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      if (digit == 1 || to - from <= kFewDecades) marks.push_back(digit * std::pow(10, power));
    }
  }
  // No more room than the values need: from the last mark below them to the first above.
  const auto last = std::find_if(marks.begin(), marks.end(),
                                 [&](double mark) { return mark >= greatest * (1 - 1e-9); });
  marks.erase(last == marks.end() ? last : last + 1, marks.end());
  const auto first = std::find_if(marks.rbegin(), marks.rend(),
                                  [&](double mark) { return mark <= least * (1 + 1e-9); });
  if (first != marks.rend()) marks.erase(marks.begin(), first.base() - 1);
  return marks;
}

std::string TickText(double value) { return fmt::format("{:g}", value); }

std::string OpenSvg(const std::string& title, double width, double height) {
  return fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">", width,
      height, EscapeHtml(title));
}

std::string SvgText(double x, double y, const char* css, const char* anchor,
                    std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\" text-anchor=\"{}\">{}</text>", x,
                     y, css, anchor, EscapeHtml(text));
}

std::string SvgLine(double x1, double y1, double x2, double y2, const char* css) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>",
                     x1, y1, x2, y2, css);
}

std::string AxisTitle(const Axis& axis, const std::string& name, const std::string& log_note) {
  return axis.log() ? name + ", " + log_note : name;
}

std::string HorizontalGrid(const Axis& axis, double top, double bottom, double right,
                           const std::string& title) {
  std::string out;
  for (const double tick : axis.ticks()) {
    out += SvgLine(axis.At(tick), top, axis.At(tick), bottom, tick == 0 ? "axis" : "grid");
    out += SvgText(axis.At(tick), bottom + 14, "tick", "middle", TickText(tick));
  }
  return out + SvgText(right, bottom + 29, "tick", "end", title);
}

std::string HorizontalWhisker(const Axis& axis, const Interval& interval, double y) {
  const double low = axis.At(interval.low), high = axis.At(interval.high);
  return SvgLine(low, y, high, y, "whisker") + SvgLine(low, y - 3.5, low, y + 3.5, "whisker") +
         SvgLine(high, y - 3.5, high, y + 3.5, "whisker");
}

std::string VerticalWhisker(const Axis& axis, const Interval& interval, double x) {
  const double low = axis.At(interval.low), high = axis.At(interval.high);
  return SvgLine(x, low, x, high, "whisker") + SvgLine(x - 3.5, low, x + 3.5, low, "whisker") +
         SvgLine(x - 3.5, high, x + 3.5, high, "whisker");
}

}  // namespace retort
