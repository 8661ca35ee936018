#include "ops/cpu/self_check.h"

#include <gtest/gtest.h>

#include "ops/cpu/levels.h"

namespace retort::cpu {
namespace {

TEST(SelfCheck, LevelsOfThisProcessorAgree) {
  for (const KernelTable* level : UsableLevels()) {
    EXPECT_TRUE(HaveSameBits(*level->int8, ScalarInt8Kernels())) << level->level;
  }
}

TEST(SelfCheck, SeesOneWrongFormat) {
  Int8Kernels faulty = ScalarInt8Kernels();
  // As an instruction might be wrong: one output of one format, where there are many rows.
  faulty.mat_mul[static_cast<size_t>(DType::kIQ4_XS)] = [](const Int8Part& part) {
    ScalarInt8Kernels().mat_mul[static_cast<size_t>(DType::kIQ4_XS)](part);
    if (part.rows > 8) part.out[part.rows - 1][part.end - 1] *= 1.0000002f;
  };
  EXPECT_FALSE(HaveSameBits(faulty, ScalarInt8Kernels()));
}

TEST(SelfCheck, SeesWrongRows) {
  Int8Kernels faulty = ScalarInt8Kernels();
  faulty.quantize_row = [](const float* x, int64_t cols, bool precise, RowGroup* out,
                           RowGroup* rest) {
    const bool result = ScalarInt8Kernels().quantize_row(x, cols, precise, out, rest);
    ++out[cols / kGroup - 1].q[31];
    return result;
  };
  EXPECT_FALSE(HaveSameBits(faulty, ScalarInt8Kernels()));
}

}  // namespace
}  // namespace retort::cpu
