#include "model/weights.h"

#include <fmt/format.h>

#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "base/error.h"

namespace retort {
namespace {

// Takes tensors out of a checkpoint one by one and remembers which, and how many bytes they hold.
class Loader {
 public:
  Loader(const Checkpoint& checkpoint, Backend& backend)
      : checkpoint_(checkpoint), backend_(backend) {}

  std::unique_ptr<PackedMatrix> Matrix(std::string_view pattern, int64_t layer, int64_t rows,
                                       int64_t cols, MatrixUse use = MatrixUse::kMultiply) {
    const std::string name = Name(pattern, layer);
    const ConstTensorView view = Take(name, {rows, cols});
    auto matrix = backend_.Pack(view, name, use);
    bytes_ += static_cast<int64_t>(matrix->owned_bytes());
    // Rows of a table come back from the file as tokens name them.
    const bool multiplies = use != MatrixUse::kLookUp && matrix->multiplies_source();
    if (multiplies) {
      bytes_ += static_cast<int64_t>(view.bytes());
    } else {
      checkpoint_.Release(view);
    }
    return matrix;
  }

  Tensor Vector(std::string_view pattern, int64_t layer, int64_t size) {
    const ConstTensorView view = Take(Name(pattern, layer), {size});
    bytes_ += 4 * size;
    return backend_.UploadF32(view);
  }

  bool Has(std::string_view name) const { return checkpoint_.Find(name) != nullptr; }

  // For tensors that may be there and say nothing that the configuration does not.
  void Ignore(std::string_view pattern, int64_t layer = 0) { taken_.insert(Name(pattern, layer)); }

  ConstTensorView Take(const std::string& name, const Shape& shape) {
    const ConstTensorView view = checkpoint_.Tensor(name, shape);
    taken_.insert(name);
    return view;
  }

  // A tensor that nobody took would change the model's answers if it were understood.
  void RejectLeftovers(const std::string& architecture) const {
    for (const NamedTensor& tensor : checkpoint_.tensors()) {
      if (!taken_.contains(tensor.name)) {
        Fail(ErrorCode::kUnsupported,
             "{}: tensor {} has no place in architecture {}; without it the answers would be wrong",
             checkpoint_.path(), tensor.name, architecture);
      }
    }
  }

  int64_t bytes() const { return bytes_; }
  const std::string& path() const { return checkpoint_.path(); }

 private:
  static std::string Name(std::string_view pattern, int64_t layer) {
    return fmt::format(fmt::runtime(pattern), layer);
  }

  const Checkpoint& checkpoint_;
  Backend& backend_;
  std::set<std::string, std::less<>> taken_;
  int64_t bytes_ = 0;
};

LayerWeights LoadLayer(Loader& loader, const ModelConfig& config, const TensorNames& names,
                       int64_t layer) {
  const int64_t hidden = config.hidden_size;
  const int64_t ffn = config.intermediate_size;
  const int64_t q_size = config.num_heads * config.head_dim;
  const int64_t kv_size = config.num_kv_heads * config.head_dim;
  LayerWeights weights;
  weights.attn_norm = loader.Vector(names.attn_norm, layer, hidden);
  weights.q = loader.Matrix(names.q, layer, q_size, hidden);
  weights.k = loader.Matrix(names.k, layer, kv_size, hidden);
  weights.v = loader.Matrix(names.v, layer, kv_size, hidden);
  weights.o = loader.Matrix(names.o, layer, hidden, q_size);
  if (config.qkv_bias) {
    weights.q_bias = loader.Vector(names.q_bias, layer, q_size);
    weights.k_bias = loader.Vector(names.k_bias, layer, kv_size);
    weights.v_bias = loader.Vector(names.v_bias, layer, kv_size);
  }
  if (config.qk_norm) {
    weights.q_norm = loader.Vector(names.q_norm, layer, config.head_dim);
    weights.k_norm = loader.Vector(names.k_norm, layer, config.head_dim);
  }
  weights.ffn_norm = loader.Vector(names.ffn_norm, layer, hidden);
  weights.gate = loader.Matrix(names.gate, layer, ffn, hidden);
  weights.up = loader.Matrix(names.up, layer, ffn, hidden);
  weights.down = loader.Matrix(names.down, layer, hidden, ffn);
  loader.Ignore(names.rope_buffer, layer);
  return weights;
}

// Those of the configuration, divided by the file's divisors where it has them: GGUF's way to say
// Llama 3.1's scaling.
Tensor InverseFrequencies(Loader& loader, const ModelConfig& config, std::string_view divisors,
                          Backend& backend) {
  const int64_t pairs = config.head_dim / 2;
  std::vector<float> inv_freq =
      RopeFrequencies(static_cast<double>(config.rope_theta), config.head_dim, config.rope_scaling);
  if (!divisors.empty() && loader.Has(divisors)) {
    const Tensor uploaded = loader.Vector(divisors, 0, pairs);
    const std::span<const float> values = backend.Host(uploaded.view());
    for (size_t i = 0; i < inv_freq.size(); ++i) {
      if (!(values[i] > 0 && std::isfinite(values[i]))) {
        Fail(ErrorCode::kCorrupt, "{}: {}[{}] is {}, must be a number above 0; get the file anew",
             loader.path(), divisors, i, values[i]);
      }
      inv_freq[i] /= values[i];
    }
  }
  return backend.UploadF32(
      {reinterpret_cast<const std::byte*>(inv_freq.data()), DType::kF32, Shape{pairs}});
}

}  // namespace

ModelWeights LoadWeights(const Checkpoint& checkpoint, const ModelConfig& config,
                         const TensorNames& names, Backend& backend) {
  Loader loader(checkpoint, backend);
  ModelWeights weights;
  weights.embedding =
      loader.Matrix(names.embedding, 0, config.vocab_size, config.hidden_size,
                    config.tie_word_embeddings ? MatrixUse::kBoth : MatrixUse::kLookUp);
  for (int64_t layer = 0; layer < config.num_layers; ++layer) {
    weights.layers.push_back(LoadLayer(loader, config, names, layer));
  }
  weights.output_norm = loader.Vector(names.output_norm, 0, config.hidden_size);
  if (!config.tie_word_embeddings) {
    weights.head = loader.Matrix(names.head, 0, config.vocab_size, config.hidden_size);
  } else {
    loader.Ignore(names.head);  // a copy of the table
  }
  weights.inv_freq = InverseFrequencies(loader, config, names.rope_divisors, backend);
  loader.RejectLeftovers(config.architecture);
  weights.bytes = loader.bytes();
  return weights;
}

}  // namespace retort
