// Qwen3 and R1-0528-Qwen3-8B: each head of q and k is normalised before it is rotated, and has its
// own size whatever the hidden size; no biases. Rows as in Qwen2.
#include "model/arch/registry.h"

namespace retort {

ModelConfig ParseQwen3(const Checkpoint& checkpoint) {
  ModelConfig config = ParseDenseConfig(checkpoint, "qwen3", DenseNames(checkpoint.dialect()));
  config.rope_layout = RopeLayout::kHalfSplit;
  config.qk_norm = true;
  config.Validate(checkpoint.path());
  return config;
}

}  // namespace retort
