// A LanguageModel that replays recorded text: where a sequence is the beginning of a script, the
// script's next token is by far the most likely one; after its end, and off every script,
// end-of-sequence is. It serves to test everything about thinking without a thinking model.
//
//   ScriptedModel model({{.prompt = ids("..."), .continuation = ids("...</think>4")}},
//                       {.vocab_size = 260, .eos = 256});
//   Engine engine(model, {});
//
// It keeps tokens in a paged cache addressed through the batch's block table, as real models keep
// keys and values, and reads its whole context back from there: a mistake in paging, chunking or
// batching becomes wrong text. Shapes are CHECKed. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/language_model.h"

namespace retort {

struct Script {
  std::vector<int32_t> prompt;
  std::vector<int32_t> continuation;
};

struct ScriptedModelOptions {
  int64_t vocab_size = 0;
  int32_t eos = 0;
  int64_t max_positions = 32768;
  KvGeometry kv = {.block_size = 16, .num_blocks = 4096};
  int32_t max_rows = 512;
};

class ScriptedModel : public LanguageModel {
 public:
  // The chosen token's logit; all others are 0.
  static constexpr float kLogit = 50.0f;

  ScriptedModel(std::vector<Script> scripts, const ScriptedModelOptions& options);

  int64_t vocab_size() const override { return options_.vocab_size; }
  int64_t max_positions() const override { return options_.max_positions; }
  KvGeometry kv_geometry() const override { return options_.kv; }
  int32_t max_rows() const override { return options_.max_rows; }
  std::span<const float> Forward(const Batch& batch) override;

 private:
  int32_t& CacheSlot(const Batch& batch, size_t sequence, int32_t position);
  void Store(const Batch& batch, size_t sequence);
  int32_t NextToken(const Batch& batch, size_t sequence, int32_t position);

  std::vector<std::vector<int32_t>> scripts_;  // prompt and continuation joined
  ScriptedModelOptions options_;
  std::vector<int32_t> cache_;    // [num_blocks, B] token ids
  std::vector<int32_t> context_;  // of the row at hand
  std::vector<float> logits_;     // [R, V]
};

}  // namespace retort
