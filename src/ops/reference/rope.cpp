#include <cmath>
#include <cstring>

#include "ops/reference/kernels.h"

namespace retort::reference {
namespace {

// Rotates one head in place; its first 2 * num_pairs elements form the pairs.
void RotateHead(const RopeAndStoreKvArgs& args, int64_t position, float* head) {
  const auto num_pairs = args.inv_freq.shape.size();
  for (int64_t i = 0; i < num_pairs; ++i) {
    const bool interleaved = args.layout == RopeLayout::kInterleaved;
    float& a = head[interleaved ? 2 * i : i];
    float& b = head[interleaved ? 2 * i + 1 : i + num_pairs];
    const double angle = static_cast<double>(position) * args.inv_freq.f32()[i];
    const double cosine = std::cos(angle) * args.rope_scale;
    const double sine = std::sin(angle) * args.rope_scale;
    const double rotated_a = a * cosine - b * sine;
    const double rotated_b = a * sine + b * cosine;
    a = static_cast<float>(rotated_a);
    b = static_cast<float>(rotated_b);
  }
}

void RotateRow(const RopeAndStoreKvArgs& args, int64_t position, TensorView rows, int64_t t) {
  const int64_t cols = rows.shape[1];
  float* row = rows.f32() + t * cols;
  for (int64_t i = 0; i < cols; i += args.head_dim) RotateHead(args, position, row + i);
}

// Copies row t [Hkv * Dh] to its slot of the cache [blocks, Hkv, B, Dh].
void StoreRow(ConstTensorView rows, int64_t t, int64_t block, int64_t slot, TensorView cache) {
  const int64_t num_kv_heads = cache.shape[1];
  const int64_t block_size = cache.shape[2];
  const int64_t head_dim = cache.shape[3];
  for (int64_t h = 0; h < num_kv_heads; ++h) {
    const float* from = rows.f32() + (t * num_kv_heads + h) * head_dim;
    float* to = cache.f32() + ((block * num_kv_heads + h) * block_size + slot) * head_dim;
    std::memcpy(to, from, static_cast<size_t>(head_dim) * sizeof(float));
  }
}

}  // namespace

void RopeAndStoreKv(const RopeAndStoreKvArgs& args) {
  const StepView& step = *args.step;
  const int64_t block_size = args.kv.k.shape[2];
  for (size_t s = 0; s < step.kv_len.size(); ++s) {
    const int32_t* blocks = step.block_table.data() + s * static_cast<size_t>(step.block_stride);
    for (int64_t t = step.query_start[s]; t < step.query_start[s + 1]; ++t) {
      const int64_t position = step.positions[static_cast<size_t>(t)];
      RotateRow(args, position, args.q, t);
      RotateRow(args, position, args.k, t);
      const int64_t block = blocks[position / block_size];
      StoreRow(args.k, t, block, position % block_size, args.kv.k);
      StoreRow(args.v, t, block, position % block_size, args.kv.v);
    }
  }
}

}  // namespace retort::reference
