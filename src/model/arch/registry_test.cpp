#include "model/arch/registry.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "model/fake_checkpoint.h"

namespace retort {
namespace {

ModelConfig Parse(const FakeCheckpoint& file) {
  return FindArchitecture(file.metadata()).parse(file);
}

// The error's message must hold every one of `parts`.
void ExpectRefused(const FakeCheckpoint& file, ErrorCode code,
                   const std::vector<std::string>& parts) {
  try {
    Parse(file);
    ADD_FAILURE() << "accepted, expected to be refused for " << parts.front();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.code(), code) << message;
    for (const std::string& part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << part << " is not in: " << message;
    }
  }
}

TEST(Registry, ReadsQwen2) {
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
  file.values["general.name"] = std::string("Tiny Qwen");
  file.values["qwen2.rope.freq_base"] = 1e6;
  const ModelConfig config = Parse(file);
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
  const ModelConfig config = Parse(file);
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
  EXPECT_EQ(Parse(file).num_kv_heads, 2);
  file.values["llama.attention.head_count_kv"] = std::vector<int64_t>{2, 1};
  ExpectRefused(file, ErrorCode::kUnsupported, {"fake.gguf", "llama.attention.head_count_kv"});
  file.values["llama.attention.head_count_kv"] = std::vector<int64_t>{};
  ExpectRefused(file, ErrorCode::kUnsupported, {"llama.attention.head_count_kv"});
}

TEST(Registry, NamesTheArchitecturesThereAre) {
  FakeCheckpoint file = FakeCheckpoint::Dense("mamba");
  ExpectRefused(file, ErrorCode::kUnsupported, {"fake.gguf", "mamba", "llama, qwen2"});
}

TEST(Registry, NamesTheMissingKey) {
  for (const char* key : {"qwen2.embedding_length", "qwen2.block_count",
                          "qwen2.attention.head_count", "qwen2.feed_forward_length",
                          "qwen2.context_length", "qwen2.attention.layer_norm_rms_epsilon"}) {
    FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
    file.values.erase(key);
    ExpectRefused(file, ErrorCode::kCorrupt, {"fake.gguf", key});
  }
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
  file.Remove("token_embd.weight");
  ExpectRefused(file, ErrorCode::kCorrupt, {"fake.gguf", "token_embd.weight"});
}

TEST(Registry, ValidatesWhatItReads) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.values["llama.block_count"] = int64_t{1'000'000};
  ExpectRefused(file, ErrorCode::kCorrupt, {"fake.gguf", "num_layers", "1000000"});
  file = FakeCheckpoint::Dense("llama");
  file.values["llama.attention.head_count"] = int64_t{0};
  file.values.erase("llama.attention.key_length");
  ExpectRefused(file, ErrorCode::kCorrupt, {"num_heads is 0"});
}

// What the decoder does not compute is refused rather than computed wrongly.
TEST(Registry, RefusesWhatWouldChangeTheAnswers) {
  const std::pair<const char*, MetadataValue> features[] = {
      {"llama.rope.scaling.type", std::string("yarn")},
      {"llama.rope.scaling.factor", 4.0},
      {"llama.rope.scale_linear", 2.0},
      {"llama.rope.dimension_count", int64_t{4}},
      {"llama.attention.value_length", int64_t{8}},
      {"llama.expert_count", int64_t{8}},
  };
  for (const auto& [key, value] : features) {
    FakeCheckpoint file = FakeCheckpoint::Dense("llama");
    file.values[key] = value;
    ExpectRefused(file, ErrorCode::kUnsupported, {"fake.gguf", key});
  }
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.values["llama.rope.scaling.type"] = std::string("none");
  file.values["llama.rope.scaling.factor"] = 1.0;
  file.values["llama.rope.dimension_count"] = int64_t{6};
  file.values["llama.expert_count"] = int64_t{0};
  EXPECT_NO_THROW(Parse(file));
}

}  // namespace
}  // namespace retort
