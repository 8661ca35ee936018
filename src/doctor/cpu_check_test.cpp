#include "doctor/cpu_check.h"

#include <gtest/gtest.h>

#include "doctor/test_findings.h"
#include "doctor/test_root.h"
#include "tests/support/run_program.h"

namespace retort::doctor {
namespace {

CpuFacts GoodMachine() {
  return {.choice = {.levels = {"scalar", "avx2", "avx512"}, .usable_cores = 4},
          .flags = {"avx2", "avx512f"},
          .is_x86 = true,
          .online_cores = 4,
          .governor = "performance",
          .driver = "acpi-cpufreq",
          .huge_pages = "madvise",
          .memory_bytes = 8'000'000'000,
          .swap_bytes = 2'000'000'000};
}

Finding Find(const CpuFacts& facts, const std::string& check) {
  return Find(CheckCpu(facts), check);
}

TEST(CpuCheck, AGoodMachineIsFine) {
  for (const Finding& finding : CheckCpu(GoodMachine())) {
    EXPECT_EQ(finding.severity, Severity::kOk) << finding.what;
    EXPECT_EQ(finding.remedy, "");
  }
  EXPECT_EQ(Find(GoodMachine(), "cpu").what,
            "it computes at level avx512, the best that this processor has");
}

TEST(CpuCheck, ALevelBelowTheBest) {
  CpuFacts facts = GoodMachine();
  facts.choice.level = "avx2";
  EXPECT_EQ(Find(facts, "cpu").severity, Severity::kWarning);
  EXPECT_TRUE(Has(Find(facts, "cpu").remedy, "RETORT_CPU_LEVEL"));
  facts.choice.level = "amx";
  EXPECT_EQ(Find(facts, "cpu").severity, Severity::kError);
  EXPECT_TRUE(Has(Find(facts, "cpu").what, "has scalar, avx2, avx512"));
  facts.choice.level = "";
  facts.flags.push_back("amx_bf16");
  EXPECT_EQ(Find(facts, "cpu").severity, Severity::kNote);
}

TEST(CpuCheck, AVirtualMachineThatHidesAvx2) {
  CpuFacts facts = GoodMachine();
  facts.choice.levels = {"scalar"};
  facts.flags = {"sse2", "hypervisor"};
  EXPECT_TRUE(Has(Find(facts, "cpu").remedy, "-cpu host"));
  facts.flags = {"sse2"};
  EXPECT_EQ(Find(facts, "cpu").severity, Severity::kWarning);
  EXPECT_FALSE(Has(Find(facts, "cpu").remedy, "-cpu host"));
  facts.is_x86 = false;
  EXPECT_EQ(Find(facts, "cpu").severity, Severity::kOk) << "there is no other level elsewhere";
}

TEST(CpuCheck, ThreadsAndQuota) {
  CpuFacts facts = GoodMachine();
  facts.choice.threads = 8;
  EXPECT_EQ(Find(facts, "threads").severity, Severity::kWarning);
  EXPECT_EQ(Find(facts, "threads").remedy, "--threads 4");
  facts = GoodMachine();
  facts.quota_cpus = facts.choice.usable_cores = 2;
  EXPECT_EQ(Find(facts, "threads").severity, Severity::kNote);
  EXPECT_EQ(Find(facts, "threads").what,
            "2 threads; the control group grants the time of 2 of 4 cores");
  facts.choice.threads = 4;
  EXPECT_EQ(Find(facts, "threads").remedy, "--threads 2");
}

TEST(CpuCheck, TheClockIsSlowUnderPowersaveOfSomeDrivers) {
  CpuFacts facts = GoodMachine();
  facts.governor = "powersave";
  EXPECT_EQ(Find(facts, "clock").severity, Severity::kWarning);
  facts.driver = "intel_pstate";
  EXPECT_EQ(Find(facts, "clock").severity, Severity::kNote);
}

TEST(CpuCheck, LargePagesSwapAndOvercommit) {
  CpuFacts facts = GoodMachine();
  facts.huge_pages = "never";
  EXPECT_EQ(Find(facts, "large pages").severity, Severity::kNote);
  facts.swap_used_bytes = 1'000'000'000;
  EXPECT_EQ(Find(facts, "swap").severity, Severity::kWarning);
  EXPECT_TRUE(Has(Find(facts, "swap").what, "1.00 GB of 2.00 GB are in use"));
  facts.strict_commit = true;
  facts.commit_left_bytes = 500'000'000;
  EXPECT_TRUE(Has(Find(facts, "overcommit").what, "500.0 MB are left"));
}

TEST(CpuFacts, AreReadBelowARoot) {
  const TestRoot root;
  root.Write("/proc/cpuinfo", "processor : 0\nflags\t\t: fpu avx2 hypervisor\n\nflags : other\n");
  root.Write("/proc/meminfo",
             "MemTotal: 100 kB\nSwapTotal: 50 kB\nSwapFree: 20 kB\nCommitLimit: 90 kB\n"
             "Committed_AS: 80 kB\n");
  root.Write("/proc/self/cgroup", "0::/\n");
  root.Write("/proc/sys/vm/overcommit_memory", "2\n");
  root.Write("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  root.Write("/sys/devices/system/cpu/online", "0-3,6\n");
  root.Write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
  root.Write("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
  const CpuFacts facts = GatherCpu(SystemFiles(root.path()), {.levels = {"scalar"}});
  EXPECT_EQ(facts.flags, (std::vector<std::string>{"fpu", "avx2", "hypervisor"}));
  EXPECT_TRUE(facts.is_x86);
  EXPECT_EQ(facts.online_cores, 5);
  EXPECT_EQ(facts.quota_cpus, 2);
  EXPECT_EQ(facts.governor, "powersave");
  EXPECT_EQ(facts.huge_pages, "never");
  EXPECT_EQ(facts.swap_used_bytes, 30 * 1024);
  EXPECT_TRUE(facts.strict_commit);
  EXPECT_EQ(facts.commit_left_bytes, 10 * 1024);
}

TEST(CpuFacts, WhatCannotBeReadIsNotLookedAt) {
  const CpuFacts facts = GatherCpu(SystemFiles("/nowhere"), {.levels = {"scalar"}});
  EXPECT_EQ(facts.online_cores, 0);
  EXPECT_EQ(facts.quota_cpus, 0);
  EXPECT_EQ(CheckCpu(facts).size(), 2u) << "level and threads";
}

}  // namespace
}  // namespace retort::doctor
