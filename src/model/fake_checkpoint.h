// A checkpoint made in memory, for tests: metadata and tensors that can be changed one by one.
//
//   FakeCheckpoint file = FakeCheckpoint::Dense("llama");
//   file.values["llama.block_count"] = int64_t{3};
//   file.Reshape("blk.0.attn_q.weight", {8, 4});
#pragma once

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
    file.Add("token_embd.weight", {10, 12});
    file.Add("output_norm.weight", {12});
    file.Add("output.weight", {10, 12});
    for (const char* layer : {"blk.0.", "blk.1."}) {
      const std::string at = layer;
      file.Add(at + "attn_norm.weight", {12});
      file.Add(at + "attn_q.weight", {24, 12});
      file.Add(at + "attn_k.weight", {12, 12});
      file.Add(at + "attn_v.weight", {12, 12});
      file.Add(at + "attn_output.weight", {12, 24});
      file.Add(at + "ffn_norm.weight", {12});
      file.Add(at + "ffn_gate.weight", {20, 12});
      file.Add(at + "ffn_up.weight", {20, 12});
      file.Add(at + "ffn_down.weight", {12, 20});
      if (architecture != "qwen2") continue;
      file.Add(at + "attn_q.bias", {24});
      file.Add(at + "attn_k.bias", {12});
      file.Add(at + "attn_v.bias", {12});
    }
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
  std::string_view format() const override { return "fake"; }
  const Metadata& metadata() const override {
    metadata_ = Metadata(path_, values);
    return metadata_;
  }
  const std::vector<NamedTensor>& tensors() const override { return tensors_; }
  int64_t file_bytes() const override { return 0; }

 private:
  static ConstTensorView View(const std::vector<float>& data, const Shape& shape) {
    return {reinterpret_cast<const std::byte*>(data.data()), DType::kF32, shape};
  }

  std::string path_ = "fake.gguf";
  mutable Metadata metadata_;  // made anew from `values` whenever it is asked for
  std::vector<NamedTensor> tensors_;
  std::deque<std::vector<float>> data_;
};

}  // namespace retort
