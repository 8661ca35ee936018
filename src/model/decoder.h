// The decoder of every dense architecture, written once over the Backend seam:
//
//   DecoderModel model(config, std::move(weights), *backend, {.kv = {.block_size = 32,
//                                                                     .num_blocks = 64}});
//   std::span<const float> logits = model.Forward(batch);   // [R, V]
//
// All work memory is allocated once, for the largest batch. The backend, and the checkpoint that
// the weights were loaded from, must outlive the model. Errors: kResourceExhausted with figures at
// construction; Forward and the backend CHECK the batch (only engine and scorer make batches). Not
// thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/config.h"
#include "model/kv_cache.h"
#include "model/language_model.h"
#include "model/weights.h"

namespace retort {

struct DecoderOptions {
  int32_t max_rows = 512;  // largest T of a batch
  KvGeometry kv;
};

// What a decoder's work memory will take, before there is one.
int64_t WorkspaceBytes(const ModelConfig& config, int32_t max_rows);

class DecoderModel : public LanguageModel {
 public:
  DecoderModel(ModelConfig config, ModelWeights weights, Backend& backend,
               const DecoderOptions& options);

  int64_t vocab_size() const override { return config_.vocab_size; }
  int64_t max_positions() const override;
  KvGeometry kv_geometry() const override { return kv_cache_.geometry(); }
  int32_t max_rows() const override { return max_rows_; }
  std::span<const float> Forward(const Batch& batch) override;

  const ModelConfig& config() const { return config_; }
  int64_t weight_bytes() const { return weights_.bytes; }
  int64_t kv_cache_bytes() const { return kv_cache_.bytes(); }
  int64_t workspace_bytes() const;

 private:
  // The rows that the rest of a step computes with: hidden states and how each came to be.
  struct Rows {
    TensorView x;                    // [T, D]
    std::span<const RowRole> roles;  // [T]
  };

  void Attention(int64_t layer, const StepView& step, const Rows& rows);
  void NormalizeHeads(const Tensor& weight, const TensorView& rows);
  void FeedForward(const LayerWeights& weights, const Rows& rows);
  Rows GatherLogitRows(const Batch& batch, const Rows& rows);
  std::span<const float> Logits(const Rows& rows);

  ModelConfig config_;
  ModelWeights weights_;
  Backend& backend_;
  int32_t max_rows_;
  KvCache kv_cache_;

  Tensor x_, normed_;    // [max_rows, D]
  Tensor q_, attended_;  // [max_rows, H * Dh]
  Tensor k_, v_;         // [max_rows, Hkv * Dh]
  Tensor gate_, up_;     // [max_rows, F]
  Tensor logit_x_;       // [max_rows, D] hidden states of the rows whose logits are wanted
  Tensor logits_;        // [logit slice, V]
  std::vector<RowRole> logit_roles_;  // [R]
  std::vector<float> host_logits_;    // [R, V] when R exceeds one slice
};

}  // namespace retort
