#include "doctor/memory_check.h"

#include <gtest/gtest.h>

#include <utility>

#include "doctor/test_sizes.h"
#include "tests/support/run_program.h"

namespace retort::doctor {
namespace {

// 4 GB of weights, 100 kB a token, 10,000 tokens: 1 GB of cache; 100 MB of work space.
MemoryFacts MachineWith(int64_t available) {
  MemoryFacts facts;
  facts.need = {.packed_bytes = 4000 * kMB,
                .workspace_bytes = 100 * kMB,
                .kv_bytes_per_token = 100'000,
                .kv_tokens = 10'240};
  facts.free = {.total_bytes = 16'000 * kMB, .available_bytes = available};
  facts.kv_bytes_per_token_q8_values = 76'000;
  return facts;
}

Finding Check(const MemoryFacts& facts) {
  const Findings findings = CheckMemory(facts);
  EXPECT_EQ(findings.size(), 1u);
  return findings.front();
}

TEST(MemoryCheck, WhatFitsIsSaidWithItsFigures) {
  const Finding finding = Check(MachineWith(8000 * kMB));
  EXPECT_EQ(finding.severity, Severity::kOk);
  EXPECT_EQ(finding.what,
            "it takes 5.26 GB: weights 4.00 GB (packed copies), cache for 10,240 tokens 1.02 GB, "
            "work space and program 234.2 MB; 8.00 GB of 16.00 GB are free");
  EXPECT_EQ(finding.remedy, "");
}

TEST(MemoryCheck, FewerTokensAreTheSmallestChange) {
  const Finding finding = Check(MachineWith(4800 * kMB));
  EXPECT_EQ(finding.severity, Severity::kError);
  // 4,800 - 4,000 - 234.2 MB leave room for 5,657 tokens: 22 times 256.
  EXPECT_EQ(finding.remedy, "--kv-tokens 5632 (a cache of 563.2 MB instead of 1.02 GB)");
}

TEST(MemoryCheck, ThenValuesInEightBits) {
  const Finding finding = Check(MachineWith(4420 * kMB));
  EXPECT_EQ(finding.remedy,
            "--kv-type f16-q8_0 --kv-tokens 2304 (a cache of 175.1 MB instead of 1.02 GB)");
  MemoryFacts facts = MachineWith(4420 * kMB);
  facts.kv_bytes_per_token_q8_values = 0;
  EXPECT_FALSE(Has(Check(facts).remedy, "f16-q8_0")) << "it is so already";
}

TEST(MemoryCheck, ThenASmallerFileThenASmallerModel) {
  MemoryFacts facts = MachineWith(3500 * kMB);
  facts.files = {{.name = "m:bf16", .weight_bytes = 8000 * kMB},
                 {.name = "m:q8_0", .weight_bytes = 3900 * kMB},
                 {.name = "m:q4_k_m", .weight_bytes = 2500 * kMB}};
  facts.models = {{.name = "small:q4_k_m", .weight_bytes = 1000 * kMB}};
  EXPECT_EQ(Check(facts).remedy,
            "retort pull m:q4_k_m (weights about 2.50 GB) with --kv-tokens 7424");
  facts.free.available_bytes = 2500 * kMB;
  EXPECT_EQ(Check(facts).remedy, "retort pull small:q4_k_m (weights about 1.00 GB)");
  facts.free.available_bytes = 500 * kMB;
  EXPECT_EQ(Check(facts).remedy,
            "no model of the catalogue fits; 3.94 GB more memory would do for this one");
}

TEST(MemoryCheck, MappedWeightsThatDoNotFitAreSlowButRun) {
  MemoryFacts facts = MachineWith(4800 * kMB);
  std::swap(facts.need.packed_bytes, facts.need.mapped_bytes);
  const Finding finding = Check(facts);
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_TRUE(Has(finding.what, "read from the disk again and again")) << finding.what;
  EXPECT_TRUE(Has(finding.remedy, "--kv-tokens 5632")) << finding.remedy;
}

TEST(MemoryCheck, NamesTheControlGroup) {
  MemoryFacts facts = MachineWith(4800 * kMB);
  facts.free.group = "/docker/x";
  EXPECT_TRUE(Has(Check(facts).what, "(limit of the control group /docker/x)"));
  facts.free = {};
  EXPECT_EQ(Check(facts).severity, Severity::kNote) << "not known";
}

TEST(MemoryCheck, ACacheThatHoldsNoAnswerIsNoRemedy) {
  MemoryFacts facts = MachineWith(4800 * kMB);
  facts.least_tokens = 6000;
  EXPECT_TRUE(Has(Check(facts).remedy, "--kv-type f16-q8_0 --kv-tokens 7424"))
      << Check(facts).remedy;
}

}  // namespace
}  // namespace retort::doctor
