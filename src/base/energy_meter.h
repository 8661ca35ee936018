// What the processors have used, from the counters that Linux keeps of them (powercap's RAPL:
// Documentation/power/powercap of the kernel, files intel-rapl:N/energy_uj, AMD's too).
//
//   EnergyMeter meter;
//   ... meter.Joules();     // since the meter was made; nothing where the machine does not say
//
// A counter begins anew after some hundred kilojoules, which a busy processor uses in ten minutes:
// who asks less often than that misses rounds. Since Linux 5.10 the files are root's. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

namespace retort {

class EnergyMeter {
 public:
  explicit EnergyMeter(const std::filesystem::path& powercap = "/sys/class/powercap");

  // Of all processor packages together.
  std::optional<double> Joules();

 private:
  struct Counter {
    std::filesystem::path file;
    uint64_t range_uj = 0;  // it begins anew after this
    uint64_t last_uj = 0;
  };

  std::mutex mutex_;
  std::vector<Counter> counters_;  // one a package
  double joules_ = 0;
};

}  // namespace retort
