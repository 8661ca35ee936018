// Llama 2, 3, 3.1, 3.2, SmolLM2 and R1-Distill-Llama.
// Converters to GGUF permute the rows of q and k so that the pairs which rotate together lie side
// by side: hence the interleaved layout there and the half-split one in Hugging Face's model.
// Llama 3.1's RoPE scaling is a tensor of divisors in GGUF, one for each pair, and a rule in
// config.json.
#include "model/arch/registry.h"

namespace retort {

TensorNames LlamaNames(Dialect dialect) {
  TensorNames names = DenseNames(dialect);
  if (dialect == Dialect::kGguf) names.rope_divisors = "rope_freqs.weight";
  return names;
}

ModelConfig ParseLlama(const Checkpoint& checkpoint) {
  const Dialect dialect = checkpoint.dialect();
  ModelConfig config = ParseDenseConfig(checkpoint, "llama", LlamaNames(dialect));
  config.rope_layout =
      dialect == Dialect::kGguf ? RopeLayout::kInterleaved : RopeLayout::kHalfSplit;
  config.Validate(checkpoint.path());
  return config;
}

}  // namespace retort
