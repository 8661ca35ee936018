// A LanguageModel without weights for tests of the engine: logits are a hash of the whole context,
// token by token with position and role, read back through the block table. Whatever is paged,
// chunked, batched or labelled wrongly changes the tokens; everything else must not.
//
//   HashModel model({.vocab_size = 50, .kv = {.block_size = 4, .num_blocks = 32}});
//   EngineCore core(model, {}, clock);
//
// With stream_size, tokens are canaries: those from k * stream_size up belong to stream k, those of
// stream 0 are anyone's. What follows a context is of its stream, and a context that mixes two
// other streams is counted: somebody read a foreign cache.
//
// With habit, the token that belongs to the last one gets a bonus: a text that repeats itself, as
// drafts want it, and departs from that now and then, by a hash of the whole context.
//
// Shapes and the cache's use are CHECKed. Not thread-safe.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "model/language_model.h"

namespace retort {

struct HashModelOptions {
  int64_t vocab_size = 50;
  int64_t stream_size = 0;  // 0: tokens are of no stream
  float habit = 0;          // all other logits lie in [-4, 4]
  int64_t max_positions = 1000;
  KvGeometry kv = {.block_size = 4, .num_blocks = 64};
  int32_t max_rows = 64;
};

class HashModel : public LanguageModel {
 public:
  explicit HashModel(const HashModelOptions& options)
      : options_(options),
        cache_(static_cast<size_t>(options.kv.num_blocks * options.kv.block_size)) {}

  int64_t vocab_size() const override { return options_.vocab_size; }
  int64_t max_positions() const override { return options_.max_positions; }
  KvGeometry kv_geometry() const override { return options_.kv; }
  int32_t max_rows() const override { return options_.max_rows; }

  std::span<const float> Forward(const Batch& batch) override {
    CheckShapes(batch);
    for (size_t s = 0; s < batch.kv_len.size(); ++s) Store(batch, s);
    logits_.clear();
    size_t sequence = 0;
    for (int32_t row : batch.logit_rows) {
      while (batch.query_start[sequence + 1] <= row) ++sequence;
      AppendLogits(ReadContext(batch, sequence, batch.positions[static_cast<size_t>(row)]));
    }
    return logits_;
  }

  int64_t mixed_contexts() const { return mixed_contexts_; }

 private:
  struct Slot {
    uint64_t hash = 0;
    int64_t stream = 0;
    int64_t token = 0;
  };
  // All slots up to a position, folded into one.
  struct Context {
    uint64_t hash = 0;
    int64_t stream = 0;
    int64_t last = 0;  // token
  };

  void CheckShapes(const Batch& batch) const {
    const size_t rows = batch.tokens.size();
    const size_t sequences = batch.kv_len.size();
    RETORT_CHECK(rows >= 1 && rows <= static_cast<size_t>(options_.max_rows));
    RETORT_CHECK(batch.positions.size() == rows && batch.roles.size() == rows);
    RETORT_CHECK(batch.query_start.size() == sequences + 1);
    RETORT_CHECK(batch.query_start.back() == static_cast<int32_t>(rows));
    RETORT_CHECK(batch.block_table.size() == sequences * static_cast<size_t>(batch.block_stride));
    std::multiset<int32_t> used;
    std::set<int32_t> written;
    for (size_t s = 0; s < sequences; ++s) {
      const auto last = static_cast<size_t>(batch.query_start[s + 1] - 1);
      RETORT_CHECK(batch.query_start[s] < batch.query_start[s + 1]);
      RETORT_CHECK(batch.positions[last] + 1 == batch.kv_len[s]);
      const int32_t first = batch.positions[static_cast<size_t>(batch.query_start[s])];
      for (int32_t i = 0; i <= (batch.kv_len[s] - 1) / options_.kv.block_size; ++i) {
        used.insert(Block(batch, s, i));
        if (i >= first / options_.kv.block_size) written.insert(Block(batch, s, i));
      }
    }
    // Blocks that are only read may be shared.
    for (int32_t block : written) RETORT_CHECK(used.count(block) == 1);
  }

  int32_t Block(const Batch& batch, size_t sequence, int32_t entry) const {
    RETORT_CHECK(entry < batch.block_stride);
    const int32_t block = batch.block_table[sequence * static_cast<size_t>(batch.block_stride) +
                                            static_cast<size_t>(entry)];
    RETORT_CHECK(block >= 0 && block < options_.kv.num_blocks);
    return block;
  }

  Slot& SlotOf(const Batch& batch, size_t sequence, int32_t position) {
    const int32_t block = Block(batch, sequence, position / options_.kv.block_size);
    const int32_t slot = position % options_.kv.block_size;
    return cache_[static_cast<size_t>(block * options_.kv.block_size + slot)];
  }

  void Store(const Batch& batch, size_t sequence) {
    const auto begin = static_cast<size_t>(batch.query_start[sequence]);
    const auto end = static_cast<size_t>(batch.query_start[sequence + 1]);
    for (size_t row = begin; row < end; ++row) {
      RETORT_CHECK(row == begin || batch.positions[row] == batch.positions[row - 1] + 1);
      RETORT_CHECK(batch.tokens[row] >= 0 && batch.tokens[row] < options_.vocab_size);
      const auto role = static_cast<uint64_t>(batch.roles[row]);
      const auto token = static_cast<uint64_t>(batch.tokens[row]);
      const auto position = static_cast<uint64_t>(batch.positions[row]);
      SlotOf(batch, sequence, batch.positions[row]) = {
          .hash = Mix64(token * 2 + role) ^ Mix64(position),
          .stream = options_.stream_size > 0 ? batch.tokens[row] / options_.stream_size : 0,
          .token = batch.tokens[row]};
    }
  }

  Context ReadContext(const Batch& batch, size_t sequence, int32_t position) {
    Context context;
    for (int32_t p = 0; p <= position; ++p) {
      const Slot& slot = SlotOf(batch, sequence, p);
      context.hash = Mix64(context.hash ^ slot.hash);
      context.last = slot.token;
      if (slot.stream == 0 || slot.stream == context.stream) continue;
      if (context.stream != 0) ++mixed_contexts_;
      context.stream = slot.stream;
    }
    return context;
  }

  void AppendLogits(const Context& context) {
    const int64_t size = options_.stream_size > 0 ? options_.stream_size : options_.vocab_size;
    const size_t row = logits_.size();
    logits_.resize(row + static_cast<size_t>(options_.vocab_size),
                   -std::numeric_limits<float>::infinity());
    for (int64_t token = context.stream * size; token < (context.stream + 1) * size; ++token) {
      logits_[row + static_cast<size_t>(token)] =
          static_cast<float>(8 * RandomUniform(context.hash, static_cast<uint64_t>(token)) - 4);
    }
    const auto habitual = static_cast<int64_t>(Mix64(static_cast<uint64_t>(context.last)) %
                                               static_cast<uint64_t>(size));
    logits_[row + static_cast<size_t>(context.stream * size + habitual)] += options_.habit;
  }

  HashModelOptions options_;
  std::vector<Slot> cache_;    // [num_blocks, B]
  std::vector<float> logits_;  // [R, V]
  int64_t mixed_contexts_ = 0;
};

}  // namespace retort
