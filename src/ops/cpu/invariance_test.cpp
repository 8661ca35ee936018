// The promise of every operation at every level: the bits of a row depend on its own inputs and
// role, never on what else is computed, in which chunks, by how many threads, or where KV blocks
// lie. Every comparison is for equality.
#include <gtest/gtest.h>

#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/op_test_inputs.h"

namespace retort {
namespace {

class InvarianceTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Backend> Make(int threads) {
    return CreateCpuBackend({.num_threads = threads, .level = GetParam()});
  }
  std::unique_ptr<Backend> one_ = Make(1);
  std::unique_ptr<Backend> two_ = Make(2);
};

// Rows [first, first + count) of x times w.
std::vector<float> ProductOfRows(Backend& backend, const HostArray& w, const HostArray& x,
                                 int64_t first, int64_t count) {
  const auto packed = backend.Pack(w.view(), "w", MatrixUse::kBoth);
  Tensor out = backend.NewTensor(DType::kF32, {count, w.shape[0]});
  const ConstTensorView rows{x.view().data + static_cast<size_t>(first) * x.view().row_bytes(),
                             DType::kF32,
                             {count, x.shape[1]}};
  std::vector<RowRole> roles;
  for (int64_t t = first; t < first + count; ++t) {
    roles.push_back(t % 3 == 0 ? RowRole::kGenerated : RowRole::kPrompt);
  }
  const MatMulTarget targets[] = {{.weight = packed.get(), .out = out.view()}};
  backend.MatMul({.x = rows, .roles = roles, .targets = targets});
  const std::span<const float> values = backend.Host(out.view());
  return {values.begin(), values.end()};
}

TEST_P(InvarianceTest, MatMulRowsDoNotKnowTheirNeighbours) {
  const int64_t rows = 67;
  for (int i = 0; i < kNumDTypes; ++i) {
    for (const int64_t cols : {256, 1536, 2304}) {
      const auto dtype = static_cast<DType>(i);
      SCOPED_TRACE(std::string(Info(dtype).name) + " K=" + std::to_string(cols));
      const HostArray w = RandomArray(1, dtype, {37, cols});
      const HostArray x = RandomArray(2, DType::kF32, {rows, cols});
      const std::vector<float> whole = ProductOfRows(*one_, w, x, 0, rows);
      EXPECT_EQ(ProductOfRows(*two_, w, x, 0, rows), whole);
      for (const int64_t batch : {1, 2, 3, 4, 5, 8, 13, 33}) {
        std::vector<float> joined;
        for (int64_t t = 0; t < rows; t += batch) {
          const std::vector<float> part =
              ProductOfRows(batch % 2 == 0 ? *two_ : *one_, w, x, t, std::min(batch, rows - t));
          joined.insert(joined.end(), part.begin(), part.end());
        }
        ASSERT_EQ(joined, whole) << "in batches of " << batch;
      }
    }
  }
}

TEST_P(InvarianceTest, MatMulRowBlocksDoNotShow) {
  const HostArray w = RandomArray(1, DType::kQ4_K, {5, 1280});
  const HostArray x = RandomArray(2, DType::kF32, {450, 1280});
  const std::vector<float> whole = ProductOfRows(*two_, w, x, 0, 450);
  std::vector<float> joined = ProductOfRows(*two_, w, x, 0, 321);
  const std::vector<float> rest = ProductOfRows(*two_, w, x, 321, 129);
  joined.insert(joined.end(), rest.begin(), rest.end());
  EXPECT_EQ(joined, whole);
}

// Attention of one sequence's positions begin .. end-1, computed alone.
std::vector<float> AttendAlone(Backend& backend, const HeadShape& shape, const HostArray& q,
                               int32_t begin, int32_t end, int32_t block_size, uint64_t placement,
                               RowRole role) {
  const TestStep step({{.cached = begin, .rows = end - begin, .role = role}}, block_size,
                      placement);
  const StepView view = step.view();
  TestCache cache(backend, step, shape);
  const int64_t cols = shape.heads * shape.head_dim;
  const ConstTensorView rows{q.view().data + static_cast<size_t>(begin) * q.view().row_bytes(),
                             DType::kF32,
                             {end - begin, cols}};
  Tensor out = backend.NewTensor(DType::kF32, {end - begin, cols});
  backend.BeginStep(view);
  backend.Attention({.step = &view,
                     .q = rows,
                     .kv = cache.view(),
                     .num_heads = shape.heads,
                     .num_kv_heads = shape.kv_heads,
                     .head_dim = shape.head_dim,
                     .scale = 0.3f,
                     .out = out.view()});
  const std::span<const float> values = backend.Host(out.view());
  return {values.begin(), values.end()};
}

TEST_P(InvarianceTest, AttentionOfChunksIsThatOfTheWholePrompt) {
  for (const HeadShape& shape : {HeadShape{14, 2, 64}, HeadShape{9, 3, 16}, HeadShape{6, 1, 128}}) {
    const int32_t length = 300;  // two splits
    const int64_t cols = shape.heads * shape.head_dim;
    const HostArray q = RandomRows(3, length, cols, 2);
    const std::vector<float> whole =
        AttendAlone(*one_, shape, q, 0, length, 16, 1, RowRole::kPrompt);
    EXPECT_EQ(AttendAlone(*two_, shape, q, 0, length, 16, 2, RowRole::kPrompt), whole)
        << "placement";
    EXPECT_EQ(AttendAlone(*two_, shape, q, 0, length, 7, 3, RowRole::kPrompt), whole)
        << "block size";
    for (const int32_t chunk : {1, 2, 31, 64, 270}) {
      std::vector<float> joined;
      for (int32_t begin = 0; begin < length; begin += chunk) {
        const std::vector<float> part = AttendAlone(
            *two_, shape, q, begin, std::min(length, begin + chunk), 16, 4, RowRole::kPrompt);
        joined.insert(joined.end(), part.begin(), part.end());
      }
      ASSERT_EQ(joined, whole) << "in chunks of " << chunk;
    }
  }
}

// A long context is shared out by splits over the threads that there are.
TEST_P(InvarianceTest, AttentionOfATokenIgnoresTheThreads) {
  for (const HeadShape& shape : {HeadShape{14, 2, 64}, HeadShape{9, 3, 16}}) {
    const int32_t length = 1500;
    const HostArray q = RandomRows(6, length, shape.heads * shape.head_dim, 2);
    const auto attend = [&](Backend& backend, int32_t block_size) {
      return AttendAlone(backend, shape, q, length - 1, length, block_size, 1, RowRole::kGenerated);
    };
    const std::vector<float> alone = attend(*one_, 32);
    EXPECT_EQ(attend(*two_, 32), alone);
    EXPECT_EQ(attend(*CreateCpuBackend({.num_threads = 5, .level = GetParam()}), 16), alone);
  }
}

TEST_P(InvarianceTest, AttentionOfASequenceIgnoresTheOthers) {
  const HeadShape shape{14, 2, 64};
  const int64_t cols = shape.heads * shape.head_dim;
  std::vector<TestStep::Sequence> sequences = {{.cached = 70, .rows = 9}};
  std::vector<float> result[2];
  for (std::vector<float>& values_of_first : result) {
    const TestStep step(sequences, 16, sequences.size());
    const StepView view = step.view();
    TestCache cache(*two_, step, shape);
    const HostArray q = RandomRows(5, step.num_rows(), cols);
    Tensor out = two_->NewTensor(DType::kF32, {step.num_rows(), cols});
    two_->BeginStep(view);
    two_->Attention({.step = &view,
                     .q = q.view(),
                     .kv = cache.view(),
                     .num_heads = shape.heads,
                     .num_kv_heads = shape.kv_heads,
                     .head_dim = shape.head_dim,
                     .scale = 0.125f,
                     .out = out.view()});
    const std::span<const float> values = two_->Host(out.view());
    values_of_first.assign(values.begin(), values.begin() + 9 * cols);
    sequences.push_back({.cached = 200, .rows = 1, .role = RowRole::kGenerated});
    sequences.push_back({.cached = 0, .rows = 40});
  }
  EXPECT_EQ(result[0], result[1]);
}

INSTANTIATE_TEST_SUITE_P(Levels, InvarianceTest, ::testing::ValuesIn(CpuLevels()),
                         [](const auto& level) { return level.param; });

}  // namespace
}  // namespace retort
