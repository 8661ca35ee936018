#include "ops/cpu/peak.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace retort {
namespace {

TEST(Peak, LimitsArePlausible) {
  const MachinePeak peak = MeasurePeak(1, "");
  EXPECT_GT(peak.read_bytes_per_s, 1e8);
  EXPECT_LT(peak.read_bytes_per_s, 1e13);
  EXPECT_GT(peak.flops_per_s, 1e8);
  EXPECT_LT(peak.flops_per_s, 1e13);
  EXPECT_GT(peak.float_flops_per_s, 1e8);
  EXPECT_LT(peak.float_flops_per_s, 1e13);
  EXPECT_GE(peak.prompt_flops_per_s, 0.5 * peak.flops_per_s);
}

TEST(Peak, UnknownLevelIsAnError) { EXPECT_THROW(MeasurePeak(1, "mmx"), Error); }

}  // namespace
}  // namespace retort
