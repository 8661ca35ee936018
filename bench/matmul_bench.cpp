// Matrix products and dequantisation beside the machine's limits: by format, shape and rows.
//
//   matmul_bench --benchmark_filter='1.5B.*/rows:1$' --benchmark_enable_random_interleaving
//   matmul_bench --benchmark_filter='format.*' --benchmark_repetitions=9
//   RETORT_CPU_LEVEL=scalar matmul_bench
//
// Each call uses the next of several copies of the weights, 128 MB in all, as decoding meets them:
// not in the cache. `of_bandwidth` is the share of reading those weights at the speed of a straight
// read, `of_compute` that of the products at the speed of multiply-adds in registers, on the unit
// that multiplies such rows; the greater one is what limits.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/peak.h"
#include "quant/codec.h"

namespace retort {
namespace {

constexpr size_t kBytesOfWeights = size_t{128} << 20;
constexpr int64_t kPromptRows = 32;  // from here on rows are those of a prompt

std::string Level() {
  const char* level = std::getenv("RETORT_CPU_LEVEL");
  return level == nullptr ? "" : level;
}

const MachinePeak& Peak() {
  static const MachinePeak peak = MeasurePeak(0, Level());
  return peak;
}

benchmark::Counter Share(const benchmark::State& state, double work, double limit_per_s) {
  return {static_cast<double>(state.iterations()) * work / limit_per_s,
          benchmark::Counter::kIsRate};
}

// `rows` rows of `cols` random numbers of a type, all the same.
std::vector<std::byte> RandomMatrix(DType dtype, int64_t rows, int64_t cols) {
  const size_t row_bytes = RowBytes(dtype, static_cast<size_t>(cols));
  std::vector<float> row(static_cast<size_t>(cols));
  Rng rng(1);
  for (float& x : row) x = static_cast<float>(rng.Uniform() - 0.5);
  std::vector<std::byte> bytes(row_bytes * static_cast<size_t>(rows));
  QuantizeRow(dtype, row.data(), cols, bytes.data());
  for (size_t at = row_bytes; at < bytes.size(); at += row_bytes) {
    std::copy_n(bytes.data(), row_bytes, bytes.data() + at);
  }
  return bytes;
}

void MatMul(benchmark::State& state, DType dtype, int64_t outputs, int64_t cols, int64_t rows) {
  const auto backend = CreateCpuBackend({.level = Level()});
  const std::vector<std::byte> bytes = RandomMatrix(dtype, outputs, cols);
  std::vector<std::unique_ptr<PackedMatrix>> weights;
  for (size_t i = 0; i < std::max<size_t>(1, kBytesOfWeights / bytes.size()); ++i) {
    weights.push_back(
        backend->Pack({bytes.data(), dtype, {outputs, cols}}, "weights", MatrixUse::kMultiply));
  }
  const bool prompt = rows >= kPromptRows;
  const std::vector<RowRole> roles(static_cast<size_t>(rows),
                                   prompt ? RowRole::kPrompt : RowRole::kGenerated);
  Tensor x = backend->NewTensor(DType::kF32, {rows, cols});
  std::fill_n(x.view().f32(), rows * cols, 0.5f);
  Tensor out = backend->NewTensor(DType::kF32, {rows, outputs});
  size_t next = 0;
  for (auto _ : state) {
    const MatMulTarget targets[] = {{.weight = weights[next].get(), .out = out.view()}};
    backend->MatMul({.x = x.view(), .roles = roles, .targets = targets});
    next = (next + 1) % weights.size();
  }
  const MachinePeak& peak = Peak();
  state.counters["of_bandwidth"] =
      Share(state, static_cast<double>(bytes.size()), peak.read_bytes_per_s);
  state.counters["of_compute"] = Share(state, static_cast<double>(2 * rows * outputs * cols),
                                       prompt ? peak.prompt_flops_per_s : peak.flops_per_s);
}

// One thread, as looking up an embedding does it.
void Dequantize(benchmark::State& state, DType dtype) {
  constexpr int64_t kRows = 4096, kCols = 2048;
  const std::vector<std::byte> bytes = RandomMatrix(dtype, kRows, kCols);
  std::vector<float> out(kCols);
  const size_t row_bytes = RowBytes(dtype, kCols);
  size_t row = 0;
  for (auto _ : state) {
    DequantizeRow(dtype, bytes.data() + row * row_bytes, kCols, out.data());
    benchmark::DoNotOptimize(out.data());
    row = (row + 1) % kRows;
  }
  state.SetItemsProcessed(state.iterations() * kCols);
  state.counters["of_bandwidth"] =
      Share(state, static_cast<double>(row_bytes), Peak().read_bytes_per_s);
}

struct MatMulCase {
  const char* what;
  DType dtype;
  int64_t outputs, cols;
};

// From the files of tests/models: which matrix is stored how.
constexpr MatMulCase kShapes[] = {
    {"1.5B/gate", DType::kQ4_K, 8960, 1536}, {"1.5B/down", DType::kQ4_K, 1536, 8960},
    {"1.5B/down", DType::kQ6_K, 1536, 8960}, {"1.5B/head", DType::kQ6_K, 32768, 1536},
    {"0.5B/gate", DType::kQ5_0, 4864, 896},  {"0.5B/down", DType::kQ6_K, 896, 4864},
    {"0.5B/head", DType::kQ8_0, 32768, 896}, {"135M/gate", DType::kQ4_1, 1536, 576},
};

void Add(const MatMulCase& c, int64_t rows) {
  const std::string name =
      fmt::format("{}/{}/{}x{}/rows:{}", c.what, Info(c.dtype).name, c.outputs, c.cols, rows);
  benchmark::RegisterBenchmark(name.c_str(), MatMul, c.dtype, c.outputs, c.cols, rows)
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
}

void Register() {
  for (const MatMulCase& c : kShapes) {
    for (const int64_t rows : {1, 2, 4, 8, 16, 32, 512}) Add(c, rows);
  }
  for (const DTypeInfo& info : kDTypeTable) {
    for (const int64_t rows : {1, 4, 512}) Add({"format", info.dtype, 2048, 2048}, rows);
    benchmark::RegisterBenchmark(fmt::format("dequantize/{}", info.name).c_str(), Dequantize,
                                 info.dtype)
        ->Unit(benchmark::kMicrosecond);
  }
}

}  // namespace
}  // namespace retort

int main(int argc, char** argv) {
  retort::Register();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
