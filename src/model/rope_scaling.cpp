#include "model/rope_scaling.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace retort {
namespace {

// The share of each pair's own frequency that is kept, 0 to 1; the rest is divided by the factor.
class Kept {
 public:
  Kept(double theta, int64_t head_dim, const RopeScaling& scaling) : scaling_(scaling) {
    if (scaling.kind != RopeScaling::Kind::kYarn) return;
    // The pair that makes `turns` turns within the first length.
    const auto pair_of = [&](double turns) {
      const double per_turn = scaling.original_context / (turns * 2 * std::numbers::pi);
      return static_cast<double>(head_dim) * std::log(per_turn) / (2 * std::log(theta));
    };
    first_ = std::max(std::floor(pair_of(scaling.beta_fast)), 0.0);
    last_ = std::min(std::ceil(pair_of(scaling.beta_slow)), static_cast<double>(head_dim - 1));
    if (first_ == last_) last_ += 0.001;
  }

  double operator()(double pair, double frequency) const {
    switch (scaling_.kind) {
      case RopeScaling::Kind::kNone:
        return 1;
      case RopeScaling::Kind::kLinear:
        return 0;
      case RopeScaling::Kind::kLlama3: {
        const double turns = scaling_.original_context * frequency / (2 * std::numbers::pi);
        const double width = scaling_.high_freq_factor - scaling_.low_freq_factor;
        return std::clamp((turns - scaling_.low_freq_factor) / width, 0.0, 1.0);
      }
      case RopeScaling::Kind::kYarn:
        return 1 - std::clamp((pair - first_) / (last_ - first_), 0.0, 1.0);
    }
    return 1;
  }

 private:
  const RopeScaling& scaling_;
  double first_ = 0, last_ = 0;  // YaRN's ramp, in pairs
};

}  // namespace

void RopeScaling::Validate(const std::string& source) const {
  struct Range {
    const char* field;
    double value, low, high;
  };
  const Range ranges[] = {
      {"factor", factor, 1, 65536},
      {"original_max_position_embeddings", original_context, kind >= Kind::kLlama3 ? 1.0 : 0.0,
       1 << 24},
      {"low_freq_factor", low_freq_factor, 1e-3, 1e6},
      {"high_freq_factor", high_freq_factor, low_freq_factor + 1e-3, 1e6},
      {"beta_slow", beta_slow, 1e-3, 1e6},
      {"beta_fast", beta_fast, beta_slow, 1e6},
      {"attention_factor", attention_factor, 1e-3, 1e3},
  };
  for (const Range& range : ranges) {
    if (range.value >= range.low && range.value <= range.high) continue;  // false for NaN
    Fail(ErrorCode::kCorrupt,
         "{}: {} of the rotary scaling is {}, must be {} to {}; get the file anew", source,
         range.field, range.value, range.low, range.high);
  }
}

double YarnAttentionFactor(double factor, double mscale) {
  return factor <= 1 ? 1 : 0.1 * mscale * std::log(factor) + 1;
}

std::vector<float> RopeFrequencies(double theta, int64_t head_dim, const RopeScaling& scaling) {
  const Kept kept(theta, head_dim, scaling);
  std::vector<float> inv_freq(static_cast<size_t>(head_dim / 2));
  for (size_t i = 0; i < inv_freq.size(); ++i) {
    const auto pair = static_cast<double>(i);
    const double frequency = std::pow(theta, -2 * pair / static_cast<double>(head_dim));
    const double share = kept(pair, frequency);
    inv_freq[i] = static_cast<float>(frequency * (share + (1 - share) / scaling.factor));
  }
  return inv_freq;
}

}  // namespace retort
