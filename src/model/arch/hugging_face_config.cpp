// Hugging Face's dialect of a dense decoder's settings: config.json.
#include <algorithm>

#include "checkpoint/model_name.h"
#include "model/arch/config_reader.h"
#include "model/arch/registry.h"

namespace retort {
namespace {

// What cos and sin are multiplied by under YaRN. Three keys have served for it: `attention_factor`
// is the number itself; `mscale` with `mscale_all_dim` DeepSeek's way to compute it; `attn_factor`
// a multiplier, as vLLM and llama.cpp read it. R1-0528-Qwen3-8B has the last one, 0.8782, which
// makes the number 1; Transformers knows no such key and uses 1.1386.
double AttentionFactor(const ConfigReader& rope, double factor) {
  if (rope.Has("attention_factor")) return rope.Double("attention_factor");
  const double mscale = rope.DoubleOr("mscale", 0), all_dims = rope.DoubleOr("mscale_all_dim", 0);
  if (mscale != 0 && all_dims != 0) {
    return YarnAttentionFactor(factor, mscale) / YarnAttentionFactor(factor, all_dims);
  }
  return YarnAttentionFactor(factor) * rope.DoubleOr("attn_factor", 1);
}

RopeScaling ReadHuggingFaceRopeScaling(const ConfigReader& rope, int64_t max_position_embeddings) {
  RopeScaling scaling;
  const char* type_key = rope.Has("rope_type") ? "rope_type" : "type";
  const std::string type = rope.StringOr(type_key, "default");
  if (type == "default") return scaling;
  scaling.factor = rope.Double("factor");
  scaling.original_context = rope.DoubleOr("original_max_position_embeddings",
                                           static_cast<double>(max_position_embeddings));
  if (type == "linear") {
    scaling.kind = RopeScaling::Kind::kLinear;
  } else if (type == "llama3") {
    scaling.kind = RopeScaling::Kind::kLlama3;
    scaling.low_freq_factor = rope.Double("low_freq_factor");
    scaling.high_freq_factor = rope.Double("high_freq_factor");
  } else {
    rope.Refuse(type_key, type != "yarn", type);
    scaling.kind = RopeScaling::Kind::kYarn;
    scaling.beta_fast = rope.DoubleOr("beta_fast", scaling.beta_fast);
    scaling.beta_slow = rope.DoubleOr("beta_slow", scaling.beta_slow);
    scaling.attention_factor = AttentionFactor(rope, scaling.factor);
    rope.Refuse("truncate", !rope.BoolOr("truncate", true), false);
  }
  return scaling;
}

// What would change the answers and the decoder does not compute.
void RefuseOtherKinds(const ConfigReader& reader, const ConfigReader& rope,
                      const Metadata& metadata) {
  if (const auto* classes = metadata.FindStrings("architectures")) {
    const std::string& model = classes->front();
    reader.Refuse("architectures", !model.ends_with("ForCausalLM"), model);
  }
  const std::string activation = reader.StringOr("hidden_act", "silu");
  reader.Refuse("hidden_act", activation != "silu", activation);
  for (const char* key : {"attention_bias", "mlp_bias", "use_sliding_window"}) {
    reader.Refuse(key, reader.BoolOr(key, false), true);
  }
  if (const auto* kinds = metadata.FindStrings("layer_types")) {
    for (const std::string& kind : *kinds) {
      reader.Refuse("layer_types", kind != "full_attention", kind);
    }
  }
  for (const ConfigReader* where : {&reader, &rope}) {
    const double rotated = where->DoubleOr("partial_rotary_factor", 1);
    where->Refuse("partial_rotary_factor", rotated != 1, rotated);
  }
}

}  // namespace

ModelConfig ParseHuggingFaceConfig(const Checkpoint& checkpoint) {
  const Metadata& metadata = checkpoint.metadata();
  const ConfigReader reader(metadata);
  // Transformers 5 writes rope_parameters, earlier versions rope_theta beside rope_scaling.
  const bool new_style = reader.Has("rope_parameters.rope_theta");
  const ConfigReader rope(metadata, new_style ? "rope_parameters." : "rope_scaling.");
  RefuseOtherKinds(reader, rope, metadata);
  ModelConfig config;
  config.name = ModelNameOf(checkpoint.path());
  config.vocab_size = reader.Int("vocab_size");
  config.hidden_size = reader.Int("hidden_size");
  config.num_layers = reader.Int("num_hidden_layers");
  config.num_heads = reader.Int("num_attention_heads");
  config.num_kv_heads = reader.IntOr("num_key_value_heads", config.num_heads);
  const int64_t even_split = config.num_heads > 0 ? config.hidden_size / config.num_heads : 0;
  config.head_dim = reader.IntOr("head_dim", even_split);
  config.intermediate_size = reader.Int("intermediate_size");
  config.max_position_embeddings = reader.Int("max_position_embeddings");
  config.rms_norm_eps = static_cast<float>(reader.Double("rms_norm_eps"));
  config.rope_theta = static_cast<float>(new_style ? rope.Double("rope_theta")
                                                   : reader.DoubleOr("rope_theta", 10000));
  config.rope_scaling = ReadHuggingFaceRopeScaling(rope, config.max_position_embeddings);
  config.tie_word_embeddings = reader.BoolOr("tie_word_embeddings", false);
  return config;
}

}  // namespace retort
