// Parts of header fields. Internal to net.
#pragma once

#include <string_view>

namespace retort::net {

// Without the blanks around it that HTTP allows: spaces and tabs.
inline std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace retort::net
