#include "runtime/scripted_model.h"

#include <algorithm>

#include "base/error.h"

namespace retort {

ScriptedModel::ScriptedModel(std::vector<Script> scripts, const ScriptedModelOptions& options)
    : options_(options),
      cache_(
          static_cast<size_t>(options.kv.num_blocks) * static_cast<size_t>(options.kv.block_size),
          -1) {
  RETORT_CHECK(options.eos >= 0 && options.eos < options.vocab_size);
  for (Script& script : scripts) {
    std::vector<int32_t>& joined = scripts_.emplace_back(std::move(script.prompt));
    joined.insert(joined.end(), script.continuation.begin(), script.continuation.end());
    for (int32_t token : joined) RETORT_CHECK(token >= 0 && token < options.vocab_size);
  }
}

std::span<const float> ScriptedModel::Forward(const Batch& batch) {
  RETORT_CHECK(!batch.tokens.empty());
  RETORT_CHECK(batch.tokens.size() <= static_cast<size_t>(options_.max_rows));
  const auto vocab = static_cast<size_t>(options_.vocab_size);
  for (size_t s = 0; s < batch.kv_len.size(); ++s) Store(batch, s);
  logits_.assign(batch.logit_rows.size() * vocab, 0.0f);
  size_t sequence = 0;
  for (size_t r = 0; r < batch.logit_rows.size(); ++r) {
    const int32_t row = batch.logit_rows[r];
    while (batch.query_start[sequence + 1] <= row) ++sequence;
    const int32_t position = batch.positions[static_cast<size_t>(row)];
    const auto token = static_cast<size_t>(NextToken(batch, sequence, position));
    logits_[r * vocab + token] = kLogit;
  }
  return logits_;
}

int32_t& ScriptedModel::CacheSlot(const Batch& batch, size_t sequence, int32_t position) {
  const int32_t entry = position / options_.kv.block_size;
  RETORT_CHECK(entry < batch.block_stride);
  const int32_t block = batch.block_table[sequence * static_cast<size_t>(batch.block_stride) +
                                          static_cast<size_t>(entry)];
  RETORT_CHECK(block >= 0 && block < options_.kv.num_blocks);
  return cache_[static_cast<size_t>(block) * static_cast<size_t>(options_.kv.block_size) +
                static_cast<size_t>(position % options_.kv.block_size)];
}

void ScriptedModel::Store(const Batch& batch, size_t sequence) {
  for (int32_t row = batch.query_start[sequence]; row < batch.query_start[sequence + 1]; ++row) {
    const int32_t position = batch.positions[static_cast<size_t>(row)];
    RETORT_CHECK(position < batch.kv_len[sequence]);
    CacheSlot(batch, sequence, position) = batch.tokens[static_cast<size_t>(row)];
  }
}

int32_t ScriptedModel::NextToken(const Batch& batch, size_t sequence, int32_t position) {
  context_.clear();
  for (int32_t p = 0; p <= position; ++p) context_.push_back(CacheSlot(batch, sequence, p));
  for (const std::vector<int32_t>& script : scripts_) {
    if (script.size() > context_.size() &&
        std::equal(context_.begin(), context_.end(), script.begin())) {
      return script[context_.size()];
    }
  }
  return options_.eos;
}

}  // namespace retort
