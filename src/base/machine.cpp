#include "base/machine.h"

#include <fmt/core.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <cmath>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

#include "base/thread_pool.h"

namespace retort {
namespace {

constexpr std::string_view kBlank = " \t\"";

std::string ReadText(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// What follows `separator` on the first line whose trimmed beginning is `key`.
std::optional<std::string_view> Field(std::string_view text, std::string_view key, char separator) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const size_t at = line.find(separator);
    if (at != std::string_view::npos && Trim(line.substr(0, at)) == key)
      return Trim(line.substr(at + 1));
  }
  return std::nullopt;
}

}  // namespace

std::string CpuModel(std::string_view cpuinfo) {
  // x86 says "model name"; ARM boards say "Model" once at the end.
  for (const char* key : {"model name", "Model", "Hardware"}) {
    if (const auto value = Field(cpuinfo, key, ':'); value && !value->empty())
      return std::string(*value);
  }
  return "unknown";
}

std::vector<std::string> CpuUnits(std::string_view cpuinfo) {
  constexpr std::array<std::string_view, 10> kUnits = {
      "avx2",        "fma",      "avx_vnni", "avx512f", "avx512_vnni",
      "avx512_bf16", "amx_int8", "amx_bf16", "asimddp", "i8mm"};
  auto flags = Field(cpuinfo, "flags", ':');
  if (!flags) flags = Field(cpuinfo, "Features", ':');
  std::vector<std::string> found;
  if (!flags) return found;
  std::istringstream words{std::string(*flags)};
  const std::set<std::string> present{std::istream_iterator<std::string>(words), {}};
  for (const std::string_view unit : kUnits) {
    if (present.contains(std::string(unit))) found.emplace_back(unit);
  }
  return found;
}

int64_t MemoryBytes(std::string_view meminfo) {
  const auto value = Field(meminfo, "MemTotal", ':');
  int64_t kibibytes = 0;
  if (!value ||
      std::from_chars(value->data(), value->data() + value->size(), kibibytes).ec != std::errc())
    return 0;
  return kibibytes * 1024;
}

std::string OsName(std::string_view os_release) {
  const auto value = Field(os_release, "PRETTY_NAME", '=');
  return value && !value->empty() ? std::string(*value) : "unknown";
}

Machine DescribeMachine() {
  const std::string cpuinfo = ReadText("/proc/cpuinfo");
  Machine machine;
  machine.cpu = CpuModel(cpuinfo);
  machine.units = CpuUnits(cpuinfo);
  machine.usable_cores = UsableCores();
  machine.online_cores = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  machine.memory_bytes = MemoryBytes(ReadText("/proc/meminfo"));
  machine.os = OsName(ReadText("/etc/os-release"));
  machine.kernel = "unknown";
  struct utsname names {};
  if (::uname(&names) == 0)
    machine.kernel = fmt::format("{} {} {}", names.sysname, names.release, names.machine);
  return machine;
}

std::string MachineDifference(const Machine& there, const Machine& here) {
  if (there.cpu != here.cpu) return fmt::format("{} there, {} here", there.cpu, here.cpu);
  if (there.units != here.units) return "the processors' instruction sets differ";
  if (there.usable_cores != here.usable_cores)
    return fmt::format("{} cores there, {} here", there.usable_cores, here.usable_cores);
  // What the kernel keeps for itself changes with its version.
  const auto gigabytes = [](const Machine& machine) {
    return static_cast<double>(machine.memory_bytes) / 1e9;
  };
  if (std::abs(gigabytes(there) - gigabytes(here)) > 0.05 * gigabytes(there))
    return fmt::format("{:.1f} GB of memory there, {:.1f} here", gigabytes(there), gigabytes(here));
  return "";
}

}  // namespace retort
