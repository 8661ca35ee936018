// The GGUF dialect of a dense decoder's settings: keys "<architecture>.<name>".
#include <algorithm>

#include "checkpoint/model_name.h"
#include "model/arch/config_reader.h"
#include "model/arch/registry.h"

namespace retort {
namespace {

RopeScaling ReadGgufRopeScaling(const ConfigReader& reader, int64_t context_length) {
  RopeScaling scaling;
  const std::string type = reader.StringOr("rope.scaling.type", "");
  // Two keys for one thing; without a type both mean linear scaling. 0 scales nothing.
  const double legacy = reader.DoubleOr("rope.scale_linear", 1);
  scaling.factor = reader.DoubleOr("rope.scaling.factor", legacy);
  if (scaling.factor == 0) scaling.factor = 1;
  if (type == "none") return {};
  if (type == "linear" || type.empty()) {
    scaling.kind = RopeScaling::Kind::kLinear;
    return scaling;
  }
  reader.Refuse("rope.scaling.type", type != "yarn", type);
  scaling.kind = RopeScaling::Kind::kYarn;
  scaling.original_context =
      static_cast<double>(reader.IntOr("rope.scaling.original_context_length", context_length));
  scaling.beta_fast = reader.DoubleOr("rope.scaling.yarn_beta_fast", scaling.beta_fast);
  scaling.beta_slow = reader.DoubleOr("rope.scaling.yarn_beta_slow", scaling.beta_slow);
  scaling.attention_factor = YarnAttentionFactor(scaling.factor) *
                             reader.DoubleOr("rope.scaling.attn_factor", 1) *
                             reader.DoubleOr("rope.scaling.yarn_attn_factor", 1);
  const double extrapolated = reader.DoubleOr("rope.scaling.yarn_ext_factor", 1);
  reader.Refuse("rope.scaling.yarn_ext_factor", extrapolated != 1, extrapolated);
  const double multiplier = reader.DoubleOr("rope.scaling.yarn_log_multiplier", 0);
  reader.Refuse("rope.scaling.yarn_log_multiplier", multiplier != 0, multiplier);
  return scaling;
}

std::string DisplayName(const Checkpoint& checkpoint) {
  const std::string* name = checkpoint.metadata().FindString("general.name");
  return name != nullptr && !name->empty() ? *name : ModelNameOf(checkpoint.path());
}

}  // namespace

ModelConfig ParseGgufConfig(const Checkpoint& checkpoint, std::string_view architecture,
                            const TensorNames& names) {
  const ConfigReader reader(checkpoint.metadata(), std::string(architecture) + ".");
  ModelConfig config;
  config.name = DisplayName(checkpoint);
  // The table's rows count; a key that says otherwise fails when the shapes are checked.
  config.vocab_size = reader.IntOr("vocab_size", checkpoint.Find(names.embedding)->view.shape[0]);
  config.hidden_size = reader.Int("embedding_length");
  config.num_layers = reader.Int("block_count");
  config.num_heads = reader.IntOrUniformArray("attention.head_count");
  config.num_kv_heads = reader.Has("attention.head_count_kv")
                            ? reader.IntOrUniformArray("attention.head_count_kv")
                            : config.num_heads;
  const int64_t even_split = config.num_heads > 0 ? config.hidden_size / config.num_heads : 0;
  config.head_dim = reader.IntOr("attention.key_length", even_split);
  config.intermediate_size = reader.IntOrUniformArray("feed_forward_length");
  config.max_position_embeddings = reader.Int("context_length");
  config.rms_norm_eps = static_cast<float>(reader.Double("attention.layer_norm_rms_epsilon"));
  config.rope_theta = static_cast<float>(reader.DoubleOr("rope.freq_base", 10000));
  config.rope_scaling = ReadGgufRopeScaling(reader, config.max_position_embeddings);
  config.tie_word_embeddings = checkpoint.Find(names.head) == nullptr;

  const int64_t value_length = reader.IntOr("attention.value_length", config.head_dim);
  reader.Refuse("attention.value_length", value_length != config.head_dim, value_length);
  const int64_t experts = reader.IntOr("expert_count", 0);
  reader.Refuse("expert_count", experts != 0, experts);
  const int64_t rotary_dims = reader.IntOr("rope.dimension_count", config.head_dim);
  reader.Refuse("rope.dimension_count", rotary_dims != config.head_dim, rotary_dims);
  return config;
}

}  // namespace retort
