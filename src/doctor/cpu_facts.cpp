// What CheckCpu looks at, read from /proc and /sys.
#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>

#include "base/cgroup.h"
#include "doctor/cpu_check.h"

namespace retort::doctor {
namespace {

constexpr const char* kMeminfo = "/proc/meminfo";
constexpr const char* kClock = "/sys/devices/system/cpu/cpu0/cpufreq/";

// The words behind "flags : " of the first processor (x86), or "Features : " (ARM).
void ReadCpuinfo(const SystemFiles& files, CpuFacts& facts) {
  for (const std::string& line : files.Lines("/proc/cpuinfo")) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const bool x86 = line.starts_with("flags");
    if (!x86 && !line.starts_with("Features")) continue;
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) facts.flags.push_back(word);
    facts.is_x86 = x86;
    return;
  }
}

// Cores in "0-3,5".
int CountRanges(const std::string& text) {
  int count = 0;
  std::istringstream ranges(text);
  for (std::string range; std::getline(ranges, range, ',');) {
    int first = 0, last = 0;
    const char* end = range.data() + range.size();
    const auto read = std::from_chars(range.data(), end, first);
    if (read.ec != std::errc()) return 0;
    last = first;
    if (read.ptr != end) std::from_chars(read.ptr + 1, end, last);
    count += std::max(0, last - first + 1);
  }
  return count;
}

// The word in brackets of "always [madvise] never".
std::string Chosen(const std::string& text) {
  const size_t open = text.find('['), close = text.find(']');
  if (open == std::string::npos || close == std::string::npos || close < open) return "";
  return text.substr(open + 1, close - open - 1);
}

}  // namespace

CpuFacts GatherCpu(const SystemFiles& files, const CpuChoice& choice) {
  CpuFacts facts{.choice = choice};
  ReadCpuinfo(files, facts);
  facts.online_cores = CountRanges(files.Text("/sys/devices/system/cpu/online"));
  const int quota = CgroupCpuLimit(files.Path("/proc/self/cgroup"), files.Path("/sys/fs/cgroup"));
  facts.quota_cpus = quota == std::numeric_limits<int>::max() ? 0 : quota;
  facts.governor = files.Text(std::string(kClock) + "scaling_governor");
  facts.driver = files.Text(std::string(kClock) + "scaling_driver");
  facts.huge_pages = Chosen(files.Text("/sys/kernel/mm/transparent_hugepage/enabled"));
  const auto bytes = [&](const char* key) { return files.Bytes(kMeminfo, key).value_or(0); };
  facts.memory_bytes = bytes("MemTotal");
  facts.swap_bytes = bytes("SwapTotal");
  facts.swap_used_bytes = facts.swap_bytes - bytes("SwapFree");
  facts.strict_commit = files.Number("/proc/sys/vm/overcommit_memory").value_or(0) == 2;
  facts.commit_left_bytes = bytes("CommitLimit") - bytes("Committed_AS");
  return facts;
}

}  // namespace retort::doctor
