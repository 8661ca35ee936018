// The weights of a dense decoder, handed to a backend and checked against the configuration: each
// tensor has exactly the shape that the configuration implies, so a lying configuration never gets
// past loading.
//
//   ModelWeights weights = LoadWeights(*checkpoint, config, names, *backend);
//   weights.layers[0].q->rows();  // H * Dh
//
// Errors: kCorrupt naming file and tensor when one is absent or misshapen; kUnsupported when the
// file holds a tensor that the architecture would silently ignore. The checkpoint must outlive the
// weights: backends may read matrices in place. Immutable once loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "model/config.h"
#include "ops/backend.h"
#include "tensor/tensor.h"

namespace retort {

// Which tensor of a checkpoint plays which part. "{}" stands for the layer's number; an empty name
// for a part that the architecture lacks. The defaults are GGUF's names for dense decoders.
struct TensorNames {
  std::string_view embedding = "token_embd.weight";
  std::string_view output_norm = "output_norm.weight";
  std::string_view head = "output.weight";  // absent from tied files
  std::string_view rope_divisors;           // what rotary frequencies are divided by; optional
  std::string_view rope_buffer;             // frequencies as some programs save them; not read
  std::string_view attn_norm = "blk.{}.attn_norm.weight";
  std::string_view q = "blk.{}.attn_q.weight";
  std::string_view k = "blk.{}.attn_k.weight";
  std::string_view v = "blk.{}.attn_v.weight";
  std::string_view o = "blk.{}.attn_output.weight";
  std::string_view q_bias = "blk.{}.attn_q.bias";  // read if config.qkv_bias
  std::string_view k_bias = "blk.{}.attn_k.bias";
  std::string_view v_bias = "blk.{}.attn_v.bias";
  std::string_view q_norm = "blk.{}.attn_q_norm.weight";  // read if config.qk_norm
  std::string_view k_norm = "blk.{}.attn_k_norm.weight";
  std::string_view ffn_norm = "blk.{}.ffn_norm.weight";
  std::string_view gate = "blk.{}.ffn_gate.weight";
  std::string_view up = "blk.{}.ffn_up.weight";
  std::string_view down = "blk.{}.ffn_down.weight";
};

struct LayerWeights {
  Tensor attn_norm;                    // [D]
  std::unique_ptr<PackedMatrix> q;     // [H * Dh, D]
  std::unique_ptr<PackedMatrix> k;     // [Hkv * Dh, D]
  std::unique_ptr<PackedMatrix> v;     // [Hkv * Dh, D]
  std::unique_ptr<PackedMatrix> o;     // [D, H * Dh]
  Tensor q_bias, k_bias, v_bias;       // [H * Dh], [Hkv * Dh] twice; empty without qkv_bias
  Tensor q_norm, k_norm;               // [Dh]; empty without qk_norm
  Tensor ffn_norm;                     // [D]
  std::unique_ptr<PackedMatrix> gate;  // [F, D]
  std::unique_ptr<PackedMatrix> up;    // [F, D]
  std::unique_ptr<PackedMatrix> down;  // [D, F]
};

struct ModelWeights {
  std::unique_ptr<PackedMatrix> embedding;  // [V, D]
  std::vector<LayerWeights> layers;
  Tensor output_norm;                  // [D]
  std::unique_ptr<PackedMatrix> head;  // [V, D]; null when tied
  Tensor inv_freq;                     // [Dh / 2] rotary frequencies: angle = position * inv_freq
  int64_t bytes = 0;                   // read by products: packed, or in the checkpoint

  const PackedMatrix& head_or_embedding() const { return head ? *head : *embedding; }
};

ModelWeights LoadWeights(const Checkpoint& checkpoint, const ModelConfig& config,
                         const TensorNames& names, Backend& backend);

}  // namespace retort
