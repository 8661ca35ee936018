// What lies in a folder of the cache: sorted, and nothing where it cannot be read.
//
//   for (const std::filesystem::path& entry : EntriesOf(folder)) ...
//
// No errors. Thread-safe as the file system is.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

namespace retort {

inline std::vector<std::filesystem::path> EntriesOf(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> entries;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    entries.push_back(entry->path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace retort
