// Counter-based random numbers: a draw is a pure function of (seed, counter), so a request's tokens
// do not depend on what else was drawn before. The mixer is SplitMix64 (Steele, Lea, Flood 2014).
// Stateless and thread-safe.
#pragma once

#include <cstdint>

namespace retort {

inline uint64_t Mix64(uint64_t z) {
  z += 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// 64 random bits for draw number `counter` of stream `seed`.
inline uint64_t RandomBits(uint64_t seed, uint64_t counter) {
  return Mix64(Mix64(seed) ^ Mix64(counter + 0x632BE59BD9B4E019ull));
}

// Uniform in [0, 1) with 53 random bits.
inline double RandomUniform(uint64_t seed, uint64_t counter) {
  return static_cast<double>(RandomBits(seed, counter) >> 11) * 0x1.0p-53;
}

// A stream of draws for generators that want state (problem sets, test data).
class Rng {
 public:
  explicit Rng(uint64_t seed) : seed_(seed) {}
  uint64_t Bits() { return RandomBits(seed_, counter_++); }
  double Uniform() { return RandomUniform(seed_, counter_++); }
  // Uniform in [low, high], both included; low <= high. The remainder's bias, at most range / 2^64,
  // is far below what any use here could notice.
  int64_t Int(int64_t low, int64_t high) {
    const uint64_t range = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1;
    const uint64_t bits = Bits();  // range 0: all 2^64 values
    return static_cast<int64_t>(static_cast<uint64_t>(low) + (range == 0 ? bits : bits % range));
  }

 private:
  uint64_t seed_;
  uint64_t counter_ = 0;
};

}  // namespace retort
