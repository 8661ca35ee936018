// How often a part stands in a text, for tests of pages and plots.
#pragma once

#include <cstddef>
#include <string>

namespace retort {

inline size_t Occurrences(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace retort
