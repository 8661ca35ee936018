// The ragged batch of one step, owned; ops/step.h explains the fields by example.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/step.h"

namespace retort {

struct Batch {
  std::vector<int32_t> tokens;       // [T]
  std::vector<int32_t> positions;    // [T]
  std::vector<RowRole> roles;        // [T]
  std::vector<int32_t> query_start;  // [S+1]
  std::vector<int32_t> kv_len;       // [S]
  std::vector<int32_t> block_table;  // [S, block_stride]
  int32_t block_stride = 0;
  std::vector<int32_t> logit_rows;  // [R] rows whose logits are wanted, ascending

  StepView view() const {
    return {.tokens = tokens,
            .positions = positions,
            .roles = roles,
            .query_start = query_start,
            .kv_len = kv_len,
            .block_table = block_table,
            .block_stride = block_stride};
  }
};

}  // namespace retort
