// A checkpoint made in memory, for tests: metadata and tensors that can be changed one by one.
//
//   FakeCheckpoint file = FakeCheckpoint::Dense("llama");
//   file.values["llama.block_count"] = int64_t{3};
//   file.Reshape("blk.0.attn_q.weight", {8, 4});
//   FakeCheckpoint folder = FakeCheckpoint::Folder("qwen3");   // in Hugging Face's dialect
#pragma once

#include <fmt/format.h>

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace retort {

class FakeCheckpoint : public Checkpoint {
 public:
  std::map<std::string, MetadataValue, std::less<>> values;

  // Two layers, D = 12, H = 4, Hkv = 2, Dh = 6, F = 20, V = 10, every weight 0.5.
  static FakeCheckpoint Dense(const std::string& architecture) {
    FakeCheckpoint file;
    const std::string prefix = architecture + ".";
    file.values["general.architecture"] = architecture;
    file.values[prefix + "embedding_length"] = int64_t{12};
    file.values[prefix + "block_count"] = int64_t{2};
    file.values[prefix + "attention.head_count"] = int64_t{4};
    file.values[prefix + "attention.head_count_kv"] = int64_t{2};
    file.values[prefix + "attention.key_length"] = int64_t{6};
    file.values[prefix + "feed_forward_length"] = int64_t{20};
    file.values[prefix + "context_length"] = int64_t{64};
    file.values[prefix + "attention.layer_norm_rms_epsilon"] = 1e-5;
    file.AddDense(architecture, {"token_embd.weight", "output_norm.weight", "output.weight"},
                  "blk.{}.",
                  {"attn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_norm", "ffn_gate",
                   "ffn_up", "ffn_down", "attn_q_norm", "attn_k_norm"});
    return file;
  }

  // The same model in Hugging Face's dialect.
  static FakeCheckpoint Folder(const std::string& architecture) {
    FakeCheckpoint file;
    file.path_ = "models/fake-0.5B";
    file.dialect_ = Dialect::kHuggingFace;
    file.values["model_type"] = architecture;
    file.values["vocab_size"] = int64_t{10};
    file.values["hidden_size"] = int64_t{12};
    file.values["num_hidden_layers"] = int64_t{2};
    file.values["num_attention_heads"] = int64_t{4};
    file.values["num_key_value_heads"] = int64_t{2};
    file.values["head_dim"] = int64_t{6};
    file.values["intermediate_size"] = int64_t{20};
    file.values["max_position_embeddings"] = int64_t{64};
    file.values["rms_norm_eps"] = 1e-5;
    file.AddDense(architecture,
                  {"model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"},
                  "model.layers.{}.",
                  {"input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
                   "self_attn.o_proj", "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj",
                   "mlp.down_proj", "self_attn.q_norm", "self_attn.k_norm"});
    return file;
  }

  void Add(const std::string& name, const Shape& shape, float value = 0.5f) {
    data_.emplace_back(static_cast<size_t>(shape.size()), value);
    tensors_.push_back({name, View(data_.back(), shape)});
  }
  void Remove(const std::string& name) {
    std::erase_if(tensors_, [&](const NamedTensor& tensor) { return tensor.name == name; });
  }
  void Reshape(const std::string& name, const Shape& shape) {
    Remove(name);
    Add(name, shape);
  }

  const std::string& path() const override { return path_; }
  Dialect dialect() const override { return dialect_; }
  std::string_view format() const override { return "fake"; }
  const Metadata& metadata() const override {
    metadata_ = Metadata(path_, values);
    return metadata_;
  }
  const std::vector<NamedTensor>& tensors() const override { return tensors_; }
  const std::vector<std::string>& files() const override { return files_; }
  void Release(ConstTensorView) const override {}
  int64_t file_bytes() const override { return 0; }

 private:
  // `parts` are the names between a layer's prefix and ".weight", in LayerWeights' order.
  void AddDense(const std::string& architecture, const std::vector<std::string>& whole,
                const std::string& prefix, const std::vector<std::string>& parts) {
    Add(whole[0], {10, 12});
    Add(whole[1], {12});
    Add(whole[2], {10, 12});
    const Shape shapes[] = {{12},     {24, 12}, {12, 12}, {12, 12}, {12, 24}, {12},
                            {20, 12}, {20, 12}, {12, 20}, {6},      {6}};
    for (int layer = 0; layer < 2; ++layer) {
      const std::string at = fmt::format(fmt::runtime(prefix), layer);
      const size_t count = architecture == "qwen3" ? 11 : 9;
      for (size_t i = 0; i < count; ++i) Add(at + parts[i] + ".weight", shapes[i]);
      for (size_t i = 1; architecture == "qwen2" && i < 4; ++i) {
        Add(at + parts[i] + ".bias", {shapes[i][0]});
      }
    }
  }

  static ConstTensorView View(const std::vector<float>& data, const Shape& shape) {
    return {reinterpret_cast<const std::byte*>(data.data()), DType::kF32, shape};
  }

  std::string path_ = "fake.gguf";
  Dialect dialect_ = Dialect::kGguf;
  mutable Metadata metadata_;  // made anew from `values` whenever it is asked for
  std::vector<std::string> files_;
  std::vector<NamedTensor> tensors_;
  std::deque<std::vector<float>> data_;
};

}  // namespace retort
