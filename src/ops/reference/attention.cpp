#include <algorithm>
#include <cmath>
#include <vector>

#include "ops/reference/kernels.h"

namespace retort::reference {
namespace {

// Where the elements of one sequence and one key/value head lie in the cache [blocks, Hkv, B, Dh].
struct HeadCache {
  TensorView cache;
  const int32_t* blocks;  // of the sequence
  int64_t head;

  const float* At(int64_t position) const {
    const int64_t block_size = cache.shape[2];
    const int64_t block = blocks[position / block_size];
    const int64_t row = (block * cache.shape[1] + head) * block_size + position % block_size;
    return cache.f32() + row * cache.shape[3];
  }
};

double Dot(const float* a, const float* b, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

// softmax(scale * q·K) · V over positions 0 .. length-1.
void AttendOne(const float* q, const HeadCache& k, const HeadCache& v, int64_t length, double scale,
               int head_dim, float* out) {
  std::vector<double> weight(static_cast<size_t>(length));
  for (size_t j = 0; j < weight.size(); ++j) {
    weight[j] = scale * Dot(q, k.At(static_cast<int64_t>(j)), head_dim);
  }
  const double max = *std::max_element(weight.begin(), weight.end());
  double total = 0;
  for (double& w : weight) {
    w = std::exp(w - max);
    total += w;
  }
  for (int d = 0; d < head_dim; ++d) {
    double sum = 0;
    for (size_t j = 0; j < weight.size(); ++j) sum += weight[j] * v.At(static_cast<int64_t>(j))[d];
    out[d] = static_cast<float>(sum / total);
  }
}

}  // namespace

void Attention(const AttentionArgs& args) {
  const StepView& step = *args.step;
  const int heads_per_kv = args.num_heads / args.num_kv_heads;
  for (size_t s = 0; s < step.kv_len.size(); ++s) {
    const int32_t* blocks = step.block_table.data() + s * static_cast<size_t>(step.block_stride);
    for (int64_t t = step.query_start[s]; t < step.query_start[s + 1]; ++t) {
      const int64_t length = step.positions[static_cast<size_t>(t)] + 1;
      for (int h = 0; h < args.num_heads; ++h) {
        const int64_t offset = (t * args.num_heads + h) * args.head_dim;
        const HeadCache k{args.kv.k, blocks, h / heads_per_kv};
        const HeadCache v{args.kv.v, blocks, h / heads_per_kv};
        AttendOne(args.q.f32() + offset, k, v, length, args.scale, args.head_dim,
                  args.out.f32() + offset);
      }
    }
  }
}

}  // namespace retort::reference
