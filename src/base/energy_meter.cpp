#include "base/energy_meter.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>

namespace retort {
namespace {

std::optional<uint64_t> ReadNumber(const std::filesystem::path& file) {
  std::ifstream in(file);
  uint64_t number = 0;
  if (in >> number) return number;
  return std::nullopt;
}

// "intel-rapl:0" is a package; "intel-rapl:0:1" a part of it, "intel-rapl" what holds them all.
bool IsPackage(const std::string& name) {
  return name.starts_with("intel-rapl:") && std::count(name.begin(), name.end(), ':') == 1;
}

}  // namespace

EnergyMeter::EnergyMeter(const std::filesystem::path& powercap) {
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(powercap, absent)) {
    if (!IsPackage(entry.path().filename().string())) continue;
    const auto now = ReadNumber(entry.path() / "energy_uj");
    const auto range = ReadNumber(entry.path() / "max_energy_range_uj");
    if (now && range) counters_.push_back({entry.path() / "energy_uj", *range, *now});
  }
}

std::optional<double> EnergyMeter::Joules() {
  const std::lock_guard lock(mutex_);
  if (counters_.empty()) return std::nullopt;
  for (Counter& counter : counters_) {
    const auto now = ReadNumber(counter.file);
    if (!now) continue;
    const uint64_t round = *now >= counter.last_uj ? 0 : counter.range_uj;
    joules_ += static_cast<double>(*now + round - counter.last_uj) * 1e-6;
    counter.last_uj = *now;
  }
  return joules_;
}

}  // namespace retort
