#include "api/go_duration.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace retort::api {
namespace {

// Longer names first: "ms" is not "m" and then "s".
constexpr std::array<std::pair<std::string_view, double>, 8> kUnits = {{{"ns", 1e-9},
                                                                        {"us", 1e-6},
                                                                        {"\u00B5s", 1e-6},
                                                                        {"\u03BCs", 1e-6},
                                                                        {"ms", 1e-3},
                                                                        {"s", 1},
                                                                        {"m", 60},
                                                                        {"h", 3600}}};

// Digits with a point, taken off the front.
std::optional<double> TakeNumber(std::string_view* text) {
  if (text->empty() || text->find_first_of("0123456789.") != 0) return std::nullopt;
  double number = 0;
  const auto [end, error] =
      std::from_chars(text->data(), text->data() + text->size(), number, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  text->remove_prefix(static_cast<size_t>(end - text->data()));
  return number;
}

std::optional<double> TakeUnit(std::string_view* text) {
  for (const auto& [name, seconds] : kUnits) {
    if (!text->starts_with(name)) continue;
    text->remove_prefix(name.size());
    return seconds;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> ParseGoDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  double seconds = 0;
  while (!text.empty()) {
    const auto number = TakeNumber(&text);
    const auto unit = number ? TakeUnit(&text) : std::nullopt;
    if (!unit) return std::nullopt;
    seconds += *number * *unit;
  }
  return negative ? -seconds : seconds;
}

}  // namespace retort::api
