// Cases small enough to work out by hand.
#include "ops/reference/reference_backend.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace retort {
namespace {

class ReferenceTest : public ::testing::Test {
 protected:
  Tensor Matrix(int64_t rows, int64_t cols, const std::vector<float>& values) {
    Tensor tensor = backend_->NewTensor(DType::kF32, {rows, cols});
    std::copy(values.begin(), values.end(), tensor.view().f32());
    return tensor;
  }
  void ExpectValues(const Tensor& tensor, const std::vector<float>& expected, float error = 1e-6f) {
    const std::span<const float> values = backend_->Host(tensor.view());
    ASSERT_EQ(values.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(values[i], expected[i], error) << i;
  }

  std::unique_ptr<Backend> backend_ = CreateReferenceBackend();
};

TEST_F(ReferenceTest, EmbedAndGatherPickRows) {
  Tensor table = Matrix(3, 2, {1, 2, 3, 4, 5, 6});
  const auto packed = backend_->Pack(table.view(), "token_embd.weight", MatrixUse::kBoth);
  Tensor x = backend_->NewTensor(DType::kF32, {3, 2});
  const std::array<int32_t, 3> tokens = {2, 0, 2};
  backend_->Embed({.table = packed.get(), .tokens = tokens, .out = x.view()});
  ExpectValues(x, {5, 6, 1, 2, 5, 6});

  Tensor picked = backend_->NewTensor(DType::kF32, {1, 2});
  const std::array<int32_t, 1> rows = {1};
  backend_->GatherRows({.x = x.view(), .rows = rows, .out = picked.view()});
  ExpectValues(picked, {1, 2});
}

TEST_F(ReferenceTest, EmbedDecodesPackedRows) {
  // One Q8_0 block: scale 0.5 as half precision, then the bytes 0 .. 31.
  std::vector<std::byte> block = {std::byte{0x00}, std::byte{0x38}};
  for (int i = 0; i < 32; ++i) block.push_back(static_cast<std::byte>(i));
  const auto packed =
      backend_->Pack({block.data(), DType::kQ8_0, {1, 32}}, "token_embd.weight", MatrixUse::kBoth);
  Tensor x = backend_->NewTensor(DType::kF32, {1, 32});
  const std::array<int32_t, 1> tokens = {0};
  backend_->Embed({.table = packed.get(), .tokens = tokens, .out = x.view()});
  for (int i = 0; i < 32; ++i) EXPECT_EQ(x.view().f32()[i], 0.5f * static_cast<float>(i));
}

TEST_F(ReferenceTest, RmsNormDividesByTheRootMeanSquare) {
  Tensor x = Matrix(2, 2, {3, 4, 0, 2});
  Tensor weight = Matrix(1, 2, {2, 10});
  backend_->RmsNorm({.x = x.view(), .weight = weight.view(), .eps = 0, .out = x.view()});
  const float r = std::sqrt(12.5f);
  ExpectValues(x, {6 / r, 40 / r, 0, 10 * std::sqrt(2.0f)}, 1e-5f);

  Tensor y = Matrix(1, 2, {1, 1});
  backend_->RmsNorm({.x = y.view(), .weight = weight.view(), .eps = 3, .out = y.view()});
  ExpectValues(y, {1, 5});
}

TEST_F(ReferenceTest, MatMulAddsBiasAndAccumulates) {
  Tensor x = Matrix(2, 3, {1, 2, 3, 0, 1, 0});
  Tensor w1 = Matrix(2, 3, {1, 0, 0, 1, 1, 1});
  Tensor w2 = Matrix(1, 3, {2, 2, 2});
  Tensor bias = Matrix(1, 2, {10, 20});
  Tensor out1 = Matrix(2, 2, {7, 7, 7, 7});
  Tensor out2 = Matrix(2, 1, {100, 200});
  const auto p1 = backend_->Pack(w1.view(), "w1", MatrixUse::kBoth);
  const auto p2 = backend_->Pack(w2.view(), "w2", MatrixUse::kBoth);
  const std::array<RowRole, 2> roles = {RowRole::kPrompt, RowRole::kGenerated};
  const std::array<MatMulTarget, 2> targets = {
      MatMulTarget{.weight = p1.get(), .bias = bias.view(), .out = out1.view()},
      MatMulTarget{.weight = p2.get(), .out = out2.view(), .accumulate = true}};
  backend_->MatMul({.x = x.view(), .roles = roles, .targets = targets});
  ExpectValues(out1, {11, 26, 10, 21});
  ExpectValues(out2, {112, 202});
}

TEST_F(ReferenceTest, SwiGlu) {
  Tensor gate = Matrix(1, 3, {0, 1, -20});
  Tensor up = Matrix(1, 3, {5, 2, 1});
  backend_->SwiGlu({.gate = gate.view(), .up = up.view(), .out = gate.view()});
  ExpectValues(gate, {0, 2 / (1 + std::exp(-1.0f)), -20 * std::exp(-20.0f)});
}

// Two sequences, blocks of two tokens, block tables out of order: sequence 0 brings positions 1 and
// 2 on top of a cached position 0; sequence 1 brings its first token.
class ReferenceCacheTest : public ReferenceTest {
 protected:
  ReferenceCacheTest() {
    kv_ = {.k = k_cache_.view(), .v = v_cache_.view()};
    step_ = {.tokens = tokens_,
             .positions = positions_,
             .roles = roles_,
             .query_start = query_start_,
             .kv_len = kv_len_,
             .block_table = block_table_,
             .block_stride = 2};
  }
  void Rope(TensorView q, TensorView k, ConstTensorView v, RopeLayout layout) {
    Tensor inv_freq = Matrix(1, 1, {static_cast<float>(std::acos(-1.0) / 2)});  // quarter turns
    backend_->RopeAndStoreKv({.step = &step_,
                              .q = q,
                              .k = k,
                              .v = v,
                              .inv_freq = inv_freq.view(),
                              .layout = layout,
                              .head_dim = 2,
                              .kv = kv_});
  }

  const std::array<int32_t, 3> tokens_ = {0, 0, 0}, positions_ = {1, 2, 0};
  const std::array<RowRole, 3> roles_ = {RowRole::kPrompt, RowRole::kPrompt, RowRole::kGenerated};
  const std::array<int32_t, 3> query_start_ = {0, 2, 3};
  const std::array<int32_t, 2> kv_len_ = {3, 1};
  const std::array<int32_t, 4> block_table_ = {3, 0, 1, -1};
  StepView step_;
  Tensor k_cache_ = backend_->NewTensor(DType::kF32, {4, 1, 2, 2});
  Tensor v_cache_ = backend_->NewTensor(DType::kF32, {4, 1, 2, 2});
  KvView kv_;
};

TEST_F(ReferenceCacheTest, RopeTurnsPairsAndStoresAtTheBlocks) {
  Tensor q = Matrix(3, 4, {1, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8});  // two heads of two
  Tensor k = Matrix(3, 2, {1, 0, 1, 2, 3, 4});
  Tensor v = Matrix(3, 2, {1, 2, 3, 4, 5, 6});
  Rope(q.view(), k.view(), v.view(), RopeLayout::kHalfSplit);
  ExpectValues(q, {0, 1, -1, 0, -1, -2, -3, -4, 5, 6, 7, 8});
  ExpectValues(k, {0, 1, -1, -2, 3, 4});
  // Block 3 slot 1, block 0 slot 0, block 1 slot 0; the rest stays zero.
  ExpectValues(k_cache_, {-1, -2, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  ExpectValues(v_cache_, {3, 4, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2});
}

TEST_F(ReferenceCacheTest, LayoutsPairDifferently) {
  const std::array<float, 2> quarter_and_none = {static_cast<float>(std::acos(-1.0) / 2), 0};
  const std::array<int32_t, 1> one = {1}, kv_len = {2}, table = {0};
  const std::array<int32_t, 2> query_start = {0, 1};
  const std::array<RowRole, 1> roles = {RowRole::kPrompt};
  const StepView step{one, one, roles, query_start, kv_len, table, 1};
  const ConstTensorView inv_freq{
      reinterpret_cast<const std::byte*>(quarter_and_none.data()), DType::kF32, {2}};
  Tensor cache = backend_->NewTensor(DType::kF32, {1, 1, 2, 4});
  const auto rotate = [&](RopeLayout layout) {
    Tensor q = Matrix(1, 4, {1, 2, 3, 4});
    Tensor k = Matrix(1, 4, {0, 0, 0, 0});
    backend_->RopeAndStoreKv({.step = &step,
                              .q = q.view(),
                              .k = k.view(),
                              .v = k.view(),
                              .inv_freq = inv_freq,
                              .rope_scale = 2,
                              .layout = layout,
                              .head_dim = 4,
                              .kv = {cache.view(), cache.view()}});
    return q;
  };
  ExpectValues(rotate(RopeLayout::kHalfSplit), {-6, 4, 2, 8});
  ExpectValues(rotate(RopeLayout::kInterleaved), {-4, 2, 6, 8});
}

TEST_F(ReferenceCacheTest, AttentionIsCausalAndShared) {
  // Sequence 0 has keys (0,0), (1,0), (0,1) at positions 0, 1, 2; sequence 1 the key (9,9).
  const std::vector<float> keys = {0, 1, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0};
  const std::vector<float> values = {7, 0, 0, 0, -5, 5, 0, 0, 0, 0, 0, 0, 1, 0, 3, 0};
  std::copy(keys.begin(), keys.end(), kv_.k.f32());
  std::copy(values.begin(), values.end(), kv_.v.f32());
  const float ln3 = std::log(3.0f);
  // Rows of two query heads that share the one key/value head.
  Tensor q = Matrix(3, 4, {2 * ln3, 5, 0, 0, 0, 0, 0, 2 * ln3, 1, 1, 2, 2});
  Tensor out = backend_->NewTensor(DType::kF32, {3, 4});
  backend_->Attention({.step = &step_,
                       .q = q.view(),
                       .kv = kv_,
                       .num_heads = 2,
                       .num_kv_heads = 1,
                       .head_dim = 2,
                       .scale = 0.5f,
                       .out = out.view()});
  // Row 0 (position 1): weights 1:3 of values 1 and 3, then 1:1. Row 1 (position 2): equal weights
  // of 1, 3 and 7, then 1:1:3. Row 2 sees only its own value.
  ExpectValues(out, {2.5f, 0, 2, 0, 11.0f / 3, 0, 5, 0, -5, 5, -5, 5}, 1e-5f);
}

}  // namespace
}  // namespace retort
