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
#include <span>

namespace retort {

inline constexpr size_t kLogitBlock = 128;

inline constexpr size_t NumLogitBlocks(size_t size) {
  return (size + kLogitBlock - 1) / kLogitBlock;
}

// e^x for x in [-88, 0], relative error below 3e-7 down to -87; from -87.7 down 0.
float FastExp(float x);

struct LogitLoops {
  const char* name = "";
  // The greatest of each block, numbers that are none left out. False if there are such.
  bool (*greatest)(const float* logits, size_t size, float* greatest_of_block) = nullptr;
  // Of one block: weights[i] = FastExp((logits[i] - origin) * scale), where that is at most 1;
  // their sum.
  float (*weigh)(const float* logits, size_t size, float origin, float scale,
                 float* weights) = nullptr;
  // Of one block: writes the places of the logits in [least, below), in order; how many.
  size_t (*find)(const float* logits, size_t size, float least, float below, int* places) = nullptr;
};

// Those that this processor can run, the slowest first.
std::span<const LogitLoops* const> UsableLogitLoops();
const LogitLoops& BestLogitLoops();

}  // namespace retort
