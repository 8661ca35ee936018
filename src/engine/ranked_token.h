// The order of tokens by likelihood, and where top-k and top-p cut it.
//
//   LastKeptFinder finder;                                   // keeps work space
//   const RankedToken last = finder.LastOfTopP(tokens, /*target=*/0.95 * mass);
//   KeepUpTo(last, tokens);                                  // in the order in which they stood
//
// Errors: none. Not thread-safe.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace retort {

// Unsigned integers in the order of floats that are numbers; -0 becomes 0, its equal.
inline uint32_t OrderedBits(float value) {
  const auto bits = std::bit_cast<uint32_t>(value + 0.0f);
  return bits ^ (0x80000000u | (0u - (bits >> 31)));
}

struct RankedToken {
  float logit;
  float weight;  // probability over the greatest one
  int32_t token;

  // Grows as tokens are ranked worse: less likely, or of equals with a higher id.
  uint64_t Rank() const {
    return static_cast<uint64_t>(~OrderedBits(logit)) << 32 | static_cast<uint32_t>(token);
  }
  bool operator<(const RankedToken& other) const {
    return logit != other.logit ? logit > other.logit : token < other.token;
  }
};

class LastKeptFinder {
 public:
  // Number k of the best, 1 <= k <= size.
  RankedToken LastOfTopK(std::span<const RankedToken> tokens, size_t k);
  // Of the fewest best whose weights reach `target`, the last; of all, if they do not.
  RankedToken LastOfTopP(std::span<const RankedToken> tokens, double target);

 private:
  RankedToken LastOfEquals(std::span<const RankedToken> tokens, double target);

  std::vector<RankedToken> pool_;
};

// Drops what is ranked behind `last`, from number `begin` on.
void KeepUpTo(const RankedToken& last, std::vector<RankedToken>& tokens, size_t begin = 0);

}  // namespace retort
