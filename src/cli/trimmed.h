// Text as somebody typed it, without the blanks around it.
#pragma once

#include <string>
#include <string_view>

namespace retort {

inline constexpr std::string_view kBlank = " \t\r\n";

inline std::string Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) + 1 - first));
}

}  // namespace retort
