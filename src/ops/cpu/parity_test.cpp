// Every operation at every level that this processor has, against the reference backend.
//
// Bounds, with u = 2^-24, the relative error of one float operation:
//   MatMul      a sum of K products over at least 4 lanes: |error| <= (K / 4 + 16) u |w| |x| by the
//               standard bound for recursive summation and Cauchy-Schwarz; the 16 covers the sum of
//               the lanes, the decoding of the weight and the bias. Where a level rounds rows to 8
//               bits, the reference multiplies the same rounded rows, and int8_rows_test.cpp says
//               how far they may be from x.
//               prompt rows: a level may round x and w to bfloat16, relative errors of up to 2^-9
//               each, independent of each other: six standard deviations of the sum of K such
//               products are below 6 * 2^-9 |w| |x| / sqrt(K).
//   RmsNorm     the sum of squares adds to (K / 4 + 4) u before the root halves it.
//   SwiGlu      a few operations and an exponential: 1e-6 relative.
// Attention and its cache are in attention_test.cpp.
#include <gtest/gtest.h>

#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/int8_rounding.h"
#include "ops/cpu/levels.h"
#include "ops/cpu/op_test_inputs.h"
#include "ops/reference/reference_backend.h"

namespace retort {
namespace {

class ParityTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Backend> reference_ = CreateReferenceBackend();
  std::unique_ptr<Backend> cpu_ = CreateCpuBackend({.num_threads = 2, .level = GetParam()});
};

struct MatMulCase {
  int64_t rows, outputs, cols;
};

// y = y0 + x · wᵀ + bias and z = x · vᵀ, of the same input, of which the part with `rounds` is
// rounded as kernels with 8-bit rows round it.
std::vector<float> MatMulOn(Backend& backend, const MatMulCase& c, DType dtype,
                            RowRole role = RowRole::kGenerated, bool rounds = false) {
  const HostArray w = RandomArray(1, dtype, {c.outputs, c.cols}, 0.3);
  const HostArray v = RandomArray(2, dtype, {5, c.cols}, 0.3);
  const HostArray bias = RandomArray(3, DType::kF32, {c.outputs});
  Tensor y = backend.UploadF32(RandomArray(4, DType::kF32, {c.rows, c.outputs}).view());
  Tensor z = backend.NewTensor(DType::kF32, {c.rows, 5});
  const HostArray given = RandomArray(5, DType::kF32, {c.rows, c.cols});
  const Tensor x = backend.UploadF32(rounds ? RoundedTo8Bits(given).view() : given.view());
  const Tensor b = backend.UploadF32(bias.view());
  const auto pw = backend.Pack(w.view(), "w", MatrixUse::kBoth);
  const auto pv = backend.Pack(v.view(), "v", MatrixUse::kBoth);
  const std::vector<RowRole> roles(static_cast<size_t>(c.rows), role);
  const MatMulTarget targets[] = {
      {.weight = pw.get(), .bias = b.view(), .out = y.view(), .accumulate = true},
      {.weight = pv.get(), .out = z.view(), .accumulate = false}};
  backend.MatMul({.x = x.view(), .roles = roles, .targets = targets});
  std::vector<float> all = Copy(backend, y);
  const std::vector<float> second = Copy(backend, z);
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

TEST_P(ParityTest, MatMul) {
  const std::vector<MatMulCase> cases = {
      {1, 37, 576},  {2, 17, 896},   {3, 64, 1536},  {4, 5, 4864},   {5, 33, 8960}, {7, 1, 256},
      {13, 41, 512}, {67, 29, 1536}, {200, 3, 2048}, {40, 300, 512}, {530, 33, 768}};
  for (int i = 0; i < kNumDTypes; ++i) {
    const auto dtype = static_cast<DType>(i);
    for (const MatMulCase& c : cases) {
      if (static_cast<size_t>(c.cols) % Info(dtype).block != 0) continue;
      SCOPED_TRACE(std::string(Info(dtype).name) + " K=" + std::to_string(c.cols) +
                   " T=" + std::to_string(c.rows));
      const cpu::KernelTable& level = cpu::LevelByName(GetParam());
      const bool rounds = cpu::MultipliesInt8(level, dtype);
      const bool tiles = (rounds ? level.prompt_panels : level.prompt) != nullptr;
      const std::vector<float> expected =
          MatMulOn(*reference_, c, dtype, RowRole::kGenerated, rounds);
      const std::vector<float> of_prompt = tiles ? MatMulOn(*reference_, c, dtype) : expected;
      const std::vector<float> actual = MatMulOn(*cpu_, c, dtype);
      const std::vector<float> prompt = MatMulOn(*cpu_, c, dtype, RowRole::kPrompt);
      // |x| and |w| of uniform numbers, with a margin of three for chance and rounding to `dtype`.
      const auto k = static_cast<double>(c.cols);
      const double norms = 3 * std::sqrt(k / 3) * 0.3 * std::sqrt(k / 3);
      const double bound = (k / 4 + 16) * kU * norms;
      const double prompt_bound = bound + (tiles ? 6 * 0x1p-9 * norms / std::sqrt(k) : 0);
      for (size_t j = 0; j < expected.size(); ++j) {
        ASSERT_NEAR(actual[j], expected[j], bound) << j;
        ASSERT_NEAR(prompt[j], of_prompt[j], prompt_bound) << j;
      }
    }
  }
}

TEST_P(ParityTest, MatMulOfRowsThatEndWithinAVector) {
  for (const DType dtype : {DType::kF32, DType::kF16, DType::kBF16}) {
    for (const MatMulCase& c : {MatMulCase{1, 3, 7}, {3, 9, 1}, {19, 5, 45}, {6, 2, 77}}) {
      const std::vector<float> expected = MatMulOn(*reference_, c, dtype);
      const std::vector<float> actual = MatMulOn(*cpu_, c, dtype);
      for (size_t j = 0; j < expected.size(); ++j) ASSERT_NEAR(actual[j], expected[j], 1e-5) << j;
    }
  }
}

TEST_P(ParityTest, EmbedAndGatherAreExact) {
  for (int i = 0; i < kNumDTypes; ++i) {
    const HostArray table = RandomArray(7, static_cast<DType>(i), {11, 512});
    const std::vector<int32_t> tokens = {10, 0, 3, 3, 7}, rows = {4, 0};
    std::vector<float> result[2];
    for (Backend* backend : {reference_.get(), cpu_.get()}) {
      const auto packed = backend->Pack(table.view(), "table", MatrixUse::kBoth);
      Tensor x = backend->NewTensor(DType::kF32, {5, 512});
      Tensor y = backend->NewTensor(DType::kF32, {2, 512});
      backend->Embed({.table = packed.get(), .tokens = tokens, .out = x.view()});
      backend->GatherRows({.x = x.view(), .rows = rows, .out = y.view()});
      result[backend == cpu_.get()] = Copy(*backend, y);
    }
    EXPECT_EQ(result[0], result[1]);
  }
}

TEST_P(ParityTest, RmsNorm) {
  for (const int64_t cols : {1, 17, 576, 896, 8960}) {
    for (const int64_t rows : {1, 3, 40}) {
      const HostArray x = RandomArray(8, DType::kF32, {rows, cols}, 100);
      const HostArray w = RandomArray(9, DType::kF32, {cols});
      std::vector<float> result[2];
      for (Backend* backend : {reference_.get(), cpu_.get()}) {
        Tensor out = backend->UploadF32(x.view());
        const Tensor weight = backend->UploadF32(w.view());
        backend->RmsNorm(
            {.x = out.view(), .weight = weight.view(), .eps = 1e-6f, .out = out.view()});
        result[backend == cpu_.get()] = Copy(*backend, out);
      }
      for (size_t j = 0; j < result[0].size(); ++j) {
        const double bound = (static_cast<double>(cols) / 8 + 8) * kU * std::abs(result[0][j]);
        ASSERT_NEAR(result[1][j], result[0][j], bound) << j;
      }
    }
  }
}

TEST_P(ParityTest, SwiGlu) {
  for (const int64_t cols : {1, 5, 1536, 8961}) {
    const HostArray gate = RandomArray(10, DType::kF32, {3, cols}, 30);
    HostArray extreme = RandomArray(11, DType::kF32, {3, cols}, 1);
    std::vector<float> result[2];
    for (Backend* backend : {reference_.get(), cpu_.get()}) {
      Tensor g = backend->UploadF32(gate.view());
      const Tensor u = backend->UploadF32(extreme.view());
      if (cols > 4) {
        g.view().f32()[0] = -1000;
        g.view().f32()[1] = 1000;
        g.view().f32()[2] = 0;
        g.view().f32()[3] = -87.5f;
      }
      backend->SwiGlu({.gate = g.view(), .up = u.view(), .out = g.view()});
      result[backend == cpu_.get()] = Copy(*backend, g);
    }
    for (size_t j = 0; j < result[0].size(); ++j) {
      ASSERT_NEAR(result[1][j], result[0][j], 1e-6 * std::abs(result[0][j]) + 1e-30) << j;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, ParityTest, ::testing::ValuesIn(CpuLevels()),
                         [](const auto& level) { return level.param; });

TEST(CpuBackend, UnknownLevelNamesThoseThereAre) {
  try {
    CreateCpuBackend({.num_threads = 1, .level = "mmx"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(std::string(error.what()).find("scalar"), std::string::npos);
  }
}

TEST(CpuBackend, DescribesItself) {
  EXPECT_EQ(CreateCpuBackend({.num_threads = 3, .level = "scalar"})->description(),
            "cpu scalar, 3 threads");
}

}  // namespace
}  // namespace retort
