#include "model/random_checkpoint.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <exception>
#include <mutex>
#include <numeric>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "base/new_file.h"
#include "base/quote.h"
#include "base/thread_pool.h"
#include "checkpoint/gguf_header.h"
#include "model/arch/registry.h"
#include "model/random_tensors.h"
#include "model/random_weights.h"

namespace retort {
namespace {

constexpr uint64_t kSliceBytes = uint64_t{4} << 20;

std::string SmallLetters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), [](unsigned char c) { return std::tolower(c); });
  return small;
}

GgufHeader HeaderOf(const RandomCheckpoint& plan) {
  const ModelConfig& config = plan.config;
  GgufHeader header;
  header.Add("general.architecture", config.architecture);
  header.Add("general.name", fmt::format("{}, random weights, seed {}", config.name, plan.seed));
  header.Add("general.quantization_version", uint32_t{2});
  const auto add = [&](std::string_view key, int64_t value) {
    header.Add(fmt::format("{}.{}", config.architecture, key), static_cast<uint32_t>(value));
  };
  add("block_count", config.num_layers);
  add("context_length", config.max_position_embeddings);
  add("embedding_length", config.hidden_size);
  add("feed_forward_length", config.intermediate_size);
  add("vocab_size", config.vocab_size);
  add("attention.head_count", config.num_heads);
  add("attention.head_count_kv", config.num_kv_heads);
  add("attention.key_length", config.head_dim);
  add("attention.value_length", config.head_dim);
  add("rope.dimension_count", config.head_dim);
  header.Add(config.architecture + ".attention.layer_norm_rms_epsilon", config.rms_norm_eps);
  header.Add(config.architecture + ".rope.freq_base", config.rope_theta);
  for (const auto& [key, value] : plan.metadata) header.AddValue(key, value);
  return header;
}

// Some stretches of a tensor, small enough to hold in memory.
struct Slice {
  size_t tensor;
  uint64_t first, count;
};

class Writing {
 public:
  Writing(const RandomCheckpoint& plan, std::vector<RandomTensor> tensors,
          std::vector<std::byte> front, NewFile& file)
      : seed_(plan.seed), tensors_(std::move(tensors)), front_(std::move(front)), file_(file) {
    for (size_t i = 0; i < tensors_.size(); ++i) {
      if (tensors_[i].shape.rank() == 2) AddSlices(i);
    }
  }

  void Run(const WriteOptions& options, uint64_t total) {
    file_.Write(0, front_);
    for (size_t i = 0; i < tensors_.size(); ++i) {
      if (tensors_[i].shape.rank() == 1) WriteVector(i);
    }
    ThreadPool pool(options.num_threads);
    pool.Run([&](int thread, int) {
      try {
        WriteSlices([&] {
          if (thread == 0 && options.keep_going && !options.keep_going(written_, total)) {
            Fail(ErrorCode::kCancelled, "stopped; nothing was written");
          }
        });
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        stopped_ = true;
      }
    });
    if (error_) std::rethrow_exception(error_);
  }

 private:
  using PoolKey = std::tuple<DType, int64_t, float>;

  // Stretches divide a row, so that a type's blocks never do not.
  static int64_t StretchOf(const RandomTensor& tensor) {
    return std::gcd(tensor.shape.back(), int64_t{256});
  }
  const RandomWeights& WeightsOf(const RandomTensor& tensor) const {
    return pools_.at({tensor.dtype, StretchOf(tensor), tensor.deviation});
  }

  void AddSlices(size_t index) {
    const RandomTensor& tensor = tensors_[index];
    const int64_t stretch = StretchOf(tensor);
    const PoolKey key{tensor.dtype, stretch, tensor.deviation};
    pools_.try_emplace(key, tensor.dtype, stretch, tensor.deviation, seed_);
    const auto stretches = static_cast<uint64_t>(tensor.shape.size() / stretch);
    const uint64_t most = kSliceBytes / WeightsOf(tensor).stretch_bytes();
    for (uint64_t first = 0; first < stretches; first += most) {
      slices_.push_back({index, first, std::min(most, stretches - first)});
    }
  }

  void WriteVector(size_t index) {
    const RandomTensor& tensor = tensors_[index];
    std::vector<float> values = tensor.values;
    for (auto i = static_cast<int64_t>(values.size()); i < tensor.shape.size(); ++i) {
      const float draw = RandomNormal(seed_ ^ (index << 32), static_cast<uint64_t>(i));
      values.push_back(tensor.mean + tensor.deviation * draw);
    }
    file_.Write(tensor.offset, std::as_bytes(std::span(values)));
  }

  template <class AfterEach>
  void WriteSlices(const AfterEach& after_each) {
    std::vector<std::byte> buffer;
    for (size_t next = next_++; next < slices_.size() && !stopped_; next = next_++) {
      const Slice& slice = slices_[next];
      const RandomTensor& tensor = tensors_[slice.tensor];
      const RandomWeights& weights = WeightsOf(tensor);
      buffer.resize(slice.count * weights.stretch_bytes());
      weights.Fill(slice.tensor, slice.first, buffer);
      file_.Write(tensor.offset + slice.first * weights.stretch_bytes(), buffer);
      written_ += buffer.size();
      after_each();
    }
  }

  const uint64_t seed_;
  const std::vector<RandomTensor> tensors_;
  const std::vector<std::byte> front_;
  NewFile& file_;
  std::map<PoolKey, RandomWeights> pools_;
  std::vector<Slice> slices_;
  std::atomic<size_t> next_ = 0;
  std::atomic<uint64_t> written_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

WeightTypes ParseWeightTypes(std::string_view name) {
  if (name == "q4_k_m") return {DType::kQ4_K, true};
  if (name == "q5_k_m") return {DType::kQ5_K, true};
  std::vector<std::string> known = {"q4_k_m", "q5_k_m"};
  for (const DTypeInfo& info : kDTypeTable) {
    known.push_back(SmallLetters(info.name));
    if (name == known.back()) return {info.dtype, false};
  }
  Fail(ErrorCode::kInvalidArgument, "no weight type {}; there are {}", Quoted(name),
       fmt::join(known, ", "));
}

void WriteRandomCheckpoint(const RandomCheckpoint& plan, const std::string& path,
                           const WriteOptions& options) {
  plan.config.Validate(path);
  const Architecture& architecture = ArchitectureNamed(plan.config.architecture, path);
  std::vector<RandomTensor> tensors =
      PlanRandomTensors(plan.config, plan.types, architecture.names(Dialect::kGguf));
  GgufHeader header = HeaderOf(plan);
  for (RandomTensor& tensor : tensors) {
    tensor.offset = header.AddTensor(tensor.name, tensor.dtype, tensor.shape);
  }
  std::vector<std::byte> front = header.Bytes();
  for (RandomTensor& tensor : tensors) tensor.offset += front.size();
  const uint64_t total = front.size() + header.data_bytes();
  NewFile file(path, total);
  Writing(plan, std::move(tensors), std::move(front), file).Run(options, total);
  file.Commit();
}

}  // namespace retort
