// Speed of the cpu backend's kernels beside the machine's limits, on the shapes of real models.
//
//   ops_bench [threads [level ...]]             e.g. ops_bench 2 avx2 avx512
//   ops_bench --formats [threads [level ...]]   one shape in every weight format
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

// One product, with copies of its random matrix, as many as fit.
class MatMulRun {
 public:
  MatMulRun(const MatMulCase& c, int64_t rows, size_t bytes = kBytesOfWeights)
      : case_(c),
        rows_(rows),
        matrix_bytes_(RowBytes(c.dtype, static_cast<size_t>(c.cols)) *
                      static_cast<size_t>(c.outputs)),
        copies_(std::max<size_t>(1, bytes / matrix_bytes_)),
        bytes_(matrix_bytes_ * copies_) {
    const size_t row_bytes = RowBytes(c.dtype, static_cast<size_t>(c.cols));
    std::vector<float> row(static_cast<size_t>(c.cols));
    Rng rng(1);
    for (float& x : row) x = static_cast<float>(rng.Uniform() - 0.5);
    QuantizeRow(c.dtype, row.data(), c.cols, bytes_.data());
    for (size_t at = row_bytes; at < bytes_.size(); at += row_bytes) {
      std::copy_n(bytes_.data(), row_bytes, bytes_.data() + at);
    }
  }

  double matrix_bytes() const { return static_cast<double>(matrix_bytes_); }
  double weights() const { return static_cast<double>(case_.outputs * case_.cols); }
  double flops() const { return 2 * weights() * static_cast<double>(rows_); }

  // All copies, as the backend wants them.
  std::vector<std::unique_ptr<PackedMatrix>> PackFor(Backend& backend) const {
    std::vector<std::unique_ptr<PackedMatrix>> packed;
    for (size_t i = 0; i < copies_; ++i) {
      packed.push_back(backend.Pack(
          {bytes_.data() + matrix_bytes_ * i, case_.dtype, {case_.outputs, case_.cols}}, case_.what,
          MatrixUse::kMultiply));
    }
    return packed;
  }

  double SecondsPerCall(Backend& backend, const std::vector<std::unique_ptr<PackedMatrix>>& weights,
                        const Clock& clock) {
    const int calls = std::clamp(static_cast<int>(2e9 / flops()), 1, static_cast<int>(copies_));
    const std::vector<RowRole> roles(static_cast<size_t>(rows_),
                                     rows_ >= 32 ? RowRole::kPrompt : RowRole::kGenerated);
    Tensor x = backend.NewTensor(DType::kF32, {rows_, case_.cols});
    std::fill_n(x.view().f32(), rows_ * case_.cols, 0.5f);
    Tensor out = backend.NewTensor(DType::kF32, {rows_, case_.outputs});
    const double begin = clock.Seconds();
    for (int call = 0; call < calls; ++call) {
      const PackedMatrix* w = weights[next_].get();
      next_ = (next_ + 1) % copies_;
      const MatMulTarget targets[] = {{.weight = w, .out = out.view()}};
      backend.MatMul({.x = x.view(), .roles = roles, .targets = targets});
    }
    return (clock.Seconds() - begin) / calls;
  }

 private:
  MatMulCase case_;
  int64_t rows_;
  size_t matrix_bytes_, copies_, next_ = 0;
  std::vector<std::byte> bytes_;
};

void BenchMatMul(const MatMulCase& c, int64_t rows, int threads,
                 const std::vector<std::string>& levels, const std::vector<MachinePeak>& peaks) {
  MatMulRun run(c, rows);
  std::vector<std::unique_ptr<Backend>> backends;
  for (const std::string& level : levels) {
    backends.push_back(CreateCpuBackend({.num_threads = threads, .level = level}));
  }
  std::vector<std::vector<std::unique_ptr<PackedMatrix>>> weights;
  for (const auto& backend : backends) weights.push_back(run.PackFor(*backend));
  std::vector<std::vector<double>> seconds(levels.size());
  const auto clock = MakeClock(threads);
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = 0; i < levels.size(); ++i) {
      seconds[i].push_back(run.SecondsPerCall(*backends[i], weights[i], *clock));
    }
  }
  for (size_t i = 0; i < levels.size(); ++i) {
    const Timings t = Summarise(seconds[i]);
    const double bytes_rate = run.matrix_bytes() / t.median;
    fmt::print(
        "{:<10} {:<5} {:>6} x {:<5} {:>4} rows  {:<7} {:9.3f} {:9.3f} ms {:7.1f} GB/s {:4.0f} %"
        " {:8.1f} GFLOP/s {:4.0f} %\n",
        c.what, Info(c.dtype).name, c.outputs, c.cols, rows, levels[i], 1e3 * t.median,
        1e3 * t.best, bytes_rate / 1e9, 100 * bytes_rate / peaks[i].read_bytes_per_s,
        run.flops() / t.median / 1e9, 100 * run.flops() / t.median / peaks[i].flops_per_s);
  }
}

// Every format in turns, each beside Q4_K: the median of the rounds' ratios.
void BenchFormats(int threads, const std::string& level) {
  const auto backend = CreateCpuBackend({.num_threads = threads, .level = level});
  const auto clock = MakeClock(threads);
  for (const int64_t rows : {1, 512}) {
    std::vector<MatMulRun> runs;
    for (const DTypeInfo& info : kDTypeTable) {
      runs.emplace_back(MatMulCase{"format", info.dtype, 2048, 2048}, rows, kBytesOfWeights / 8);
    }
    std::vector<std::vector<std::unique_ptr<PackedMatrix>>> weights;
    for (const MatMulRun& run : runs) weights.push_back(run.PackFor(*backend));
    std::vector<std::vector<double>> seconds(runs.size());
    for (int round = 0; round < kRounds; ++round) {
      for (size_t i = 0; i < runs.size(); ++i) {
        seconds[i].push_back(runs[i].SecondsPerCall(*backend, weights[i], *clock));
      }
    }
    const auto base = static_cast<size_t>(DType::kQ4_K);
    for (size_t i = 0; i < runs.size(); ++i) {
      std::vector<double> faster;
      for (size_t r = 0; r < kRounds; ++r) faster.push_back(seconds[base][r] / seconds[i][r]);
      const double weights = Summarise(faster).median;
      const double bytes = weights * runs[i].matrix_bytes() / runs[base].matrix_bytes();
      const Timings t = Summarise(seconds[i]);
      fmt::print(
          "{:<7} {:>4} rows  {:<7} {:9.3f} ms {:7.2f} GB/s {:7.2f} Gweights/s; beside Q4_K: "
          "{:5.2f} x the bytes/s, {:5.2f} x the weights/s\n",
          kDTypeTable[i].name, rows, level, 1e3 * t.median, runs[i].matrix_bytes() / t.median / 1e9,
          runs[i].weights() / t.median / 1e9, bytes, weights);
    }
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
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool formats = !arguments.empty() && arguments.front() == "--formats";
  if (formats) arguments.erase(arguments.begin());
  const int threads = arguments.empty() ? 2 : std::max(1, std::atoi(arguments.front().c_str()));
  if (!arguments.empty()) arguments.erase(arguments.begin());
  if (arguments.empty()) arguments = {retort::CpuLevels().back()};
  if (!formats) {
    retort::Main(threads, arguments);
    return 0;
  }
  for (const std::string& level : arguments) retort::BenchFormats(threads, level);
}
