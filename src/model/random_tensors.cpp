#include "model/random_tensors.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "model/rope_scaling.h"

namespace retort {
namespace {

// llama.cpp's choice of the layers whose v and down products get more bits.
bool GetsMoreBits(int64_t layer, int64_t layers) {
  return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
}

// How GGUF says Llama 3.1's scaling: what to divide each rotary frequency by.
std::vector<float> RopeDivisors(const ModelConfig& config) {
  std::vector<float> divisors = RopeFrequencies(config.rope_theta, config.head_dim, {});
  const std::vector<float> stretched =
      RopeFrequencies(config.rope_theta, config.head_dim, config.rope_scaling);
  for (size_t i = 0; i < divisors.size(); ++i) divisors[i] /= stretched[i];
  return divisors;
}

class TensorPlan {
 public:
  TensorPlan(const ModelConfig& config, const WeightTypes& types, const TensorNames& names)
      : config_(config), types_(types) {
    const int64_t hidden = config.hidden_size;
    const DType head = types.mixed ? DType::kQ6_K : types.most;
    const DType table = config.tie_word_embeddings ? head : types.most;
    Matrix(names.embedding, 0, table, config.vocab_size, hidden, 1);
    if (config.rope_scaling.kind == RopeScaling::Kind::kLlama3) {
      Vector(names.rope_divisors, 0, config.head_dim / 2, 0, 0);
      tensors_.back().values = RopeDivisors(config);
    }
    for (int64_t layer = 0; layer < config.num_layers; ++layer) AddLayer(names, layer);
    Vector(names.output_norm, 0, hidden, 1, 0.1f);
    if (!config.tie_word_embeddings) {
      Matrix(names.head, 0, head, config.vocab_size, hidden, 3 * Inverse(hidden));
    }
  }

  std::vector<RandomTensor> Take() { return std::move(tensors_); }

 private:
  static float Inverse(int64_t columns) { return 1 / std::sqrt(static_cast<float>(columns)); }

  void AddLayer(const TensorNames& names, int64_t layer) {
    const int64_t hidden = config_.hidden_size, ffn = config_.intermediate_size;
    const int64_t q = config_.num_heads * config_.head_dim;
    const int64_t kv = config_.num_kv_heads * config_.head_dim;
    const DType most = types_.most;
    const bool more = types_.mixed && GetsMoreBits(layer, config_.num_layers);
    const DType best = more ? DType::kQ6_K : most;
    Vector(names.attn_norm, layer, hidden, 1, 0.1f);
    Matrix(names.q, layer, most, q, hidden, Inverse(hidden));
    Matrix(names.k, layer, most, kv, hidden, Inverse(hidden));
    Matrix(names.v, layer, best, kv, hidden, Inverse(hidden));
    Matrix(names.o, layer, most, hidden, q, Inverse(q));
    if (config_.qkv_bias) {
      Vector(names.q_bias, layer, q, 0, 0.1f);
      Vector(names.k_bias, layer, kv, 0, 0.1f);
      Vector(names.v_bias, layer, kv, 0, 0.1f);
    }
    Vector(names.ffn_norm, layer, hidden, 1, 0.1f);
    Matrix(names.gate, layer, most, ffn, hidden, Inverse(hidden));
    Matrix(names.up, layer, most, ffn, hidden, Inverse(hidden));
    Matrix(names.down, layer, best, hidden, ffn, Inverse(ffn));
  }

  static std::string Name(std::string_view name, int64_t layer) {
    return fmt::format(fmt::runtime(name), layer);
  }

  void Vector(std::string_view name, int64_t layer, int64_t size, float mean, float deviation) {
    tensors_.push_back(
        {.name = Name(name, layer), .shape = Shape{size}, .mean = mean, .deviation = deviation});
  }

  void Matrix(std::string_view name, int64_t layer, DType dtype, int64_t rows, int64_t cols,
              float deviation) {
    const DTypeInfo& info = Info(dtype);
    if (static_cast<size_t>(cols) % info.block != 0) {
      Fail(ErrorCode::kInvalidArgument,
           "{} packs {} elements of a row, but the rows of {} in {} have {}; choose another type",
           info.name, info.block, Name(name, layer), config_.name, cols);
    }
    tensors_.push_back({.name = Name(name, layer),
                        .dtype = dtype,
                        .shape = Shape{rows, cols},
                        .deviation = deviation});
  }

  const ModelConfig& config_;
  const WeightTypes& types_;
  std::vector<RandomTensor> tensors_;
};

}  // namespace

std::vector<RandomTensor> PlanRandomTensors(const ModelConfig& config, const WeightTypes& types,
                                            const TensorNames& names) {
  return TensorPlan(config, types, names).Take();
}

}  // namespace retort
