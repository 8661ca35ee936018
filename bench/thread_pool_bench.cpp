// What a parallel operation costs beyond its work: empty ones, and ones of about a hundred
// microseconds whose rows are shared out evenly, with as many threads as cores and with more.
//
//   thread_pool_bench --benchmark_repetitions=9 --benchmark_report_aggregates_only
//
// Items a second of Work are rows: what is lost with more threads than cores, or beside a busy
// neighbour, is the pool's doing.
#include <benchmark/benchmark.h>

#include <vector>

#include "base/thread_pool.h"

namespace retort {
namespace {

void Barrier(benchmark::State& state) {
  ThreadPool pool(static_cast<int>(state.range(0)));
  for (auto _ : state) pool.Run([](int, int) {});
}

void Work(benchmark::State& state) {
  constexpr int kRows = 64;
  ThreadPool pool(static_cast<int>(state.range(0)));
  const std::vector<float> row(4096, 0.5f);
  for (auto _ : state) {
    pool.Run([&](int thread, int num_threads) {
      for (int i = thread; i < kRows; i += num_threads) {
        float sum = 0;
        for (const float x : row) sum += x;
        benchmark::DoNotOptimize(sum);
      }
    });
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}

BENCHMARK(Barrier)->Arg(1)->Arg(2)->Arg(4)->Arg(8)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(Work)->Arg(1)->Arg(2)->Arg(4)->Arg(8)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace retort

BENCHMARK_MAIN();
