// The fast CPU backend: quantised weights are packed once for kernels that multiply 8-bit rows, or
// read in place from the mapped file; the instruction set is chosen at run time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ops/backend.h"

namespace retort {

struct CpuOptions {
  int num_threads = 0;  // 0: UsableCores()
  std::string level;    // "" = best that this processor has; else one of CpuLevels()
  // Each kF16, or kQ8_0, about half as large, for heads whose size is a multiple of 32.
  KvTypes kv_types = {};
};

// The levels that this processor can run, best last: "scalar", "avx2", "avx512", ...
std::vector<std::string> CpuLevels();

// Throws kInvalidArgument, naming the levels there are, if options.level is not among them.
std::unique_ptr<Backend> CreateCpuBackend(const CpuOptions& options);

}  // namespace retort
