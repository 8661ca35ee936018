// What the engine needs of a model: tokens in, logits out, keys and values in numbered blocks.
// Implemented by DecoderModel (real weights) and ScriptedModel (replays recorded text).
// Not thread-safe: the engine's stepping thread is the only caller.
#pragma once

#include <cstdint>
#include <span>

#include "model/batch.h"

namespace retort {

struct KvGeometry {
  int32_t block_size = 0;  // B tokens per block
  int32_t num_blocks = 0;  // ids 0 .. num_blocks-1 may stand in a Batch's block table
};

class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  virtual int64_t vocab_size() const = 0;
  virtual int64_t max_positions() const = 0;  // longest sequence, prompt and answer together
  virtual KvGeometry kv_geometry() const = 0;
  virtual int32_t max_rows() const = 0;  // largest T of a batch
  // Logits [R, V] of batch.logit_rows; valid until the next call.
  virtual std::span<const float> Forward(const Batch& batch) = 0;
};

}  // namespace retort
