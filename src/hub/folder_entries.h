// What lies in a folder of the cache: sorted, and nothing where it cannot be read.
//
//   for (const std::filesystem::path& entry : EntriesOf(folder)) ...
//
// No errors. Thread-safe as the file system is.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

namespace retort {

// What the names of model repositories' folders begin with: "models--ORG--REPO".
inline constexpr std::string_view kModelFolderPrefix = "models--";

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
