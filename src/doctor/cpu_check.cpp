#include "doctor/cpu_check.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/figures.h"
#include "base/quote.h"

namespace retort::doctor {
namespace {

constexpr double kMuchSwap = 0.05;  // of the memory: more than what is put away for good

bool Has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// A level whose instructions the processor names, but whose kernels do not run here.
std::string HiddenLevel(const CpuFacts& facts) {
  const std::vector<std::string>& levels = facts.choice.levels;
  if (Has(facts.flags, "amx_bf16") && !Has(levels, "amx")) return "amx";
  if (Has(facts.flags, "avx512_vnni") && !Has(levels, "vnni")) return "vnni";
  return "";
}

Finding WithoutAvx2(const CpuFacts& facts) {
  Finding finding{.severity = Severity::kWarning, .check = "cpu"};
  if (Has(facts.flags, "hypervisor")) {
    finding.what = "this virtual machine has no AVX2, so that everything takes many times as long";
    finding.remedy =
        "give the machine its host's processor (QEMU: -cpu host; libvirt: host-passthrough)";
  } else {
    finding.what = "this processor has no AVX2, so that everything takes many times as long";
    finding.remedy = "take a small model, such as r1-distill-qwen-1.5b, or another machine";
  }
  return finding;
}

Finding CheckLevel(const CpuFacts& facts) {
  const CpuChoice& choice = facts.choice;
  const std::string best = choice.levels.empty() ? "" : choice.levels.back();
  const std::string level = choice.level.empty() ? best : choice.level;
  if (!Has(choice.levels, level)) {
    return {.severity = Severity::kError,
            .check = "cpu",
            .what = fmt::format("instruction set level {} is asked for; this processor has {}",
                                Quoted(level), fmt::join(choice.levels, ", ")),
            .remedy = "unset RETORT_CPU_LEVEL, or leave out --cpu-level: the best one is taken"};
  }
  if (level != best) {
    return {.severity = Severity::kWarning,
            .check = "cpu",
            .what = fmt::format("it computes at level {}, and this processor has {}", level, best),
            .remedy = "unset RETORT_CPU_LEVEL, or leave out --cpu-level: the best one is taken"};
  }
  if (facts.is_x86 && best == "scalar") return WithoutAvx2(facts);
  const std::string hidden = HiddenLevel(facts);
  if (!hidden.empty()) {
    return {.severity = Severity::kNote,
            .check = "cpu",
            .what = fmt::format("it computes at level {}; the processor names the instructions of "
                                "{}, but the system does not let them be used",
                                best, hidden),
            .remedy = "a newer kernel or another container runtime may allow them"};
  }
  return {.check = "cpu",
          .what = fmt::format("it computes at level {}, the best that this processor has", level)};
}

Finding CheckThreads(const CpuFacts& facts) {
  const int usable = facts.choice.usable_cores;
  const int threads = facts.choice.threads > 0 ? facts.choice.threads : usable;
  const bool quota_binds = facts.quota_cpus > 0 && facts.quota_cpus <= usable;
  const std::string cores =
      quota_binds ? fmt::format("the control group grants the time of {} of {} cores",
                                facts.quota_cpus, std::max(facts.online_cores, facts.quota_cpus))
                  : fmt::format("{} cores may be used", usable);
  Finding finding{.check = "threads", .what = fmt::format("{} threads; {}", threads, cores)};
  if (threads > usable) {
    finding.severity = Severity::kWarning;
    finding.what += ", so that threads wait for each other in every product";
    finding.remedy = fmt::format("--threads {}", usable);
  } else if (quota_binds && facts.quota_cpus < facts.online_cores) {
    finding.severity = Severity::kNote;
    finding.remedy = "a larger quota (docker: --cpus) makes it faster";
  }
  return finding;
}

Finding CheckClock(const CpuFacts& facts) {
  // Under these drivers "powersave" is the usual one, and follows the load.
  const bool follows_load = facts.driver.starts_with("intel_pstate") ||
                            facts.driver.starts_with("amd-pstate") || facts.driver.empty();
  Finding finding{.check = "clock", .what = "the clock's governor is " + facts.governor};
  if (facts.governor != "powersave") return finding;
  if (follows_load) {
    finding.severity = Severity::kNote;
    finding.what += " of " + facts.driver + ", which follows the load a little late";
    return finding;
  }
  finding.severity = Severity::kWarning;
  finding.what += ": the cores stay at their lowest clock";
  finding.remedy = "sudo cpupower frequency-set -g performance";
  return finding;
}

Finding CheckHugePages(const CpuFacts& facts) {
  Finding finding{.check = "large pages", .what = "transparent large pages: " + facts.huge_pages};
  if (facts.huge_pages != "never") return finding;
  finding.severity = Severity::kNote;
  finding.what += ", so that loading takes longer and each token a few per cent more";
  finding.remedy = "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled";
  return finding;
}

Finding CheckSwap(const CpuFacts& facts) {
  Finding finding{.check = "swap"};
  if (facts.swap_bytes == 0) {
    finding.what = "there is none: what does not fit into memory is killed";
    return finding;
  }
  finding.what = fmt::format("{} of {} are in use", FormatBytes(facts.swap_used_bytes),
                             FormatBytes(facts.swap_bytes));
  const double used = static_cast<double>(facts.swap_used_bytes);
  if (used <= kMuchSwap * static_cast<double>(facts.memory_bytes)) return finding;
  finding.severity = Severity::kWarning;
  finding.what +=
      ": programs want more memory than there is, and a model that is swapped out "
      "takes seconds for each token";
  finding.remedy =
      "end other programs (`ps aux --sort -rss` shows the largest), or take fewer "
      "--kv-tokens";
  return finding;
}

Finding CheckCommit(const CpuFacts& facts) {
  return {.severity = Severity::kWarning,
          .check = "overcommit",
          .what = fmt::format("the system hands out no memory that it may not have "
                              "(vm.overcommit_memory is 2), and {} are left of it",
                              FormatBytes(std::max<int64_t>(0, facts.commit_left_bytes))),
          .remedy = "sudo sysctl vm.overcommit_memory=0"};
}

}  // namespace

Findings CheckCpu(const CpuFacts& facts) {
  Findings findings = {CheckLevel(facts), CheckThreads(facts)};
  if (!facts.governor.empty()) findings.push_back(CheckClock(facts));
  if (!facts.huge_pages.empty()) findings.push_back(CheckHugePages(facts));
  if (facts.memory_bytes > 0) findings.push_back(CheckSwap(facts));
  if (facts.strict_commit) findings.push_back(CheckCommit(facts));
  return findings;
}

}  // namespace retort::doctor
