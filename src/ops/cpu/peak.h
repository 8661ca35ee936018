// The machine's limits, measured with the backend's own threads and instructions: benchmarks print
// their share of them. Takes about 0.3 s and 128 MiB.
//
//   const MachinePeak peak = MeasurePeak(2, "");
//   fmt::print("{:.0f} GB/s, {:.0f} GFLOP/s\n", peak.read_bytes_per_s / 1e9, peak.flops_per_s /
//   1e9);
//
// Errors: as CreateCpuBackend. On a shared machine the result is the best of several short rounds.
#pragma once

#include <string>

namespace retort {

struct MachinePeak {
  double read_bytes_per_s = 0;  // reading memory in a straight line, all threads together
  // Multiply-adds in registers, two operations each: of 8-bit integers where the level multiplies
  // rows of 8 bits, else of floats.
  double flops_per_s = 0;
  double float_flops_per_s = 0;  // of floats on every level: attention's limit
  // The same in the arithmetic of prompt rows, which a level may have apart (bfloat16 tiles).
  double prompt_flops_per_s = 0;
};

// num_threads 0: UsableCores(); level "": the best there is.
MachinePeak MeasurePeak(int num_threads, const std::string& level);

}  // namespace retort
