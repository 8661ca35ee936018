// Why this machine may compute slower than it could: instruction sets that are not used or hidden,
// threads that wait for each other, a clock held down, swap.
//
//   const CpuFacts facts = GatherCpu(SystemFiles(""), {.levels = CpuLevels(), .usable_cores = 2});
//   CheckCpu(facts);
//
// Errors: none; what cannot be read is not looked at. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "doctor/findings.h"
#include "doctor/system_files.h"

namespace retort::doctor {

// What the caller knows: nothing of it stands below a root folder.
struct CpuChoice {
  std::vector<std::string> levels = {};  // that kernels run at here, best last (CpuLevels)
  std::string level = {};                // asked for; empty: the best
  int threads = 0;                       // asked for; 0: all usable cores
  int usable_cores = 1;                  // affinity and quota considered
};

struct CpuFacts {
  CpuChoice choice = {};
  std::vector<std::string> flags = {};  // of the first processor: "avx2", "hypervisor"
  bool is_x86 = false;
  int online_cores = 0;                    // 0: not known
  int quota_cpus = 0;                      // that the control group grants; 0: no quota
  std::string governor = {}, driver = {};  // of the first core's clock: "powersave", "intel_pstate"
  std::string huge_pages = {};             // "always", "madvise", "never"
  int64_t memory_bytes = 0, swap_bytes = 0, swap_used_bytes = 0;
  bool strict_commit = false;  // vm.overcommit_memory = 2: what is asked for must be there
  int64_t commit_left_bytes = 0;
};

CpuFacts GatherCpu(const SystemFiles& files, const CpuChoice& choice);

// Checks "cpu", "threads", "clock", "large pages", "swap".
Findings CheckCpu(const CpuFacts& facts);

}  // namespace retort::doctor
