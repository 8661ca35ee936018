// Qwen1.5, Qwen2, Qwen2.5 and R1-Distill-Qwen: biases on q, k and v (their configuration does not
// say so), rows in Hugging Face's order, hence half-split rotation.
#include "model/arch/registry.h"

namespace retort {

TensorNames Qwen2Names() { return {}; }

ModelConfig ParseQwen2(const Checkpoint& checkpoint) {
  ModelConfig config = ParseDenseConfig(checkpoint, "qwen2", Qwen2Names());
  config.rope_layout = RopeLayout::kHalfSplit;
  config.qkv_bias = true;
  config.Validate(checkpoint.path());
  return config;
}

}  // namespace retort
