// What the two dialects share: the choice between them, and the names of a dense decoder's tensors.
#include "base/error.h"
#include "model/arch/registry.h"

namespace retort {

TensorNames DenseNames(Dialect dialect) {
  if (dialect == Dialect::kGguf) return {};
  return {.embedding = "model.embed_tokens.weight",
          .output_norm = "model.norm.weight",
          .head = "lm_head.weight",
          .rope_divisors = "",
          .rope_buffer = "model.layers.{}.self_attn.rotary_emb.inv_freq",
          .attn_norm = "model.layers.{}.input_layernorm.weight",
          .q = "model.layers.{}.self_attn.q_proj.weight",
          .k = "model.layers.{}.self_attn.k_proj.weight",
          .v = "model.layers.{}.self_attn.v_proj.weight",
          .o = "model.layers.{}.self_attn.o_proj.weight",
          .q_bias = "model.layers.{}.self_attn.q_proj.bias",
          .k_bias = "model.layers.{}.self_attn.k_proj.bias",
          .v_bias = "model.layers.{}.self_attn.v_proj.bias",
          .q_norm = "model.layers.{}.self_attn.q_norm.weight",
          .k_norm = "model.layers.{}.self_attn.k_norm.weight",
          .ffn_norm = "model.layers.{}.post_attention_layernorm.weight",
          .gate = "model.layers.{}.mlp.gate_proj.weight",
          .up = "model.layers.{}.mlp.up_proj.weight",
          .down = "model.layers.{}.mlp.down_proj.weight"};
}

ModelConfig ParseDenseConfig(const Checkpoint& checkpoint, std::string_view architecture,
                             const TensorNames& names) {
  const NamedTensor* embedding = checkpoint.Find(names.embedding);
  if (embedding == nullptr || embedding->view.shape.rank() != 2) {
    Fail(ErrorCode::kCorrupt, "{}: tensor {} is missing or not a matrix; get the file anew",
         checkpoint.path(), names.embedding);
  }
  ModelConfig config = checkpoint.dialect() == Dialect::kGguf
                           ? ParseGgufConfig(checkpoint, architecture, names)
                           : ParseHuggingFaceConfig(checkpoint);
  config.architecture = architecture;
  if (config.rope_scaling.kind == RopeScaling::Kind::kYarn) {
    // Some files leave the first length where the stretched one belongs.
    const double stretched = config.rope_scaling.original_context * config.rope_scaling.factor;
    const auto longest = static_cast<double>(config.max_position_embeddings);
    if (stretched > longest && stretched < 1 << 24) {
      config.max_position_embeddings = static_cast<int64_t>(stretched);
    }
  }
  return config;
}

}  // namespace retort
