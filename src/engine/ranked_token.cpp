#include "engine/ranked_token.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace retort {
RankedToken LastKeptFinder::LastOfTopK(std::span<const RankedToken> tokens, size_t k) {
  if (tokens.data() != pool_.data()) pool_.assign(tokens.begin(), tokens.end());
  const auto last = pool_.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(pool_.begin(), last, pool_.end());
  return *last;
}

// Of tokens with one logit.
RankedToken LastKeptFinder::LastOfEquals(std::span<const RankedToken> tokens, double target) {
  size_t count = 1;
  for (; count < tokens.size(); ++count) {
    target -= static_cast<double>(tokens.front().weight);
    if (target <= 0) break;
  }
  return LastOfTopK(tokens, count);
}

// Parts tokens by logit and goes on with the part in which the target is reached: no sort, however
// many they are.
RankedToken LastKeptFinder::LastOfTopP(std::span<const RankedToken> tokens, double target) {
  constexpr size_t kFew = 64, kParts = 256;
  std::span<const RankedToken> left = tokens;
  while (left.size() > kFew) {
    float most = left.front().logit, least = most;
    for (const RankedToken& token : left) {
      most = std::max(most, token.logit);
      least = std::min(least, token.logit);
    }
    if (most == least) return LastOfEquals(left, target);
    // Rounding may shift a border, but never puts a token before one that is likelier.
    const float parts_per_logit = kParts / (most - least);
    if (!std::isnormal(parts_per_logit)) break;
    const auto part_of = [&](const RankedToken& token) {
      return std::min(static_cast<size_t>((most - token.logit) * parts_per_logit), kParts - 1);
    };
    std::array<double, kParts> masses{};
    for (const RankedToken& token : left) {
      masses[part_of(token)] += static_cast<double>(token.weight);
    }
    size_t part = 0;
    while (part + 1 < kParts && target > masses[part]) target -= masses[part++];
    const auto other = [&](const RankedToken& token) { return part_of(token) != part; };
    if (left.data() == tokens.data()) {
      pool_.clear();
      std::remove_copy_if(left.begin(), left.end(), std::back_inserter(pool_), other);
    } else {
      std::erase_if(pool_, other);
    }
    left = pool_;
  }
  if (left.data() == tokens.data()) pool_.assign(left.begin(), left.end());
  std::sort(pool_.begin(), pool_.end());
  for (const RankedToken& token : pool_) {
    target -= static_cast<double>(token.weight);
    if (target <= 0) return token;
  }
  return pool_.back();
}

// Without branches, which could not be foretold.
void KeepUpTo(const RankedToken& last, std::vector<RankedToken>& tokens, size_t begin) {
  const uint64_t last_rank = last.Rank();
  size_t kept = begin;
  for (size_t i = begin; i < tokens.size(); ++i) {
    const RankedToken token = tokens[i];
    tokens[kept] = token;
    kept += static_cast<size_t>(token.Rank() <= last_rank);
  }
  tokens.resize(kept);
}

}  // namespace retort
