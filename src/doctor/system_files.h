// The small files of /proc and /sys, read below a root folder that tests choose.
//
//   const SystemFiles files("");                   // this machine
//   files.Text("/proc/sys/vm/overcommit_memory");  // "0", without the end of the line
//   files.Bytes("/proc/meminfo", "MemAvailable");  // of the line "MemAvailable:   6123 kB"
//
// Errors: none; what cannot be read is empty, or no number. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::doctor {

class SystemFiles {
 public:
  explicit SystemFiles(std::string root) : root_(std::move(root)) {}

  std::string Path(std::string_view path) const { return root_ + std::string(path); }
  std::string Text(std::string_view path) const;
  std::vector<std::string> Lines(std::string_view path) const;
  std::optional<int64_t> Number(std::string_view path) const;
  // The number behind `key` at the beginning of a line, times 1024 where "kB" follows.
  std::optional<int64_t> Bytes(std::string_view path, std::string_view key) const;
  // Names in a folder, sorted.
  std::vector<std::string> Names(std::string_view folder) const;

 private:
  std::string root_;
};

}  // namespace retort::doctor
