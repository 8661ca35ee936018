// Rotation, the cache and attention at every level that this processor has, against the reference
// backend. Bounds, with u = 2^-24, the relative error of one float operation:
//   RoPE        two products of rounded sines: 4 u times the pair; half precision in the cache.
//   Attention   scores are off by (Dh + 4) u |q| |k| scale, which multiplies the weights; the
//               weights then average values of size at most 2.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/op_test_inputs.h"
#include "ops/reference/reference_backend.h"

namespace retort {
namespace {

class AttentionTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Backend> reference_ = CreateReferenceBackend();
  std::unique_ptr<Backend> cpu_ = CreateCpuBackend({.num_threads = 2, .level = GetParam()});
};

// A chunk in the middle of a prompt, generated tokens near and far, a prompt from its start.
std::vector<TestStep::Sequence> MixedSequences() {
  return {{.cached = 37, .rows = 11, .role = RowRole::kPrompt},
          {.cached = 130, .rows = 1, .role = RowRole::kGenerated},
          {.cached = 599, .rows = 1, .role = RowRole::kGenerated},
          {.cached = 0, .rows = 70, .role = RowRole::kPrompt}};
}

const HeadShape kHeadShapes[] = {{14, 2, 64}, {12, 2, 128}, {9, 3, 64}, {4, 4, 24}, {100, 1, 8}};

TEST_P(AttentionTest, RopeAndStoreKv) {
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

TEST_P(AttentionTest, KeysBeyondHalfPrecisionSaturate) {
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
std::vector<float> AttendMixed(Backend& backend, const TestStep& step, const HeadShape& shape,
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

TEST_P(AttentionTest, Attention) {
  for (const KvTypes types : {KvTypes{}, KvTypes{DType::kF16, DType::kQ8_0}}) {
    const auto cpu = CreateCpuBackend({.num_threads = 2, .level = GetParam(), .kv_types = types});
    for (const HeadShape& shape : kHeadShapes) {
      if (types.v == DType::kQ8_0 && shape.head_dim % 32 != 0) continue;
      for (const int32_t block_size : {1, 5, 16, 32, 64}) {
        SCOPED_TRACE(fmt::format("{} {} B={}", types.name(), shape.head_dim, block_size));
        const TestStep step(MixedSequences(), block_size);
        const std::vector<float> expected = AttendMixed(*reference_, step, shape, types);
        const std::vector<float> actual = AttendMixed(*cpu, step, shape, types);
        for (size_t j = 0; j < expected.size(); ++j) {
          ASSERT_NEAR(actual[j], expected[j], AttentionBound(shape)) << j;
        }
      }
    }
  }
}

// Half a step of 1/127 of the greatest of 32.
TEST_P(AttentionTest, ValuesOf8Bits) {
  const KvTypes types{DType::kF16, DType::kQ8_0};
  const auto cpu = CreateCpuBackend({.num_threads = 1, .level = GetParam(), .kv_types = types});
  const HeadShape shape{2, 2, 64};
  const TestStep step({{.cached = 0, .rows = 3}}, 8);
  // The first row sees a single position, whose value comes back.
  const std::vector<float> out = AttendMixed(*cpu, step, shape, {DType::kF32, DType::kF32});
  const std::vector<float> exact =
      AttendMixed(*reference_, step, shape, {DType::kF32, DType::kF32});
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
TEST_P(AttentionTest, KeysOf8Bits) {
  const KvTypes types{DType::kQ8_0, DType::kQ8_0};
  const auto cpu = CreateCpuBackend({.num_threads = 2, .level = GetParam(), .kv_types = types});
  for (const HeadShape& shape : kHeadShapes) {
    if (shape.head_dim % 32 != 0) continue;
    for (const int32_t block_size : {5, 32}) {
      SCOPED_TRACE(fmt::format("{} B={}", shape.head_dim, block_size));
      const TestStep step(MixedSequences(), block_size);
      const std::vector<float> expected =
          AttendMixed(*reference_, step, shape, {DType::kF32, DType::kQ8_0});
      const std::vector<float> actual = AttendMixed(*cpu, step, shape, {DType::kF32, DType::kQ8_0});
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

INSTANTIATE_TEST_SUITE_P(Levels, AttentionTest, ::testing::ValuesIn(CpuLevels()),
                         [](const auto& level) { return level.param; });

}  // namespace
}  // namespace retort
