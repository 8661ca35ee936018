// What a figure was measured on, for reports: processor, cores, memory, operating system.
//
//   Machine machine = DescribeMachine();
//   fmt::print("{}, {} cores\n", machine.cpu, machine.usable_cores);
//
// Errors: none; what cannot be found out is "unknown" or 0. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct Machine {
  std::string cpu;                 // "Intel(R) Xeon(R) Processor"
  std::vector<std::string> units;  // of those that matter here: "avx2", "avx512_vnni", "amx_int8"
  int usable_cores = 0;            // by this process: affinity and quota considered
  int online_cores = 0;
  int64_t memory_bytes = 0;
  std::string os;      // "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;  // "Linux 6.1.0 x86_64"
};

Machine DescribeMachine();

// Why speeds measured on the two cannot stand beside each other: "2 cores there, 4 here"; empty if
// they can. Two boxes of one kind cannot be told apart; system and kernel may differ.
std::string MachineDifference(const Machine& there, const Machine& here);

// The parts that are read from texts, for tests.
std::string CpuModel(std::string_view cpuinfo);               // of /proc/cpuinfo
std::vector<std::string> CpuUnits(std::string_view cpuinfo);  // likewise
int64_t MemoryBytes(std::string_view meminfo);                // of /proc/meminfo
std::string OsName(std::string_view os_release);              // of /etc/os-release

}  // namespace retort
