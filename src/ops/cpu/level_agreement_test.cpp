// Products with 8-bit rows have the same bits at all levels: integers are exact, and the few float
// operations behind them come in one order everywhere.
#include <gtest/gtest.h>

#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/levels.h"
#include "ops/cpu/op_test_inputs.h"

namespace retort {
namespace {

std::vector<float> ProductAtLevel(const std::string& level, const HostArray& w,
                                  const HostArray& x) {
  const auto backend = CreateCpuBackend({.num_threads = 1, .level = level});
  const auto packed = backend->Pack(w.view(), "w", MatrixUse::kMultiply);
  Tensor out = backend->NewTensor(DType::kF32, {x.shape[0], w.shape[0]});
  const std::vector<RowRole> roles(static_cast<size_t>(x.shape[0]), RowRole::kGenerated);
  const MatMulTarget targets[] = {{.weight = packed.get(), .out = out.view()}};
  backend->MatMul({.x = x.view(), .roles = roles, .targets = targets});
  const std::span<const float> values = backend->Host(out.view());
  return {values.begin(), values.end()};
}

TEST(LevelAgreement, ProductsWith8BitRowsHaveTheSameBits) {
  for (const int64_t rows : {1, 3, 6, 40}) {
    HostArray x = RandomRows(1, rows, 512);
    reinterpret_cast<float*>(x.bytes.data())[77] = -2000;  // the first row has an outlier
    for (int i = 0; i < kNumDTypes; ++i) {
      const auto dtype = static_cast<DType>(i);
      const HostArray w = RandomArray(2, dtype, {37, 512}, 0.3);
      std::vector<float> first;
      for (const std::string& level : CpuLevels()) {
        if (!cpu::MultipliesInt8(cpu::LevelByName(level), static_cast<DType>(i))) continue;
        const std::vector<float> product = ProductAtLevel(level, w, x);
        if (first.empty()) first = product;
        EXPECT_EQ(product, first) << level << ' ' << Info(dtype).name << ", rows " << rows;
      }
    }
  }
}

// All codes that a format has, the extreme ones included, beside rows of the greatest numbers: the
// sums of 16 bits must not overflow.
TEST(LevelAgreement, NoSumOverflows) {
  HostArray x = RandomRows(1, 2, 256);
  auto* values = reinterpret_cast<float*>(x.bytes.data());
  for (int k = 0; k < 512; ++k) values[k] = k < 256 ? 1.0f : -1.0f;
  for (int i = 0; i < kNumDTypes; ++i) {
    const auto dtype = static_cast<DType>(i);
    if (!IsQuantized(dtype)) continue;
    for (const int fill : {0x00, 0x3C, 0x7F, 0xFF, 0x80}) {
      SCOPED_TRACE(std::string(Info(dtype).name) + " filled with " + std::to_string(fill));
      HostArray w = RandomArray(2, dtype, {16, 256}, 0.3);
      // Codes of one value; the halves that are scales stay finite.
      for (std::byte& byte : w.bytes) byte = static_cast<std::byte>(fill == 0xFF ? 0xF7 : fill);
      const std::vector<float> scalar = ProductAtLevel("scalar", w, x);
      const std::vector<float> decoded = ToFloats(w.view());
      for (size_t n = 0; n < 16; ++n) {
        double sum = 0, size = 0;
        for (size_t k = 0; k < 256; ++k) {
          sum += static_cast<double>(decoded[256 * n + k]);
          size += std::abs(static_cast<double>(decoded[256 * n + k]));
        }
        if (!std::isfinite(sum)) continue;  // 0x7F7F and 0x7FFF are no numbers
        EXPECT_NEAR(scalar[n], sum, 1e-5 * size + 1e-30);
        EXPECT_NEAR(scalar[16 + n], -sum, 1e-5 * size + 1e-30);
      }
      for (const std::string& level : CpuLevels()) {
        if (!cpu::MultipliesInt8(cpu::LevelByName(level), static_cast<DType>(i))) continue;
        const std::vector<float> product = ProductAtLevel(level, w, x);
        for (size_t j = 0; j < product.size(); ++j) {
          if (std::isnan(scalar[j])) continue;
          EXPECT_EQ(product[j], scalar[j]) << level << ' ' << j;
        }
      }
    }
  }
}

}  // namespace
}  // namespace retort
