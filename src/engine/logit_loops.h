// The loops over a whole vocabulary that choosing a token needs, compiled for several instruction
// sets; the fastest that the processor has is chosen at run time.
//
//   const LogitLoops& loops = BestLogitLoops();
//   std::vector<float> greatest(NumLogitBlocks(logits.size()));
//   const bool usable = loops.greatest(logits.data(), logits.size(), greatest.data());
//
// Logits are taken in blocks of kLogitBlock, the last one shorter. Sums run in a fixed number of
// lanes and without fused multiply-adds, so that every level gives the same bits: a request's
// tokens do not depend on the processor.
// Errors: none. Stateless and thread-safe.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace retort {

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr size_t kLogitBlock = 128;

inline constexpr size_t NumLogitBlocks(size_t size) {
  return (size + kLogitBlock - 1) / kLogitBlock;
}

// 2^x for x in [-127, 0], relative error below 3e-7 down to -126; from -126.6 down 0.
float FastExp2(float x);

struct LogitRange {
  float least = std::numeric_limits<float>::lowest();  // impossible tokens are in no range
  float most = kInfinity;                              // itself in the range
};

// Of one block: the sum of all weights, of those above a range, and how many lie in it.
struct LogitSplit {
  float mass = 0, mass_above = 0;
  size_t found = 0;
};

struct LogitLoops {
  const char* name = "";
  // The greatest of each block, numbers that are none left out. False if there are such.
  bool (*greatest)(const float* logits, size_t size, float* greatest_of_block) = nullptr;
  // Of one block: weights[i] = FastExp2((logits[i] - origin) * scale), where that is at most 1;
  // their sum.
  float (*weigh)(const float* logits, size_t size, float origin, float scale,
                 float* weights) = nullptr;
  // Of one block: writes the places of the logits in [least, below), in order; how many.
  size_t (*find)(const float* logits, size_t size, float least, float below, int* places) = nullptr;
  // Of one block: weighs it, to kLogitBlock weights, and writes the places of the logits in the
  // range, in some order; as many as that, too, have room.
  LogitSplit (*split)(const float* logits, size_t size, float origin, float scale,
                      const LogitRange& range, float* weights, int* places) = nullptr;
};

// Those that this processor can run, the slowest first.
std::span<const LogitLoops* const> UsableLogitLoops();
const LogitLoops& BestLogitLoops();

}  // namespace retort
