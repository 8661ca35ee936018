// A model file or folder, whichever its format: typed metadata and named tensor views into mapped
// memory. Nothing above this layer knows a file format.
//
//   auto checkpoint = OpenCheckpoint("model.gguf");         // or a part of a split file, or a
//   folder int64_t layers = checkpoint->metadata().GetInt("qwen2.block_count"); ConstTensorView q =
//   checkpoint->Tensor("blk.0.attn_q.weight", {896, 896});
//
// Everything that can be checked without the architecture is checked at open: bounds, overlap,
// types, counts. Errors name file, field, value and remedy. Immutable and thread-safe once open.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tensor/tensor.h"

namespace retort {

// A metadata value. Integers of every width widen to int64 (u64 beyond that is rejected), floats to
// double; arrays are homogeneous.
using MetadataValue =
    std::variant<bool, int64_t, double, std::string, std::vector<bool>, std::vector<int64_t>,
                 std::vector<double>, std::vector<std::string>>;

class Metadata {
 public:
  Metadata() = default;
  Metadata(std::string source, std::map<std::string, MetadataValue, std::less<>> values)
      : source_(std::move(source)), values_(std::move(values)) {}

  const std::string& source() const { return source_; }  // file, for error messages
  const std::map<std::string, MetadataValue, std::less<>>& values() const { return values_; }

  // Get*: kCorrupt, naming file and key, when the key is absent or of another type.
  // Find*: nullopt / nullptr when absent, kCorrupt when of another type.
  int64_t GetInt(std::string_view key) const;
  double GetDouble(std::string_view key) const;  // accepts integers
  const std::string& GetString(std::string_view key) const;
  std::optional<int64_t> FindInt(std::string_view key) const;
  std::optional<double> FindDouble(std::string_view key) const;
  std::optional<bool> FindBool(std::string_view key) const;
  const std::string* FindString(std::string_view key) const;
  const std::vector<std::string>* FindStrings(std::string_view key) const;
  const std::vector<int64_t>* FindInts(std::string_view key) const;

 private:
  std::string source_;
  std::map<std::string, MetadataValue, std::less<>> values_;
};

struct NamedTensor {
  std::string name;
  ConstTensorView view;  // shape outermost first
};

// How a checkpoint names its settings and tensors.
enum class Dialect : uint8_t {
  kGguf,         // "llama.block_count", "blk.0.attn_q.weight"
  kHuggingFace,  // config.json's "num_hidden_layers", "model.layers.0.self_attn.q_proj.weight"
};

class Checkpoint {
 public:
  virtual ~Checkpoint() = default;
  virtual const std::string& path() const = 0;  // the file or folder
  virtual Dialect dialect() const = 0;
  virtual std::string_view format() const = 0;   // "GGUF v3", "safetensors, 2 files"
  virtual const Metadata& metadata() const = 0;  // config.json's, nested keys joined by dots
  virtual const std::vector<NamedTensor>& tensors() const = 0;  // in file order
  virtual const std::vector<std::string>& files() const = 0;    // all that hold weights
  virtual int64_t file_bytes() const = 0;                       // of all of them

  // What is in `view` will hardly be read again: its memory may go. It stays valid.
  virtual void Release(ConstTensorView view) const = 0;

  // nullptr if there is none of this name.
  const NamedTensor* Find(std::string_view name) const;
  // kCorrupt if absent or if its shape differs from `shape`.
  ConstTensorView Tensor(std::string_view name, const Shape& shape) const;
};

// A GGUF file; any part of a split one ("-00002-of-00003.gguf"), which brings the others; a folder
// as Hugging Face lays it out, or one of its files.
std::unique_ptr<Checkpoint> OpenCheckpoint(const std::string& path);

}  // namespace retort
