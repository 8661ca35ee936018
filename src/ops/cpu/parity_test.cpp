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
//   RoPE        two products of rounded sines: 4 u times the pair; half precision in the cache.
//   Attention   scores are off by (Dh + 4) u |q| |k| scale, which multiplies the weights; the
//               weights then average values of size at most 2.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/int8_rounding.h"
#include "ops/cpu/levels.h"
#include "ops/cpu/op_test_inputs.h"
#include "ops/reference/reference_backend.h"

namespace retort {
namespace {

constexpr double kU = 0x1p-24;

class ParityTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Backend> reference_ = CreateReferenceBackend();
  std::unique_ptr<Backend> cpu_ = CreateCpuBackend({.num_threads = 2, .level = GetParam()});
};

std::vector<float> Copy(Backend& backend, const Tensor& tensor) {
  const std::span<const float> values = backend.Host(tensor.view());
  return {values.begin(), values.end()};
}

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
  const std::vector<MatMulCase> cases = {{1, 37, 576},  {2, 17, 896},   {3, 64, 1536},
                                         {4, 5, 4864},  {5, 33, 8960},  {7, 1, 256},
                                         {13, 41, 512}, {67, 29, 1536}, {200, 3, 2048}};
  for (int i = 0; i < kNumDTypes; ++i) {
    const auto dtype = static_cast<DType>(i);
    for (const MatMulCase& c : cases) {
      if (static_cast<size_t>(c.cols) % Info(dtype).block != 0) continue;
      SCOPED_TRACE(std::string(Info(dtype).name) + " K=" + std::to_string(c.cols) +
                   " T=" + std::to_string(c.rows));
      const bool rounds = cpu::MultipliesInt8(cpu::LevelByName(GetParam()), static_cast<DType>(i));
      const std::vector<float> expected =
          MatMulOn(*reference_, c, dtype, RowRole::kGenerated, rounds);
      const std::vector<float> actual = MatMulOn(*cpu_, c, dtype);
      const std::vector<float> prompt = MatMulOn(*cpu_, c, dtype, RowRole::kPrompt);
      // |x| and |w| of uniform numbers, with a margin of three for chance and rounding to `dtype`.
      const auto k = static_cast<double>(c.cols);
      const double norms = 3 * std::sqrt(k / 3) * 0.3 * std::sqrt(k / 3);
      const double bound = (k / 4 + 16) * kU * norms;
      const double prompt_bound = bound + 6 * 0x1p-9 * norms / std::sqrt(k);
      for (size_t j = 0; j < expected.size(); ++j) {
        ASSERT_NEAR(actual[j], expected[j], bound) << j;
        ASSERT_NEAR(prompt[j], expected[j], prompt_bound) << j;
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

// A chunk in the middle of a prompt, generated tokens near and far, a prompt from its start.
std::vector<TestStep::Sequence> MixedSequences() {
  return {{.cached = 37, .rows = 11, .role = RowRole::kPrompt},
          {.cached = 130, .rows = 1, .role = RowRole::kGenerated},
          {.cached = 599, .rows = 1, .role = RowRole::kGenerated},
          {.cached = 0, .rows = 70, .role = RowRole::kPrompt}};
}

const HeadShape kHeadShapes[] = {{14, 2, 64}, {12, 2, 128}, {9, 3, 64}, {4, 4, 24}, {100, 1, 8}};

TEST_P(ParityTest, RopeAndStoreKv) {
  for (const HeadShape& shape : kHeadShapes) {
    for (const RopeLayout layout : {RopeLayout::kHalfSplit, RopeLayout::kInterleaved}) {
      const TestStep step(MixedSequences(), 16);
      const StepView view = step.view();
      const int64_t rows = step.num_rows();
      const HostArray q = RandomArray(12, DType::kF32, {rows, shape.heads * shape.head_dim});
      const HostArray k = RandomArray(13, DType::kF32, {rows, shape.kv_heads * shape.head_dim}, 9);
      std::vector<float> inv_freq;
      for (int i = 0; i < shape.head_dim / 2; ++i) {
        inv_freq.push_back(static_cast<float>(std::pow(1e6, -2.0 * i / shape.head_dim)));
      }
      std::vector<float> rotated[2], cached[2];
      for (Backend* backend : {reference_.get(), cpu_.get()}) {
        TestCache cache(*backend, step, shape);
        Tensor tq = backend->UploadF32(q.view()), tk = backend->UploadF32(k.view());
        backend->BeginStep(view);
        backend->RopeAndStoreKv({.step = &view,
                                 .q = tq.view(),
                                 .k = tk.view(),
                                 .v = k.view(),
                                 .inv_freq = {reinterpret_cast<const std::byte*>(inv_freq.data()),
                                              DType::kF32,
                                              {static_cast<int64_t>(inv_freq.size())}},
                                 .rope_scale = 1.2f,
                                 .layout = layout,
                                 .head_dim = shape.head_dim,
                                 .kv = cache.view()});
        std::vector<float>& all = rotated[backend == cpu_.get()];
        all = Copy(*backend, tq);
        const std::vector<float> keys = Copy(*backend, tk);
        all.insert(all.end(), keys.begin(), keys.end());
        cached[backend == cpu_.get()] = CacheToFloats(cache.view().k, true);
        const std::vector<float> values = CacheToFloats(cache.view().v, false);
        auto& both = cached[backend == cpu_.get()];
        both.insert(both.end(), values.begin(), values.end());
      }
      for (size_t j = 0; j < rotated[0].size(); ++j) {
        ASSERT_NEAR(rotated[1][j], rotated[0][j], 4 * kU * 1.2 * 2 * 9) << j;
      }
      for (size_t j = 0; j < cached[0].size(); ++j) {
        ASSERT_NEAR(cached[1][j], cached[0][j], 0x1p-11 * std::abs(cached[0][j]) + 1e-5) << j;
      }
    }
  }
}

TEST_P(ParityTest, KeysBeyondHalfPrecisionSaturate) {
  const HeadShape shape{1, 1, 8};
  const TestStep step({{.rows = 1}}, 4);
  const StepView view = step.view();
  TestCache cache(*cpu_, step, shape);
  const HostArray big = RandomArray(14, DType::kF32, {1, 8}, 1e6);
  Tensor q = cpu_->UploadF32(big.view()), k = cpu_->UploadF32(big.view());
  const float none = 0;
  cpu_->BeginStep(view);
  cpu_->RopeAndStoreKv({.step = &view,
                        .q = q.view(),
                        .k = k.view(),
                        .v = big.view(),
                        .inv_freq = {reinterpret_cast<const std::byte*>(&none), DType::kF32, {1}},
                        .head_dim = 8,
                        .kv = cache.view()});
  for (const float x : ToFloats(cache.view().k)) EXPECT_LE(std::abs(x), 65504.0f);
}

// Attention of the mixed sequences on `backend` with a cache of numbers that `rounding` holds.
std::vector<float> Attend(Backend& backend, const TestStep& step, const HeadShape& shape,
                          KvTypes rounding) {
  const StepView view = step.view();
  const int64_t cols = shape.heads * shape.head_dim;
  const HostArray q = RandomArray(15, DType::kF32, {step.num_rows(), cols}, 3);
  TestCache cache(backend, step, shape, rounding);
  const Tensor tq = backend.UploadF32(q.view());
  Tensor out = backend.NewTensor(DType::kF32, {step.num_rows(), cols});
  backend.BeginStep(view);
  backend.Attention({.step = &view,
                     .q = tq.view(),
                     .kv = cache.view(),
                     .num_heads = shape.heads,
                     .num_kv_heads = shape.kv_heads,
                     .head_dim = shape.head_dim,
                     .scale = 1 / std::sqrt(static_cast<float>(shape.head_dim)),
                     .out = out.view()});
  return Copy(backend, out);
}

// |q| |k| scale <= 3 * 2 * sqrt(Dh); weights move by twice the error of a score.
double AttentionBound(const HeadShape& shape) {
  const double score_error = (shape.head_dim + 4) * kU * 6 * std::sqrt(shape.head_dim);
  return 2 * (2 * score_error + 640 * kU);
}

TEST_P(ParityTest, Attention) {
  for (const KvTypes types : {KvTypes{}, KvTypes{DType::kF16, DType::kQ8_0}}) {
    const auto cpu = CreateCpuBackend({.num_threads = 2, .level = GetParam(), .kv_types = types});
    for (const HeadShape& shape : kHeadShapes) {
      if (types.v == DType::kQ8_0 && shape.head_dim % 32 != 0) continue;
      for (const int32_t block_size : {1, 5, 16, 32, 64}) {
        SCOPED_TRACE(fmt::format("{} {} B={}", types.name(), shape.head_dim, block_size));
        const TestStep step(MixedSequences(), block_size);
        const std::vector<float> expected = Attend(*reference_, step, shape, types);
        const std::vector<float> actual = Attend(*cpu, step, shape, types);
        for (size_t j = 0; j < expected.size(); ++j) {
          ASSERT_NEAR(actual[j], expected[j], AttentionBound(shape)) << j;
        }
      }
    }
  }
}

// Half a step of 1/127 of the greatest of 32.
TEST_P(ParityTest, ValuesOf8Bits) {
  const KvTypes types{DType::kF16, DType::kQ8_0};
  const auto cpu = CreateCpuBackend({.num_threads = 1, .level = GetParam(), .kv_types = types});
  const HeadShape shape{2, 2, 64};
  const TestStep step({{.cached = 0, .rows = 3}}, 8);
  // The first row sees a single position, whose value comes back.
  const std::vector<float> out = Attend(*cpu, step, shape, {DType::kF32, DType::kF32});
  const std::vector<float> exact = Attend(*reference_, step, shape, {DType::kF32, DType::kF32});
  double greatest = 0;
  for (size_t i = 0; i < 128; ++i) {
    greatest = std::max(greatest, static_cast<double>(std::abs(out[i] - exact[i])));
  }
  EXPECT_LE(greatest, 2.0 / 127 / 2 * 1.01);
  EXPECT_GT(greatest, 2.0 / 127 / 8);
}

// After the rotation a key's numbers are sums of Dh uniform ones, of which 8 bits leave errors of a
// 254th of their greatest, at most 5 deviations of 2 / sqrt(3). So a score is off by |q| scale
// times that, sqrt(3) less in the mean; six deviations of it multiply the weights.
TEST_P(ParityTest, KeysOf8Bits) {
  const KvTypes types{DType::kQ8_0, DType::kQ8_0};
  const auto cpu = CreateCpuBackend({.num_threads = 2, .level = GetParam(), .kv_types = types});
  for (const HeadShape& shape : kHeadShapes) {
    if (shape.head_dim % 32 != 0) continue;
    for (const int32_t block_size : {5, 32}) {
      SCOPED_TRACE(fmt::format("{} B={}", shape.head_dim, block_size));
      const TestStep step(MixedSequences(), block_size);
      const std::vector<float> expected =
          Attend(*reference_, step, shape, {DType::kF32, DType::kQ8_0});
      const std::vector<float> actual = Attend(*cpu, step, shape, {DType::kF32, DType::kQ8_0});
      const double score_error =
          6 * 3 / std::sqrt(3.0) * 5 * 2 / std::sqrt(3.0) / 254 / std::sqrt(3.0);
      const double bound = AttentionBound(shape) + 2 * 2 * score_error;
      double sum = 0;
      for (size_t j = 0; j < expected.size(); ++j) {
        ASSERT_NEAR(actual[j], expected[j], bound) << j;
        sum += std::abs(actual[j] - expected[j]);
      }
      EXPECT_GT(sum, 0) << "8 bits leave no trace";
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
