#include <algorithm>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "model/arch/registry.h"

namespace retort {
namespace {

// Reads the keys of one architecture: Get("block_count") is "llama.block_count".
class ConfigReader {
 public:
  ConfigReader(const Metadata& metadata, std::string_view prefix)
      : metadata_(metadata), prefix_(std::string(prefix) + ".") {}

  std::string Key(std::string_view key) const { return prefix_ + std::string(key); }
  bool Has(std::string_view key) const { return metadata_.values().contains(Key(key)); }
  int64_t Int(std::string_view key) const { return metadata_.GetInt(Key(key)); }
  double Double(std::string_view key) const { return metadata_.GetDouble(Key(key)); }
  int64_t IntOr(std::string_view key, int64_t absent) const {
    return metadata_.FindInt(Key(key)).value_or(absent);
  }
  double DoubleOr(std::string_view key, double absent) const {
    return metadata_.FindDouble(Key(key)).value_or(absent);
  }

  // A number, or one number for each layer: then all must be equal.
  int64_t IntOrUniformArray(std::string_view key) const {
    const auto found = metadata_.values().find(Key(key));
    const bool is_array = found != metadata_.values().end() &&
                          std::holds_alternative<std::vector<int64_t>>(found->second);
    if (!is_array) return Int(key);
    const std::vector<int64_t>& values = *metadata_.FindInts(Key(key));
    if (values.empty() ||
        std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end()) {
      Fail(ErrorCode::kUnsupported,
           "{}: {} differs from layer to layer; Retort runs models whose layers are alike",
           metadata_.source(), Key(key));
    }
    return values.front();
  }

  // For features that would change the answers and that the decoder does not compute.
  void Require(std::string_view key, bool fine, double value) const {
    if (fine) return;
    Fail(ErrorCode::kUnsupported, "{}: {} is {}, which Retort does not compute yet",
         metadata_.source(), Key(key), value);
  }

 private:
  const Metadata& metadata_;
  std::string prefix_;
};

void RequirePlainRope(const Metadata& metadata, const ConfigReader& reader, int64_t head_dim) {
  const std::string* scaling = metadata.FindString(reader.Key("rope.scaling.type"));
  if (scaling != nullptr && *scaling != "none") {
    Fail(ErrorCode::kUnsupported, "{}: {} is {}, which Retort does not compute yet",
         metadata.source(), reader.Key("rope.scaling.type"), *scaling);
  }
  for (const char* key : {"rope.scaling.factor", "rope.scale_linear"}) {
    // Both mean linear scaling where no type is given; 0 and 1 scale nothing.
    const double factor = reader.DoubleOr(key, 1);
    reader.Require(key, factor == 0 || factor == 1, factor);
  }
  const int64_t rotary_dims = reader.IntOr("rope.dimension_count", head_dim);
  reader.Require("rope.dimension_count", rotary_dims == head_dim, static_cast<double>(rotary_dims));
}

std::string DisplayName(const Checkpoint& checkpoint) {
  const std::string* name = checkpoint.metadata().FindString("general.name");
  if (name != nullptr && !name->empty()) return *name;
  return std::filesystem::path(checkpoint.path()).stem().string();
}

}  // namespace

ModelConfig ParseDenseConfig(const Checkpoint& checkpoint, std::string_view architecture,
                             const TensorNames& names) {
  const Metadata& metadata = checkpoint.metadata();
  const ConfigReader reader(metadata, architecture);
  const NamedTensor* embedding = checkpoint.Find(names.embedding);
  if (embedding == nullptr || embedding->view.shape.rank() != 2) {
    Fail(ErrorCode::kCorrupt, "{}: tensor {} is missing or not a matrix; get the file anew",
         checkpoint.path(), names.embedding);
  }
  ModelConfig config;
  config.architecture = architecture;
  config.name = DisplayName(checkpoint);
  // The table's rows count; a key that says otherwise fails when the shapes are checked.
  config.vocab_size = reader.IntOr("vocab_size", embedding->view.shape[0]);
  config.hidden_size = reader.Int("embedding_length");
  config.num_layers = reader.Int("block_count");
  config.num_heads = reader.IntOrUniformArray("attention.head_count");
  config.num_kv_heads = reader.Has("attention.head_count_kv")
                            ? reader.IntOrUniformArray("attention.head_count_kv")
                            : config.num_heads;
  const int64_t even_split = config.num_heads > 0 ? config.hidden_size / config.num_heads : 0;
  config.head_dim = reader.IntOr("attention.key_length", even_split);
  config.intermediate_size = reader.IntOrUniformArray("feed_forward_length");
  config.max_position_embeddings = reader.Int("context_length");
  config.rms_norm_eps = static_cast<float>(reader.Double("attention.layer_norm_rms_epsilon"));
  config.rope_theta = static_cast<float>(reader.DoubleOr("rope.freq_base", 10000));
  config.tie_word_embeddings = checkpoint.Find(names.head) == nullptr;

  const int64_t value_length = reader.IntOr("attention.value_length", config.head_dim);
  reader.Require("attention.value_length", value_length == config.head_dim,
                 static_cast<double>(value_length));
  const int64_t experts = reader.IntOr("expert_count", 0);
  reader.Require("expert_count", experts == 0, static_cast<double>(experts));
  RequirePlainRope(metadata, reader, config.head_dim);
  return config;
}

}  // namespace retort
