// Attention of one layer by depth, heads and form of the cache, beside the machine's limits.
//
//   attention_bench --benchmark_repetitions=9 --benchmark_report_aggregates_only
//   attention_bench --benchmark_filter='generated/0.5B.*'
//
// Each call uses the next of several caches, 64 MB in all, as a model's layers do: not in the
// nearest cache. `of_compute` and `of_bandwidth` are shares of what the same threads multiply and
// add in registers and read from memory; the greater one is what limits.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/rng.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/cpu/peak.h"

namespace retort {
namespace {

constexpr int32_t kBlock = 32;
constexpr int64_t kBytesOfCaches = int64_t{64} << 20;

struct Heads {
  const char* model;
  int64_t num_heads, num_kv_heads, head_dim;
};

constexpr Heads kModels[] = {
    {"135M", 9, 3, 64}, {"0.5B", 14, 2, 64}, {"1.5B", 12, 2, 128}, {"8B", 32, 8, 128}};

const MachinePeak& Peak() {
  static const MachinePeak peak = MeasurePeak(0, "");
  return peak;
}

// `rows` new tokens of one sequence after `cached` ones.
class AttentionRun {
 public:
  AttentionRun(const Heads& heads, KvTypes types, int32_t cached, int32_t rows)
      : heads_(heads),
        backend_(CreateCpuBackend({.num_threads = 0, .level = "", .kv_types = types})),
        cached_(cached),
        rows_(rows) {
    const int32_t length = cached + rows, blocks = (length + kBlock - 1) / kBlock;
    tokens_.resize(static_cast<size_t>(rows));
    roles_.assign(static_cast<size_t>(rows), rows > 1 ? RowRole::kPrompt : RowRole::kGenerated);
    for (int32_t i = 0; i < rows; ++i) positions_.push_back(cached + i);
    for (int32_t b = 0; b < blocks; ++b) table_.push_back(blocks - 1 - b);
    query_start_ = {0, rows};
    kv_len_ = {length};
    const Shape shape = {blocks, heads.num_kv_heads, kBlock, heads.head_dim};
    const int64_t copies = std::max<int64_t>(1, kBytesOfCaches / (shape.size() * 4));
    for (int64_t i = 0; i < copies; ++i) {
      caches_.push_back({NewCache(types.k, shape), NewCache(types.v, shape)});
    }
    q_ = backend_->NewTensor(DType::kF32, {rows, heads.num_heads * heads.head_dim});
    out_ = backend_->NewTensor(DType::kF32, {rows, heads.num_heads * heads.head_dim});
    Rng rng(1);
    for (int64_t i = 0; i < q_.view().shape.size(); ++i) {
      q_.view().f32()[i] = static_cast<float>(rng.Uniform() - 0.5);
    }
  }

  void Run() {
    const StepView step{tokens_,
                        positions_,
                        roles_,
                        query_start_,
                        kv_len_,
                        table_,
                        static_cast<int32_t>(table_.size())};
    Cache& cache = caches_[next_];
    next_ = (next_ + 1) % caches_.size();
    backend_->Attention({.step = &step,
                         .q = q_.view(),
                         .kv = {cache.k.view(), cache.v.view()},
                         .num_heads = static_cast<int>(heads_.num_heads),
                         .num_kv_heads = static_cast<int>(heads_.num_kv_heads),
                         .head_dim = static_cast<int>(heads_.head_dim),
                         .scale = 0.1f,
                         .out = out_.view()});
  }

  double flops() const {
    const double seen = cached_ + (static_cast<double>(rows_) + 1) / 2;
    return 4 * static_cast<double>(heads_.num_heads * heads_.head_dim * rows_) * seen;
  }
  double bytes() const {
    return static_cast<double>(caches_.front().k.bytes() + caches_.front().v.bytes());
  }

 private:
  struct Cache {
    Tensor k, v;
  };

  // Written to, else all of its pages are the one page of zeros.
  Tensor NewCache(DType type, const Shape& shape) {
    Tensor cache = backend_->NewTensor(type, shape);
    constexpr uint16_t kQuarter = 0x3400;
    auto* halves = reinterpret_cast<uint16_t*>(cache.view().data);
    std::fill_n(halves, cache.bytes() / sizeof(uint16_t), kQuarter);
    return cache;
  }

  Heads heads_;
  std::unique_ptr<Backend> backend_;
  int32_t cached_, rows_;
  std::vector<int32_t> tokens_, positions_, query_start_, kv_len_, table_;
  std::vector<RowRole> roles_;
  std::vector<Cache> caches_;
  size_t next_ = 0;
  Tensor q_, out_;
};

void Attention(benchmark::State& state, const Heads& heads, KvTypes types, int32_t cached,
               int32_t rows) {
  AttentionRun run(heads, types, cached, rows);
  for (auto _ : state) run.Run();
  const auto calls = static_cast<double>(state.iterations());
  state.counters["of_compute"] = benchmark::Counter(calls * run.flops() / Peak().float_flops_per_s,
                                                    benchmark::Counter::kIsRate);
  state.counters["of_bandwidth"] = benchmark::Counter(calls * run.bytes() / Peak().read_bytes_per_s,
                                                      benchmark::Counter::kIsRate);
}

void Register() {
  for (const Heads& heads : kModels) {
    const auto add = [&](const char* what, KvTypes types, int32_t cached, int32_t rows) {
      const std::string name =
          fmt::format("{}/{}/{}/{}", what, heads.model, types.name(), cached + rows);
      benchmark::RegisterBenchmark(name.c_str(), Attention, heads, types, cached, rows)
          ->Unit(benchmark::kMicrosecond)
          ->UseRealTime();
    };
    for (const int32_t length : {128, 512, 2048, 8192}) add("generated", {}, length - 1, 1);
    for (const char* types : {"f16-q8_0", "q8_0"}) add("generated", *ParseKvTypes(types), 2047, 1);
    for (const int32_t length : {512, 2560}) add("prompt512", {}, length - 512, 512);
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
