#include "lab/bench/step_driver.h"

#include <algorithm>

#include "base/error.h"

namespace retort {

void StepDriver::Start(int32_t sequences, int32_t length) {
  const KvGeometry kv = model_.kv_geometry();
  const int64_t blocks = (int64_t{length} + kv.block_size - 1) / kv.block_size;
  if (blocks * sequences > kv.num_blocks) {
    Fail(ErrorCode::kResourceExhausted,
         "{} sequences of {} tokens need a cache of {} tokens and it holds {}; raise --kv-tokens "
         "or measure less",
         sequences, length, blocks * sequences * kv.block_size,
         int64_t{kv.num_blocks} * kv.block_size);
  }
  if (length > model_.max_positions()) {
    Fail(ErrorCode::kResourceExhausted,
         "a sequence of {} tokens exceeds the model's context of {}; measure shorter ones", length,
         model_.max_positions());
  }
  sequences_ = sequences;
  blocks_per_sequence_ = static_cast<int32_t>(blocks);
  position_ = 0;
}

void StepDriver::Prompt(int32_t tokens) {
  const int32_t start = position_;
  // Like an engine under a budget of rows: a sequence at a time, in the largest chunks there are.
  for (int32_t sequence = 0; sequence < sequences_; ++sequence) {
    for (int32_t done = 0; done < tokens;) {
      const int32_t rows = std::min(model_.max_rows(), tokens - done);
      position_ = start + done;
      done += rows;
      Step(sequence, sequence + 1, rows, RowRole::kPrompt, /*wants_logits=*/done == tokens);
    }
  }
  position_ = start + tokens;
}

void StepDriver::Generate(int32_t tokens) {
  for (int32_t token = 0; token < tokens; ++token) {
    for (int32_t first = 0; first < sequences_; first += model_.max_rows()) {
      const int32_t last = std::min(sequences_, first + model_.max_rows());
      Step(first, last, 1, RowRole::kGenerated, /*wants_logits=*/true);
    }
    ++position_;
  }
}

void StepDriver::Rewind(int32_t length) {
  RETORT_CHECK(length <= position_);
  position_ = length;
}

void StepDriver::Step(int32_t first, int32_t last, int32_t rows, RowRole role, bool wants_logits) {
  Batch batch;
  batch.block_stride = blocks_per_sequence_;
  batch.query_start.push_back(0);
  for (int32_t sequence = first; sequence < last; ++sequence) {
    for (int32_t row = 0; row < rows; ++row) {
      batch.tokens.push_back(static_cast<int32_t>(rng_.Int(0, model_.vocab_size() - 1)));
      batch.positions.push_back(position_ + row);
      batch.roles.push_back(role);
    }
    const auto end = static_cast<int32_t>(batch.tokens.size());
    batch.query_start.push_back(end);
    batch.kv_len.push_back(position_ + rows);
    for (int32_t block = 0; block < blocks_per_sequence_; ++block) {
      batch.block_table.push_back(sequence * blocks_per_sequence_ + block);
    }
    if (wants_logits) batch.logit_rows.push_back(end - 1);
  }
  model_.Forward(batch);
}

}  // namespace retort
