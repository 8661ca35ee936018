#include "lab/compare/figure_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace retort {
namespace {

constexpr char kMinus[] = "−";

int Decimals(double value) {
  const double size = std::abs(value);
  return size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
}

std::string WithDecimals(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !is_zero ? kMinus + text : text;
}

double LongerArm(double value, const Interval& interval) {
  return std::max({value - interval.low, interval.high - value, 0.0});
}

}  // namespace

std::string NumberText(double value) { return WithDecimals(value, Decimals(value)); }

std::string FigureText(const Figure& figure) {
  const int decimals = Decimals(figure.value);
  const std::string value = WithDecimals(figure.value, decimals);
  if (!figure.interval) return value;
  return fmt::format("{} ± {}", value,
                     WithDecimals(LongerArm(figure.value, *figure.interval), decimals));
}

std::string ShareText(const Share& share) {
  if (share.total == 0) return "–";
  return fmt::format("{:.0f} ± {:.0f}", 100 * share.value(),
                     100 * LongerArm(share.value(), share.interval));
}

std::string PointsText(double difference) {
  const std::string text = WithDecimals(100 * difference, 0);
  return difference > 0 && text != "0" ? "+" + text : text;
}

std::string PointsRangeText(const Interval& interval, const Wording& say) {
  return say("{} to {}", WithDecimals(100 * interval.low, 0), WithDecimals(100 * interval.high, 0));
}

std::string PValueText(double p) {
  if (p < 0.001) return "p < 0.001";
  return p < 0.1 ? fmt::format("p = {:.3f}", p) : fmt::format("p = {:.2f}", p);
}

std::string TimesText(double ratio) {
  return fmt::format("{:.{}f}", ratio, ratio >= 9.95 ? 0 : ratio >= 0.995 ? 1 : 2);
}

std::string TimesRangeText(const Interval& interval, const Wording& say) {
  // As many decimals as the ends need to differ from each other.
  for (int decimals = 1; decimals < 3; ++decimals) {
    const std::string low = fmt::format("{:.{}f}", interval.low, decimals);
    const std::string high = fmt::format("{:.{}f}", interval.high, decimals);
    if (low != high && interval.low >= 0.995) return say("{} to {}", low, high);
  }
  return say("{} to {}", fmt::format("{:.2f}", interval.low), fmt::format("{:.2f}", interval.high));
}

}  // namespace retort
