// Llama 2, 3, 3.1, 3.2, SmolLM2 and R1-Distill-Llama.
// Converters to GGUF permute the rows of q and k so that the pairs which rotate together lie side
// by side: hence the interleaved layout here and the half-split one in Hugging Face's model.
// Llama 3.1's RoPE scaling comes as a tensor of divisors, one for each pair.
#include "model/arch/registry.h"

namespace retort {

TensorNames LlamaNames() { return {.rope_divisors = "rope_freqs.weight"}; }

ModelConfig ParseLlama(const Checkpoint& checkpoint) {
  ModelConfig config = ParseDenseConfig(checkpoint, "llama", LlamaNames());
  config.rope_layout = RopeLayout::kInterleaved;
  config.Validate(checkpoint.path());
  return config;
}

}  // namespace retort
