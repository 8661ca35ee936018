#include "engine/step_builder.h"

#include <algorithm>

namespace retort {
namespace {

void Clear(Batch& batch) {
  batch.tokens.clear();
  batch.positions.clear();
  batch.roles.clear();
  batch.query_start.assign(1, 0);
  batch.kv_len.clear();
  batch.block_table.clear();
  batch.block_stride = 0;
  batch.logit_rows.clear();
}

void AppendItem(const PlanItem& item, Batch& batch) {
  const Sequence& sequence = *item.sequence;
  int32_t end = item.start + item.count;
  for (int32_t position = item.start; position < end; ++position) {
    batch.tokens.push_back(sequence.tokens[static_cast<size_t>(position)]);
    batch.positions.push_back(position);
    batch.roles.push_back(position < sequence.prompt_tokens ? RowRole::kPrompt
                                                            : RowRole::kGenerated);
  }
  auto num_rows = static_cast<int32_t>(batch.tokens.size());
  if (item.samples) batch.logit_rows.push_back(num_rows - 1);
  for (const int32_t token : item.drafts) {
    batch.tokens.push_back(token);
    batch.positions.push_back(end++);
    batch.roles.push_back(RowRole::kGenerated);
    batch.logit_rows.push_back(num_rows++);
  }
  batch.query_start.push_back(num_rows);
  batch.kv_len.push_back(end);
  batch.block_table.insert(batch.block_table.end(), sequence.blocks.begin(), sequence.blocks.end());
  // Entries past a sequence's blocks are never read; 0 keeps them valid ids all the same.
  batch.block_table.resize(batch.kv_len.size() * static_cast<size_t>(batch.block_stride), 0);
}

}  // namespace

void BuildBatch(const Plan& plan, Batch& batch) {
  Clear(batch);
  for (const PlanItem& item : plan.items) {
    batch.block_stride =
        std::max(batch.block_stride, static_cast<int32_t>(item.sequence->blocks.size()));
  }
  for (const PlanItem& item : plan.items) AppendItem(item, batch);
}

}  // namespace retort
