// Qwen1.5, Qwen2, Qwen2.5 and R1-Distill-Qwen: biases on q, k and v (their configuration does not
// say so), rows in Hugging Face's order in both dialects, hence half-split rotation.
#include "model/arch/registry.h"

namespace retort {

ModelConfig ParseQwen2(const Checkpoint& checkpoint) {
  ModelConfig config = ParseDenseConfig(checkpoint, "qwen2", DenseNames(checkpoint.dialect()));
  config.rope_layout = RopeLayout::kHalfSplit;
  config.qkv_bias = true;
  config.Validate(checkpoint.path());
  return config;
}

}  // namespace retort
