#include "model/arch/registry.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "model/arch/test_config.h"
#include "model/fake_checkpoint.h"

namespace retort {
namespace {

TEST(Registry, ReadsQwen2) {
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
  file.values["general.name"] = std::string("Tiny Qwen");
  file.values["qwen2.rope.freq_base"] = 1e6;
  const ModelConfig config = ParseConfig(file);
  EXPECT_EQ(config.architecture, "qwen2");
  EXPECT_EQ(config.name, "Tiny Qwen");
  EXPECT_EQ(config.vocab_size, 10);
  EXPECT_EQ(config.hidden_size, 12);
  EXPECT_EQ(config.num_layers, 2);
  EXPECT_EQ(config.num_heads, 4);
  EXPECT_EQ(config.num_kv_heads, 2);
  EXPECT_EQ(config.head_dim, 6);
  EXPECT_EQ(config.intermediate_size, 20);
  EXPECT_EQ(config.max_position_embeddings, 64);
  EXPECT_EQ(config.rms_norm_eps, 1e-5f);
  EXPECT_EQ(config.rope_theta, 1e6f);
  EXPECT_EQ(config.rope_layout, RopeLayout::kHalfSplit);
  EXPECT_TRUE(config.qkv_bias);
  EXPECT_FALSE(config.tie_word_embeddings);
}

TEST(Registry, ReadsLlamaWithItsDefaults) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.Remove("output.weight");
  file.values["llama.attention.head_count"] = int64_t{6};
  file.values.erase("llama.attention.head_count_kv");
  file.values.erase("llama.attention.key_length");
  const ModelConfig config = ParseConfig(file);
  EXPECT_EQ(config.name, "fake");  // the file's, for want of another
  EXPECT_EQ(config.num_kv_heads, 6);
  EXPECT_EQ(config.head_dim, 2) << "12 / 6";
  EXPECT_EQ(config.rope_theta, 10000.0f);
  EXPECT_EQ(config.rope_layout, RopeLayout::kInterleaved);
  EXPECT_FALSE(config.qkv_bias);
  EXPECT_TRUE(config.tie_word_embeddings);
}

TEST(Registry, ReadsHeadCountsGivenForEachLayer) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.values["llama.attention.head_count_kv"] = std::vector<int64_t>{2, 2};
  EXPECT_EQ(ParseConfig(file).num_kv_heads, 2);
  file.values["llama.attention.head_count_kv"] = std::vector<int64_t>{2, 1};
  ExpectConfigRefused(file, ErrorCode::kUnsupported,
                      {"fake.gguf", "llama.attention.head_count_kv"});
  file.values["llama.attention.head_count_kv"] = std::vector<int64_t>{};
  ExpectConfigRefused(file, ErrorCode::kUnsupported, {"llama.attention.head_count_kv"});
}

TEST(Registry, NamesTheArchitecturesThereAre) {
  FakeCheckpoint file = FakeCheckpoint::Dense("mamba");
  ExpectConfigRefused(file, ErrorCode::kUnsupported, {"fake.gguf", "mamba", "llama, qwen2, qwen3"});
}

TEST(Registry, NamesTheMissingKey) {
  for (const char* key : {"qwen2.embedding_length", "qwen2.block_count",
                          "qwen2.attention.head_count", "qwen2.feed_forward_length",
                          "qwen2.context_length", "qwen2.attention.layer_norm_rms_epsilon"}) {
    FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
    file.values.erase(key);
    ExpectConfigRefused(file, ErrorCode::kCorrupt, {"fake.gguf", key});
  }
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
  file.Remove("token_embd.weight");
  ExpectConfigRefused(file, ErrorCode::kCorrupt, {"fake.gguf", "token_embd.weight"});
}

TEST(Registry, ValidatesWhatItReads) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.values["llama.block_count"] = int64_t{1'000'000};
  ExpectConfigRefused(file, ErrorCode::kCorrupt, {"fake.gguf", "num_layers", "1000000"});
  file = FakeCheckpoint::Dense("llama");
  file.values["llama.attention.head_count"] = int64_t{0};
  file.values.erase("llama.attention.key_length");
  ExpectConfigRefused(file, ErrorCode::kCorrupt, {"num_heads is 0"});
}

TEST(Registry, ReadsQwen3) {
  const ModelConfig config = ParseConfig(FakeCheckpoint::Dense("qwen3"));
  EXPECT_EQ(config.architecture, "qwen3");
  EXPECT_EQ(config.rope_layout, RopeLayout::kHalfSplit);
  EXPECT_TRUE(config.qk_norm);
  EXPECT_FALSE(config.qkv_bias);
}

TEST(Registry, ReadsLinearScalingUnderEitherKey) {
  for (const char* key : {"llama.rope.scaling.factor", "llama.rope.scale_linear"}) {
    FakeCheckpoint file = FakeCheckpoint::Dense("llama");
    file.values[key] = 4.0;
    const RopeScaling scaling = ParseConfig(file).rope_scaling;
    EXPECT_EQ(scaling.kind, RopeScaling::Kind::kLinear);
    EXPECT_EQ(scaling.factor, 4);
    file.values[key] = 0.0;  // as some converters say that there is none
    EXPECT_EQ(ParseConfig(file).rope_scaling.factor, 1);
  }
}

TEST(Registry, ReadsYarn) {
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
  file.values["qwen2.rope.scaling.type"] = std::string("yarn");
  file.values["qwen2.rope.scaling.factor"] = 4.0;
  ModelConfig config = ParseConfig(file);
  EXPECT_EQ(config.rope_scaling.kind, RopeScaling::Kind::kYarn);
  EXPECT_EQ(config.rope_scaling.original_context, 64) << "the context, for want of another";
  EXPECT_EQ(config.max_position_embeddings, 256) << "four times that";
  EXPECT_EQ(config.rope_scaling.beta_fast, 32);
  EXPECT_DOUBLE_EQ(config.rope_scaling.attention_factor, YarnAttentionFactor(4));
  file.values["qwen2.rope.scaling.original_context_length"] = int64_t{16};
  file.values["qwen2.rope.scaling.attn_factor"] = 0.5;
  file.values["qwen2.rope.scaling.yarn_beta_fast"] = 16.0;
  config = ParseConfig(file);
  EXPECT_EQ(config.rope_scaling.original_context, 16);
  EXPECT_EQ(config.max_position_embeddings, 64);
  EXPECT_EQ(config.rope_scaling.beta_fast, 16);
  EXPECT_DOUBLE_EQ(config.rope_scaling.attention_factor, YarnAttentionFactor(4) / 2);
  file.values["qwen2.rope.scaling.factor"] = 0.25;
  ExpectConfigRefused(file, ErrorCode::kCorrupt, {"fake.gguf", "factor", "0.25"});
  file.values["qwen2.rope.scaling.factor"] = 4.0;
  file.values["qwen2.rope.scaling.yarn_log_multiplier"] = 0.1;
  ExpectConfigRefused(file, ErrorCode::kUnsupported, {"qwen2.rope.scaling.yarn_log_multiplier"});
}

// What the decoder does not compute is refused rather than computed wrongly.
TEST(Registry, RefusesWhatWouldChangeTheAnswers) {
  const std::pair<const char*, MetadataValue> features[] = {
      {"llama.rope.scaling.type", std::string("longrope")},
      {"llama.rope.dimension_count", int64_t{4}},
      {"llama.attention.value_length", int64_t{8}},
      {"llama.expert_count", int64_t{8}},
  };
  for (const auto& [key, value] : features) {
    FakeCheckpoint file = FakeCheckpoint::Dense("llama");
    file.values[key] = value;
    ExpectConfigRefused(file, ErrorCode::kUnsupported, {"fake.gguf", key});
  }
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.values["llama.rope.scaling.type"] = std::string("none");
  file.values["llama.rope.scaling.factor"] = 1.0;
  file.values["llama.rope.dimension_count"] = int64_t{6};
  file.values["llama.expert_count"] = int64_t{0};
  EXPECT_NO_THROW(ParseConfig(file));
}

}  // namespace
}  // namespace retort
