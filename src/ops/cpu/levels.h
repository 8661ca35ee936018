// Which levels this processor can run. A level counts only if the processor has every instruction
// set that its translation unit is compiled for and the operating system saves the registers.
#pragma once

#include <string_view>
#include <vector>

#include "ops/cpu/kernels.h"

namespace retort::cpu {

// Best last; never empty.
std::vector<const KernelTable*> UsableLevels();

// "" is the best one. Throws kInvalidArgument, naming the levels there are, for any other name.
const KernelTable& LevelByName(std::string_view name);

// True if matrices of this type are packed at that level and multiplied by 8-bit rows.
inline bool MultipliesInt8(const KernelTable& level, DType type) {
  return level.int8->mat_mul[static_cast<size_t>(type)] != nullptr;
}

}  // namespace retort::cpu
