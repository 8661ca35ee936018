#include <nlohmann/json.hpp>
#include <variant>

#include "cli/show_text.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

struct ValueToJson {
  template <typename T>
  Json operator()(const T& value) const {
    return value;
  }
  template <typename T>
  Json operator()(const std::vector<T>& values) const {
    constexpr size_t kLongestList = 16;
    return values.size() > kLongestList ? Json{{"length", values.size()}} : Json(values);
  }
};

Json OrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

Json ShowJson(const ModelFacts& facts) {
  Json types = Json::array();
  for (const TypeShare& share : facts.types) {
    types.push_back(
        {{"type", Info(share.dtype).name}, {"tensors", share.tensors}, {"bytes", share.bytes}});
  }
  Json special = Json::object();
  for (const SpecialToken& token : facts.special_tokens) {
    special[token.role] = {{"id", token.id}, {"text", OrNull(token.text)}};
  }
  return {{"path", facts.path},
          {"name", facts.name},
          {"architecture", OrNull(facts.architecture)},
          {"format", facts.format},
          {"license", OrNull(facts.license)},
          {"size_label", OrNull(facts.size_label)},
          {"file_bytes", facts.file_bytes},
          {"tensor_bytes", facts.tensor_bytes},
          {"parameters", facts.parameters},
          {"types", types},
          {"context_length", OrNull(facts.context_length)},
          {"num_layers", OrNull(facts.num_layers)},
          {"hidden_size", OrNull(facts.hidden_size)},
          {"intermediate_size", OrNull(facts.intermediate_size)},
          {"num_heads", OrNull(facts.num_heads)},
          {"num_kv_heads", OrNull(facts.num_kv_heads)},
          {"head_dim", OrNull(facts.head_dim)},
          {"rope_theta", OrNull(facts.rope_theta)},
          {"tokenizer",
           {{"model", OrNull(facts.tokenizer_model)},
            {"pre", OrNull(facts.tokenizer_pre)},
            {"tokens", facts.vocab_size},
            {"special", special},
            {"stop", facts.stop_tokens}}},
          {"chat_template", OrNull(facts.chat_template)},
          {"takes_tools", facts.takes_tools},
          {"thinks", facts.thinks},
          {"kv_dtype", facts.kv_types.name()},
          {"kv_bytes_per_token", OrNull(facts.kv_bytes_per_token)},
          {"memory_bytes_4096", OrNull(facts.MemoryBytes(4096))},
          {"unsupported", OrNull(facts.unsupported)}};
}

Json TensorsJson(const std::vector<NamedTensor>& tensors) {
  Json list = Json::array();
  for (const NamedTensor& tensor : tensors) {
    Json shape = Json::array();
    for (int i = 0; i < tensor.view.shape.rank(); ++i) shape.push_back(tensor.view.shape[i]);
    list.push_back({{"name", tensor.name},
                    {"type", Info(tensor.view.dtype).name},
                    {"shape", shape},
                    {"bytes", tensor.view.bytes()}});
  }
  return list;
}

Json MetadataJson(const Metadata& metadata) {
  Json object = Json::object();
  for (const auto& [key, value] : metadata.values()) object[key] = std::visit(ValueToJson(), value);
  return object;
}

}  // namespace retort
