#include "base/figures.h"

#include <fmt/format.h>

namespace retort {

std::string FormatBytes(int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value >= 999.5e6) return fmt::format("{:.2f} GB", value / 1e9);
  if (value >= 999.5e3) return fmt::format("{:.1f} MB", value / 1e6);
  if (value >= 1e3) return fmt::format("{:.1f} kB", value / 1e3);
  return fmt::format("{} bytes", bytes);
}

std::string FormatCount(int64_t count) {
  std::string digits = std::to_string(count);
  const size_t first = count < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3;) digits.insert(i -= 3, ",");
  return digits;
}

}  // namespace retort
