#include "doctor/free_memory.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace retort::doctor {
namespace {

// What the two versions of control groups call the same.
struct GroupFiles {
  std::string_view mount, limit, usage, inactive, active;
};
constexpr GroupFiles kVersion2 = {"/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file",
                                  "active_file"};
constexpr GroupFiles kVersion1 = {"/sys/fs/cgroup/memory", "memory.limit_in_bytes",
                                  "memory.usage_in_bytes", "total_inactive_file",
                                  "total_active_file"};

// Lowers `memory` to what the group `path` and those above it leave.
void Lower(const SystemFiles& files, const GroupFiles& names, std::string path,
           FreeMemory& memory) {
  const int64_t machine_bytes = memory.total_bytes;
  while (true) {
    const std::string folder = std::string(names.mount) + path + "/";
    const std::optional<int64_t> limit = files.Number(folder + std::string(names.limit));
    const std::optional<int64_t> usage = files.Number(folder + std::string(names.usage));
    // An unlimited group says "max", or a number beyond the machine's memory.
    if (limit && *limit > 0 && *limit < machine_bytes) {
      const std::string stat = folder + "memory.stat";
      const int64_t cache = files.Bytes(stat, names.inactive).value_or(0) +
                            files.Bytes(stat, names.active).value_or(0);
      const int64_t used = std::max<int64_t>(0, usage.value_or(0) - cache);
      const int64_t available = std::max<int64_t>(0, *limit - used);
      memory.total_bytes = std::min(memory.total_bytes, *limit);
      if (available < memory.available_bytes) {
        memory.available_bytes = available;
        memory.group = path.empty() ? "/" : path;
      }
    }
    if (path.empty()) return;
    path.erase(path.find_last_of('/'));
  }
}

}  // namespace

FreeMemory ReadFreeMemory(const SystemFiles& files) {
  FreeMemory memory;
  memory.total_bytes = files.Bytes("/proc/meminfo", "MemTotal").value_or(0);
  memory.available_bytes = files.Bytes("/proc/meminfo", "MemAvailable").value_or(0);
  for (const std::string& line : files.Lines("/proc/self/cgroup")) {
    // "0::/group" (version 2) or "4:memory:/group" (version 1)
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos || line.substr(second + 1, 1) != "/") continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1) == "/" ? "" : line.substr(second + 1);
    if (controllers.empty()) Lower(files, kVersion2, path, memory);
    if (controllers == "memory") Lower(files, kVersion1, path, memory);
  }
  return memory;
}

}  // namespace retort::doctor
