#include "model/random_checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "model/arch/registry.h"
#include "model/decoder.h"
#include "model/known_shapes.h"
#include "ops/reference/reference_backend.h"
#include "quant/codec.h"
#include "tests/support/expect_error.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

RandomCheckpoint Plan(const char* shape, const char* type, uint64_t seed = 1) {
  return {
      .config = KnownShape(shape), .types = ParseWeightTypes(type), .seed = seed, .metadata = {}};
}

std::vector<std::byte> BytesOf(const RandomCheckpoint& plan, int num_threads) {
  const TempDir folder;
  WriteRandomCheckpoint(plan, folder.File("m.gguf"),
                        {.num_threads = num_threads, .keep_going = {}});
  const MappedFile file(folder.File("m.gguf"));
  return {file.bytes().begin(), file.bytes().end()};
}

TEST(RandomCheckpoint, HoldsTheShapeThatWasAskedFor) {
  const TempDir folder;
  for (const char* shape : {"tiny-qwen", "tiny-llama"}) {
    WriteRandomCheckpoint(Plan(shape, "q4_k_m"), folder.File("m.gguf"));
    const auto checkpoint = OpenCheckpoint(folder.File("m.gguf"));
    const Architecture& architecture = FindArchitecture(*checkpoint);
    const ModelConfig config = architecture.parse(*checkpoint);
    const ModelConfig asked = KnownShape(shape);
    EXPECT_EQ(config.architecture, asked.architecture);
    EXPECT_EQ(config.vocab_size, asked.vocab_size);
    EXPECT_EQ(config.num_layers, asked.num_layers);
    EXPECT_EQ(config.num_kv_heads, asked.num_kv_heads);
    EXPECT_EQ(config.head_dim, asked.head_dim);
    EXPECT_EQ(config.rope_theta, asked.rope_theta);
    EXPECT_EQ(config.rms_norm_eps, asked.rms_norm_eps);
    EXPECT_EQ(config.qkv_bias, asked.qkv_bias);
    EXPECT_FALSE(config.tie_word_embeddings);
    EXPECT_NE(config.name.find("random weights"), std::string::npos) << config.name;
  }
}

TEST(RandomCheckpoint, IsTheSameWhateverTheThreads) {
  const std::vector<std::byte> one = BytesOf(Plan("tiny-qwen", "q5_k"), 1);
  EXPECT_EQ(BytesOf(Plan("tiny-qwen", "q5_k"), 3), one);
  EXPECT_NE(BytesOf(Plan("tiny-qwen", "q5_k", 2), 1), one) << "another seed";
}

// The rule and its results for 28 layers are llama.cpp's, as its files show them.
TEST(RandomCheckpoint, MixesTypesAsQ4KMDoes) {
  RandomCheckpoint plan = Plan("tiny-qwen", "q4_k_m");
  plan.config.num_layers = 28;
  const TempDir folder;
  WriteRandomCheckpoint(plan, folder.File("m.gguf"));
  const auto checkpoint = OpenCheckpoint(folder.File("m.gguf"));
  const auto type_of = [&](const std::string& name) { return checkpoint->Find(name)->view.dtype; };
  std::vector<int> with_more_bits;
  for (int layer = 0; layer < 28; ++layer) {
    const std::string at = "blk." + std::to_string(layer);
    EXPECT_EQ(type_of(at + ".attn_v.weight"), type_of(at + ".ffn_down.weight"));
    EXPECT_EQ(type_of(at + ".ffn_up.weight"), DType::kQ4_K);
    if (type_of(at + ".ffn_down.weight") == DType::kQ6_K) with_more_bits.push_back(layer);
  }
  EXPECT_EQ(with_more_bits, (std::vector<int>{0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27}));
  EXPECT_EQ(type_of("token_embd.weight"), DType::kQ4_K);
  EXPECT_EQ(type_of("output.weight"), DType::kQ6_K);
}

// Mean and deviation of all elements.
std::pair<double, double> Moments(ConstTensorView view) {
  std::vector<float> row(static_cast<size_t>(view.shape.back()));
  double sum = 0, squares = 0;
  for (int64_t r = 0; r < view.shape.rows(); ++r) {
    DequantizeRow(view.dtype, view.data + static_cast<size_t>(r) * view.row_bytes(),
                  view.shape.back(), row.data());
    for (float x : row) {
      sum += x;
      squares += static_cast<double>(x) * x;
    }
  }
  const auto count = static_cast<double>(view.shape.size());
  return {sum / count, std::sqrt(squares / count)};
}

TEST(RandomCheckpoint, WeightsAreNormalInEveryType) {
  const TempDir folder;
  for (const DTypeInfo& info : kDTypeTable) {
    SCOPED_TRACE(info.name);
    RandomCheckpoint plan = Plan("tiny-qwen", "f32");
    plan.types.most = info.dtype;
    plan.config.num_layers = 1;
    WriteRandomCheckpoint(plan, folder.File("m.gguf"));
    const auto checkpoint = OpenCheckpoint(folder.File("m.gguf"));
    const ConstTensorView up = checkpoint->Find("blk.0.ffn_up.weight")->view;
    EXPECT_EQ(up.dtype, info.dtype);
    const auto [mean, deviation] = Moments(up);
    EXPECT_NEAR(mean, 0, 0.02 / 16);
    EXPECT_NEAR(deviation, 1.0 / 16, 0.08 / 16);
  }
}

TEST(RandomCheckpoint, LogitsAreFiniteAndSpread) {
  const TempDir folder;
  WriteRandomCheckpoint(Plan("tiny-qwen", "q4_k_m"), folder.File("m.gguf"));
  const auto checkpoint = OpenCheckpoint(folder.File("m.gguf"));
  const auto backend = CreateReferenceBackend();
  const Architecture& architecture = FindArchitecture(*checkpoint);
  const ModelConfig config = architecture.parse(*checkpoint);
  DecoderModel model(config,
                     LoadWeights(*checkpoint, config, architecture.names(Dialect::kGguf), *backend),
                     *backend, {.max_rows = 4, .kv = {.block_size = 16, .num_blocks = 2}});
  Batch batch{.tokens = {7, 300, 12},
              .positions = {0, 1, 2},
              .roles = std::vector<RowRole>(3, RowRole::kPrompt),
              .query_start = {0, 3},
              .kv_len = {3},
              .block_table = {0},
              .block_stride = 1,
              .logit_rows = {2}};
  const std::span<const float> logits = model.Forward(batch);
  double squares = 0;
  for (float logit : logits) squares += static_cast<double>(logit) * logit;
  const double spread = std::sqrt(squares / static_cast<double>(logits.size()));
  EXPECT_GT(spread, 1.5);
  EXPECT_LT(spread, 6);
}

TEST(RandomCheckpoint, StoppingLeavesNothing) {
  const TempDir folder;
  const auto stop = [](uint64_t done, uint64_t total) {
    EXPECT_LE(done, total);
    return false;
  };
  ExpectError(ErrorCode::kCancelled, {"stopped"}, [&] {
    WriteRandomCheckpoint(Plan("tiny-qwen", "q8_0"), folder.File("m.gguf"),
                          {.num_threads = 2, .keep_going = stop});
  });
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(RandomCheckpoint, NamesWhatItDoesNotKnowAndWhatDoesNotFit) {
  ExpectError(ErrorCode::kInvalidArgument, {"gpt-5", "r1-distill-qwen-1.5b"},
              [] { KnownShape("gpt-5"); });
  ExpectError(ErrorCode::kInvalidArgument, {"Q4_K", "q4_k_m, q5_k_m, f32"},
              [] { ParseWeightTypes("Q4_K"); });
  RandomCheckpoint plan = Plan("tiny-qwen", "q4_k");
  plan.config.hidden_size = 896;
  ExpectError(ErrorCode::kInvalidArgument, {"Q4_K", "token_embd.weight", "896"},
              [&] { WriteRandomCheckpoint(plan, "/nowhere/m.gguf"); });
}

}  // namespace
}  // namespace retort
