// The frequencies of rotary positions, and the three ways in which models stretch them beyond the
// length that they were first trained for.
//
//   RopeScaling yarn{.kind = RopeScaling::Kind::kYarn, .factor = 4, .original_context = 32768};
//   std::vector<float> inv_freq = RopeFrequencies(1e6, 128, yarn);   // 64 of them
//
// Pair i of a head turns by position * inv_freq[i]. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

struct RopeScaling {
  enum class Kind : uint8_t {
    kNone,
    kLinear,  // every frequency divided by the factor
    kLlama3,  // slow ones divided, fast ones kept, a ramp between (Llama 3.1)
    kYarn,    // the same idea with other borders, and cos and sin multiplied (arXiv 2309.00071)
  };
  Kind kind = Kind::kNone;
  double factor = 1;            // how many times longer
  double original_context = 0;  // the first length, in tokens
  // Borders of the ramp, in turns that a pair makes within the first length.
  double low_freq_factor = 1, high_freq_factor = 4;  // Llama 3
  double beta_slow = 1, beta_fast = 32;              // YaRN
  double attention_factor = 1;                       // what cos and sin are multiplied by

  // Throws kCorrupt naming `source`, the field and its value when a field is out of range.
  void Validate(const std::string& source) const;
};

// The factor that YaRN's authors found best for cos and sin: 0.1 ln(factor) + 1.
double YarnAttentionFactor(double factor, double mscale = 1);

// [head_dim / 2]
std::vector<float> RopeFrequencies(double theta, int64_t head_dim, const RopeScaling& scaling);

}  // namespace retort
