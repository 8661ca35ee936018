// Speed of the cpu backend's kernels beside the machine's limits, on the shapes of real models.
//
//   ops_bench [threads [level ...]]        e.g. ops_bench 2 avx2 avx512
//
// Levels take turns within each case, so that a noisy minute hits all of them. Each call uses the
// next of several copies of the weights, 256 MB in all, as decoding meets them: not in the cache.
// Figures are the median and the best of the rounds. With one thread, time is the processor time of
// this process, so that a kernel can be judged on a busy machine.
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/peak.h"
#include "quant/codec.h"

namespace retort {
namespace {

constexpr int kRounds = 7;
constexpr size_t kBytesOfWeights = size_t{256} << 20;

class ProcessorClock : public Clock {
 public:
  double Seconds() const override {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }
};

std::unique_ptr<Clock> MakeClock(int threads) {
  if (threads == 1) return std::make_unique<ProcessorClock>();
  return std::make_unique<SteadyClock>();
}

struct Timings {
  double median = 0, best = 0;
};

Timings Summarise(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  return {seconds[seconds.size() / 2], seconds.front()};
}

struct MatMulCase {
  const char* what;
  DType dtype;
  int64_t outputs, cols;
};

// From the files of tests/models: which matrix is stored how.
constexpr MatMulCase kMatMulCases[] = {
    {"1.5B gate", DType::kQ4_K, 8960, 1536}, {"1.5B down", DType::kQ4_K, 1536, 8960},
    {"1.5B down", DType::kQ6_K, 1536, 8960}, {"1.5B head", DType::kQ6_K, 32768, 1536},
    {"0.5B gate", DType::kQ5_0, 4864, 896},  {"0.5B down", DType::kQ6_K, 896, 4864},
    {"0.5B head", DType::kQ8_0, 32768, 896}, {"135M gate", DType::kQ4_1, 1536, 576},
};

// Copies of one random matrix, as many as fit.
std::vector<std::byte> MakeWeights(const MatMulCase& c, size_t matrix_bytes, size_t copies) {
  std::vector<std::byte> bytes(matrix_bytes * copies);
  const size_t row_bytes = RowBytes(c.dtype, static_cast<size_t>(c.cols));
  std::vector<float> row(static_cast<size_t>(c.cols));
  Rng rng(1);
  for (float& x : row) x = static_cast<float>(rng.Uniform() - 0.5);
  QuantizeRow(c.dtype, row.data(), c.cols, bytes.data());
  for (size_t at = row_bytes; at < bytes.size(); at += row_bytes) {
    std::copy_n(bytes.data(), row_bytes, bytes.data() + at);
  }
  return bytes;
}

void BenchMatMul(const MatMulCase& c, int64_t rows, int threads,
                 const std::vector<std::string>& levels, const std::vector<MachinePeak>& peaks) {
  const size_t matrix_bytes =
      RowBytes(c.dtype, static_cast<size_t>(c.cols)) * static_cast<size_t>(c.outputs);
  const size_t copies = std::max<size_t>(1, kBytesOfWeights / matrix_bytes);
  const std::vector<std::byte> bytes = MakeWeights(c, matrix_bytes, copies);
  const std::vector<RowRole> roles(static_cast<size_t>(rows),
                                   rows >= 32 ? RowRole::kPrompt : RowRole::kGenerated);
  const double flops = 2.0 * static_cast<double>(c.outputs * c.cols * rows);
  const int calls = std::clamp(static_cast<int>(2e9 / flops), 1, static_cast<int>(copies));

  std::vector<std::unique_ptr<Backend>> backends;
  for (const std::string& level : levels) {
    backends.push_back(CreateCpuBackend({.num_threads = threads, .level = level}));
  }
  std::vector<std::vector<double>> seconds(levels.size());
  const auto clock = MakeClock(threads);
  size_t copy = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = 0; i < levels.size(); ++i) {
      Tensor x = backends[i]->NewTensor(DType::kF32, {rows, c.cols});
      std::fill_n(x.view().f32(), rows * c.cols, 0.5f);
      Tensor out = backends[i]->NewTensor(DType::kF32, {rows, c.outputs});
      const double begin = clock->Seconds();
      for (int call = 0; call < calls; ++call) {
        const auto w = backends[i]->Pack(
            {bytes.data() + matrix_bytes * copy, c.dtype, {c.outputs, c.cols}}, c.what);
        copy = (copy + 1) % copies;
        const MatMulTarget targets[] = {{.weight = w.get(), .out = out.view()}};
        backends[i]->MatMul({.x = x.view(), .roles = roles, .targets = targets});
      }
      seconds[i].push_back((clock->Seconds() - begin) / calls);
    }
  }
  for (size_t i = 0; i < levels.size(); ++i) {
    const Timings t = Summarise(seconds[i]);
    const double bytes_rate = static_cast<double>(matrix_bytes) / t.median;
    fmt::print(
        "{:<10} {:<5} {:>6} x {:<5} {:>4} rows  {:<7} {:9.3f} {:9.3f} ms {:7.1f} GB/s {:4.0f} %"
        " {:8.1f} GFLOP/s {:4.0f} %\n",
        c.what, Info(c.dtype).name, c.outputs, c.cols, rows, levels[i], 1e3 * t.median,
        1e3 * t.best, bytes_rate / 1e9, 100 * bytes_rate / peaks[i].read_bytes_per_s,
        flops / t.median / 1e9, 100 * flops / t.median / peaks[i].flops_per_s);
  }
}

// One layer's attention of `rows` new tokens after `cached` ones.
void BenchAttention(int64_t heads, int64_t kv_heads, int64_t head_dim, int32_t cached, int32_t rows,
                    int threads, const std::vector<std::string>& levels) {
  constexpr int32_t kBlock = 16;
  const int32_t length = cached + rows;
  const int32_t blocks = (length + kBlock - 1) / kBlock;
  std::vector<int32_t> tokens(static_cast<size_t>(rows)), positions, table;
  for (int32_t i = 0; i < rows; ++i) positions.push_back(cached + i);
  for (int32_t b = 0; b < blocks; ++b) table.push_back(b * 7 % blocks);
  const std::vector<RowRole> roles(static_cast<size_t>(rows), RowRole::kPrompt);
  const std::vector<int32_t> query_start = {0, rows}, kv_len = {length};
  const StepView step{tokens, positions, roles, query_start, kv_len, table, blocks};
  for (const std::string& level : levels) {
    const auto backend = CreateCpuBackend({.num_threads = threads, .level = level});
    Tensor k = backend->NewTensor(backend->kv_dtype(), {blocks, kv_heads, kBlock, head_dim});
    Tensor v = backend->NewTensor(backend->kv_dtype(), {blocks, kv_heads, kBlock, head_dim});
    const Tensor q = backend->NewTensor(DType::kF32, {rows, heads * head_dim});
    Tensor out = backend->NewTensor(DType::kF32, {rows, heads * head_dim});
    std::vector<double> seconds;
    const auto clock = MakeClock(threads);
    for (int round = 0; round < kRounds; ++round) {
      const double begin = clock->Seconds();
      backend->Attention({.step = &step,
                          .q = q.view(),
                          .kv = {k.view(), v.view()},
                          .num_heads = static_cast<int>(heads),
                          .num_kv_heads = static_cast<int>(kv_heads),
                          .head_dim = static_cast<int>(head_dim),
                          .scale = 0.1f,
                          .out = out.view()});
      seconds.push_back(clock->Seconds() - begin);
    }
    const Timings t = Summarise(seconds);
    const double flops = 4.0 * static_cast<double>(heads * head_dim * rows) *
                         (cached + (static_cast<double>(rows) + 1) / 2);
    fmt::print(
        "attention {}/{} x {:<4} {:>4} rows after {:<5} {:<7} {:9.3f} {:9.3f} ms {:8.1f} GFLOP/s\n",
        heads, kv_heads, head_dim, rows, cached, level, 1e3 * t.median, 1e3 * t.best,
        flops / t.median / 1e9);
  }
}

void Main(int threads, const std::vector<std::string>& levels) {
  std::vector<MachinePeak> peaks;
  for (const std::string& level : levels) {
    peaks.push_back(MeasurePeak(threads, level));
    fmt::print("limits of {}, {} threads: {:.1f} GB/s, {:.0f} GFLOP/s\n", level, threads,
               peaks.back().read_bytes_per_s / 1e9, peaks.back().flops_per_s / 1e9);
  }
  for (const int64_t rows : {1, 2, 4, 8, 16, 512}) {
    for (const MatMulCase& c : kMatMulCases) BenchMatMul(c, rows, threads, levels, peaks);
  }
  BenchAttention(12, 2, 128, 2048, 1, threads, levels);
  BenchAttention(14, 2, 64, 2048, 1, threads, levels);
  BenchAttention(12, 2, 128, 0, 512, threads, levels);
  BenchAttention(14, 2, 64, 0, 512, threads, levels);
}

}  // namespace
}  // namespace retort

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::max(1, std::atoi(argv[1])) : 2;
  std::vector<std::string> levels(argv + std::min(argc, 2), argv + argc);
  if (levels.empty()) levels = {retort::CpuLevels().back()};
  retort::Main(threads, levels);
}
