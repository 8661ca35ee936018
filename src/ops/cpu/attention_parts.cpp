#include "ops/cpu/attention_parts.h"

#include <algorithm>

namespace retort::cpu {

std::vector<AttentionChunk> CutAttention(const AttentionArgs& args) {
  const int64_t group = args.num_heads / args.num_kv_heads;
  std::vector<AttentionChunk> chunks;
  for (size_t s = 0; s < args.step->kv_len.size(); ++s) {
    const int64_t rows = args.step->query_start[s + 1] - args.step->query_start[s];
    for (int64_t begin = 0; begin < rows * group; begin += kMaxQueries) {
      const int64_t end = std::min(rows * group, begin + kMaxQueries);
      for (int64_t head = 0; head < args.num_kv_heads; ++head) {
        chunks.push_back({.sequence = s, .kv_head = head, .begin = begin, .end = end});
      }
    }
  }
  return chunks;
}

void AttentionInputs::Reserve(int64_t positions) {
  if (static_cast<int64_t>(keys_.size()) >= positions) return;
  keys_.resize(static_cast<size_t>(positions));
  values_.resize(static_cast<size_t>(positions));
}

AttentionPart AttentionInputs::Gather(const AttentionArgs& args, const AttentionChunk& chunk,
                                      float* scratch) {
  const StepView& step = *args.step;
  const Shape& shape = args.kv.k.shape;
  const int64_t block_size = shape[2], head_dim = shape[3];
  const int64_t group = args.num_heads / args.num_kv_heads;
  for (int64_t i = chunk.begin; i < chunk.end; ++i) {
    const int64_t t = step.query_start[chunk.sequence] + i / group;
    const int64_t head = chunk.kv_head * group + i % group;
    const int64_t at = (t * args.num_heads + head) * head_dim;
    q_[i - chunk.begin] = args.q.f32() + at;
    out_[i - chunk.begin] = args.out.f32() + at;
    length_[i - chunk.begin] = step.positions[static_cast<size_t>(t)] + 1;
  }
  const int64_t queries = chunk.end - chunk.begin;
  const int32_t* blocks =
      step.block_table.data() + chunk.sequence * static_cast<size_t>(step.block_stride);
  for (int64_t j = 0; j < length_[queries - 1]; ++j) {
    const int64_t row = blocks[j / block_size] * shape[1] + chunk.kv_head;
    const int64_t at = (row * block_size + j % block_size) * head_dim;
    keys_[static_cast<size_t>(j)] = reinterpret_cast<uint16_t*>(args.kv.k.data) + at;
    values_[static_cast<size_t>(j)] = reinterpret_cast<uint16_t*>(args.kv.v.data) + at;
  }
  return {.q = q_,
          .out = out_,
          .length = length_,
          .queries = queries,
          .k = keys_.data(),
          .v = values_.data(),
          .head_dim = head_dim,
          .scale = args.scale,
          .scratch = scratch};
}

}  // namespace retort::cpu
