// config.json of published models, and what is refused in it.
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/arch/registry.h"
#include "model/arch/test_config.h"
#include "model/fake_checkpoint.h"

namespace retort {
namespace {

void ExpectFolderRefused(const FakeCheckpoint& folder, ErrorCode code, const std::string& part) {
  ExpectConfigRefused(folder, code, {"models/fake-0.5B", part});
}

TEST(HuggingFaceConfig, ReadsWhatGgufSays) {
  for (const char* architecture : {"llama", "qwen2", "qwen3"}) {
    FakeCheckpoint folder = FakeCheckpoint::Folder(architecture);
    folder.values["rope_theta"] = 1e6;
    const ModelConfig config = ParseConfig(folder);
    const ModelConfig expected = ParseConfig(FakeCheckpoint::Dense(architecture));
    EXPECT_EQ(config.architecture, architecture);
    EXPECT_EQ(config.name, "fake-0.5B");
    EXPECT_EQ(config.vocab_size, expected.vocab_size);
    EXPECT_EQ(config.hidden_size, expected.hidden_size);
    EXPECT_EQ(config.num_layers, expected.num_layers);
    EXPECT_EQ(config.num_heads, expected.num_heads);
    EXPECT_EQ(config.num_kv_heads, expected.num_kv_heads);
    EXPECT_EQ(config.head_dim, expected.head_dim);
    EXPECT_EQ(config.intermediate_size, expected.intermediate_size);
    EXPECT_EQ(config.max_position_embeddings, expected.max_position_embeddings);
    EXPECT_EQ(config.rms_norm_eps, expected.rms_norm_eps);
    EXPECT_EQ(config.rope_theta, 1e6f);
    EXPECT_EQ(config.rope_layout, RopeLayout::kHalfSplit) << "Llama's too: rows are not permuted";
    EXPECT_EQ(config.qkv_bias, expected.qkv_bias);
    EXPECT_EQ(config.qk_norm, expected.qk_norm);
    EXPECT_FALSE(config.tie_word_embeddings);
  }
}

TEST(HuggingFaceConfig, KnowsItsDefaults) {
  FakeCheckpoint folder = FakeCheckpoint::Folder("llama");
  folder.values["num_attention_heads"] = int64_t{6};
  folder.values.erase("num_key_value_heads");
  folder.values.erase("head_dim");
  folder.Remove("lm_head.weight");
  folder.values["tie_word_embeddings"] = true;
  const ModelConfig config = ParseConfig(folder);
  EXPECT_EQ(config.num_kv_heads, 6);
  EXPECT_EQ(config.head_dim, 2) << "12 / 6";
}

TEST(HuggingFaceConfig, NamesTheMissingKey) {
  for (const char* key :
       {"vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
        "intermediate_size", "max_position_embeddings", "rms_norm_eps", "model_type"}) {
    FakeCheckpoint folder = FakeCheckpoint::Folder("qwen2");
    folder.values.erase(key);
    ExpectFolderRefused(folder, ErrorCode::kCorrupt, key);
  }
}

// R1-Distill-Llama-8B's, in both ways of writing it.
TEST(HuggingFaceConfig, ReadsLlama3Scaling) {
  for (const std::string prefix : {"rope_scaling.", "rope_parameters."}) {
    FakeCheckpoint folder = FakeCheckpoint::Folder("llama");
    folder.values[prefix + "rope_type"] = std::string("llama3");
    folder.values[prefix + "factor"] = 8.0;
    folder.values[prefix + "low_freq_factor"] = 1.0;
    folder.values[prefix + "high_freq_factor"] = 4.0;
    folder.values[prefix + "original_max_position_embeddings"] = int64_t{8192};
    folder.values[prefix == "rope_scaling." ? "rope_theta" : "rope_parameters.rope_theta"] = 5e5;
    const ModelConfig config = ParseConfig(folder);
    EXPECT_EQ(config.rope_theta, 5e5f);
    EXPECT_EQ(config.rope_scaling.kind, RopeScaling::Kind::kLlama3);
    EXPECT_EQ(config.rope_scaling.factor, 8);
    EXPECT_EQ(config.rope_scaling.low_freq_factor, 1);
    EXPECT_EQ(config.rope_scaling.high_freq_factor, 4);
    EXPECT_EQ(config.rope_scaling.original_context, 8192);
    EXPECT_EQ(config.rope_scaling.attention_factor, 1);
    EXPECT_EQ(config.max_position_embeddings, 64);
  }
}

// R1-0528-Qwen3-8B says attn_factor, a multiplier; attention_factor is the number itself.
TEST(HuggingFaceConfig, ReadsTheThreeWaysToSayYarnsAttentionFactor) {
  FakeCheckpoint folder = FakeCheckpoint::Folder("qwen3");
  folder.values["rope_scaling.rope_type"] = std::string("yarn");
  folder.values["rope_scaling.factor"] = 4.0;
  folder.values["rope_scaling.original_max_position_embeddings"] = int64_t{32768};
  const auto factor = [&] { return ParseConfig(folder).rope_scaling.attention_factor; };
  EXPECT_DOUBLE_EQ(factor(), 1.1386294361119891);
  EXPECT_EQ(ParseConfig(folder).max_position_embeddings, 131072);
  folder.values["rope_scaling.attn_factor"] = 0.8782488562869419;
  EXPECT_DOUBLE_EQ(factor(), 1);
  folder.values["rope_scaling.mscale"] = 1.0;
  folder.values["rope_scaling.mscale_all_dim"] = 0.5;
  EXPECT_DOUBLE_EQ(factor(), YarnAttentionFactor(4) / YarnAttentionFactor(4, 0.5));
  folder.values["rope_scaling.attention_factor"] = 1.25;
  EXPECT_DOUBLE_EQ(factor(), 1.25);
}

TEST(HuggingFaceConfig, ReadsTheOldKeyOfTheType) {
  FakeCheckpoint folder = FakeCheckpoint::Folder("qwen2");
  folder.values["rope_scaling.type"] = std::string("linear");
  folder.values["rope_scaling.factor"] = int64_t{2};
  EXPECT_EQ(ParseConfig(folder).rope_scaling.kind, RopeScaling::Kind::kLinear);
  EXPECT_EQ(ParseConfig(folder).rope_scaling.factor, 2);
  folder.values.erase("rope_scaling.factor");
  ExpectFolderRefused(folder, ErrorCode::kCorrupt, "rope_scaling.factor");
}

TEST(HuggingFaceConfig, RefusesWhatWouldChangeTheAnswers) {
  const std::pair<const char*, MetadataValue> features[] = {
      {"model_type", std::string("mixtral")},
      {"architectures", std::vector<std::string>{"Qwen2ForSequenceClassification"}},
      {"hidden_act", std::string("gelu")},
      {"attention_bias", true},
      {"mlp_bias", true},
      {"use_sliding_window", true},
      {"layer_types", std::vector<std::string>{"full_attention", "sliding_attention"}},
      {"partial_rotary_factor", 0.5},
      {"rope_scaling.type", std::string("dynamic")},
  };
  for (const auto& [key, value] : features) {
    FakeCheckpoint folder = FakeCheckpoint::Folder("qwen2");
    folder.values["rope_scaling.factor"] = 2.0;
    folder.values[key] = value;
    const auto* text = std::get_if<std::string>(&value);
    ExpectFolderRefused(folder, ErrorCode::kUnsupported,
                        text != nullptr ? *text : std::string(key));
  }
  FakeCheckpoint folder = FakeCheckpoint::Folder("qwen2");
  folder.values["architectures"] = std::vector<std::string>{"Qwen2ForCausalLM"};
  folder.values["use_sliding_window"] = false;
  folder.values["sliding_window"] = int64_t{4096};
  folder.values["layer_types"] = std::vector<std::string>{"full_attention", "full_attention"};
  EXPECT_NO_THROW(ParseConfig(folder));
}

}  // namespace
}  // namespace retort
