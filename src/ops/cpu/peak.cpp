#include "ops/cpu/peak.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "base/clock.h"
#include "base/thread_pool.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/levels.h"
#include "ops/host_memory.h"

namespace retort {
namespace {

constexpr double kSecondsEach = 0.1;

// The greatest rate over rounds of `round`, which returns how much it did, for kSecondsEach.
double BestRate(const std::function<double()>& round) {
  const SteadyClock clock;
  const double end = clock.Seconds() + kSecondsEach;
  double best = 0;
  for (double begin = clock.Seconds(); begin < end;) {
    const double amount = round();
    const double now = clock.Seconds();
    best = std::max(best, amount / (now - begin));
    begin = now;
  }
  return best;
}

}  // namespace

MachinePeak MeasurePeak(int num_threads, const std::string& level) {
  const cpu::KernelTable& kernels = cpu::LevelByName(level);
  ThreadPool pool(num_threads > 0 ? num_threads : UsableCores());
  const auto threads = static_cast<size_t>(pool.num_threads());

  // Larger than most last-level caches, and each round reads another part of it: 16 MiB a round.
  constexpr int64_t kFloats = int64_t{32} << 20, kRound = int64_t{4} << 20;
  Tensor memory = NewHostTensor(DType::kF32, {kFloats});
  float* data = memory.view().f32();
  std::fill_n(data, kFloats, 1.0f);  // else all pages are the one page of zeros
  const int64_t part = kRound / pool.num_threads() / 1024 * 1024;
  std::vector<float> sums(threads * 16);
  int64_t at = 0;
  MachinePeak peak;
  peak.read_bytes_per_s = BestRate([&] {
    pool.Run([&](int thread, int) {
      sums[static_cast<size_t>(thread) * 16] += kernels.read_all(data + at + thread * part, part);
    });
    at = (at + kRound) % kFloats;
    return static_cast<double>(part) * pool.num_threads() * sizeof(float);
  });

  // `multiply_add(thread)` returns the operations that it did.
  const auto flops = [&](const auto& multiply_add) {
    std::vector<int64_t> done(threads * 8);
    return BestRate([&] {
      pool.Run([&](int thread, int) {
        done[static_cast<size_t>(thread) * 8] = multiply_add(static_cast<size_t>(thread));
      });
      double operations = 0;
      for (size_t i = 0; i < threads; ++i) operations += static_cast<double>(done[i * 8]);
      return operations;
    });
  };
  std::vector<float> sinks(threads * 64);
  std::vector<int32_t> integer_sinks(threads * 64);
  peak.float_flops_per_s =
      flops([&](size_t thread) { return kernels.multiply_add(50000, sinks.data() + thread * 64); });
  peak.flops_per_s = flops([&](size_t thread) {
    return kernels.int8->multiply_add(5000, integer_sinks.data() + thread * 64);
  });
  peak.prompt_flops_per_s = peak.flops_per_s;
  if (kernels.prompt_multiply_add != nullptr) {
    peak.prompt_flops_per_s = flops([&](size_t) { return kernels.prompt_multiply_add(5000); });
  }
  return peak;
}

}  // namespace retort
