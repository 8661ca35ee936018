// What an architecture's configuration says, in Hugging Face's terms; one plain struct for all
// dense decoders. Validated once at load: later code trusts it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/rope_scaling.h"
#include "ops/backend.h"

namespace retort {

struct ModelConfig {
  std::string architecture;  // "qwen2", "llama": the row of the registry
  std::string name;          // for people: general.name, else the file's name
  int64_t vocab_size = 0;    // V, padding rows included
  int64_t hidden_size = 0;   // D
  int64_t num_layers = 0;
  int64_t num_heads = 0;                // H
  int64_t num_kv_heads = 0;             // Hkv
  int64_t head_dim = 0;                 // Dh
  int64_t intermediate_size = 0;        // F
  int64_t max_position_embeddings = 0;  // context length
  float rms_norm_eps = 0;
  float rope_theta = 10000.0f;
  RopeScaling rope_scaling;
  RopeLayout rope_layout = RopeLayout::kHalfSplit;
  bool qkv_bias = false;
  bool qk_norm = false;              // RMSNorm over each head of q and k, before the rotation
  bool tie_word_embeddings = false;  // the head is the embedding table

  // Throws kCorrupt naming `source`, the field and its value when a field is out of range.
  void Validate(const std::string& source) const;
  // Bytes of keys and values per token for a cache of these types, which fit the head's size.
  int64_t KvBytesPerToken(KvTypes types) const;
};

}  // namespace retort
