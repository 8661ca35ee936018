#include "ops/cpu/rope.h"

#include <cmath>

namespace retort::cpu {

void RopeTable::Fill(const RopeAndStoreKvArgs& args) {
  source_ = args.inv_freq.data;
  scale_ = args.rope_scale;
  pairs_ = args.inv_freq.shape.size();
  cos_.clear();
  sin_.clear();
  for (const int32_t position : args.step->positions) {
    for (int64_t i = 0; i < pairs_; ++i) {
      const double angle = static_cast<double>(position) * args.inv_freq.f32()[i];
      cos_.push_back(static_cast<float>(std::cos(angle) * scale_));
      sin_.push_back(static_cast<float>(std::sin(angle) * scale_));
    }
  }
}

void RopeTable::Rotate(int64_t t, RopeLayout layout, int64_t head_dim, int64_t cols,
                       float* row) const {
  const float* cosine = cos_.data() + t * pairs_;
  const float* sine = sin_.data() + t * pairs_;
  const int64_t step = layout == RopeLayout::kInterleaved ? 2 : 1;
  const int64_t distance = layout == RopeLayout::kInterleaved ? 1 : pairs_;
  for (float* head = row; head < row + cols; head += head_dim) {
    for (int64_t i = 0; i < pairs_; ++i) {
      const float a = head[i * step];
      const float b = head[i * step + distance];
      head[i * step] = a * cosine[i] - b * sine[i];
      head[i * step + distance] = a * sine[i] + b * cosine[i];
    }
  }
}

}  // namespace retort::cpu
