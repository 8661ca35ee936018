#include "runtime/model_facts.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/error.h"
#include "checkpoint/model_name.h"
#include "model/arch/registry.h"
#include "runtime/text_files.h"
#include "runtime/text_metadata.h"

namespace retort {
namespace {

// The value of a key if it has the wanted type, else nothing: nothing here may fail.
template <typename T>
const T* Lenient(const Metadata& metadata, std::string_view key) {
  const auto it = metadata.values().find(key);
  return it == metadata.values().end() ? nullptr : std::get_if<T>(&it->second);
}

std::string Text(const Metadata& metadata, std::string_view key) {
  const auto* text = Lenient<std::string>(metadata, key);
  return text == nullptr ? std::string() : *text;
}

// A number, or the largest of one number for each layer.
std::optional<int64_t> Int(const Metadata& metadata, const std::string& key) {
  if (const auto* value = Lenient<int64_t>(metadata, key)) return *value;
  const auto* values = Lenient<std::vector<int64_t>>(metadata, key);
  if (values == nullptr || values->empty()) return std::nullopt;
  return *std::max_element(values->begin(), values->end());
}

// What the two dialects call the same settings; GGUF's stand after "<architecture>.".
struct ShapeKeys {
  const char *context, *layers, *hidden, *intermediate, *heads, *kv_heads, *head_dim, *theta;
};
constexpr ShapeKeys kGgufShapeKeys = {"context_length",       "block_count",
                                      "embedding_length",     "feed_forward_length",
                                      "attention.head_count", "attention.head_count_kv",
                                      "attention.key_length", "rope.freq_base"};
constexpr ShapeKeys kHuggingFaceShapeKeys = {
    "max_position_embeddings", "num_hidden_layers",   "hidden_size", "intermediate_size",
    "num_attention_heads",     "num_key_value_heads", "head_dim",    "rope_theta"};

void GatherShape(const Checkpoint& checkpoint, ModelFacts& facts) {
  const Metadata& metadata = checkpoint.metadata();
  const bool is_gguf = checkpoint.dialect() == Dialect::kGguf;
  const ShapeKeys& keys = is_gguf ? kGgufShapeKeys : kHuggingFaceShapeKeys;
  facts.architecture = Text(metadata, is_gguf ? "general.architecture" : "model_type");
  const std::string prefix = is_gguf ? facts.architecture + "." : "";
  facts.context_length = Int(metadata, prefix + keys.context);
  facts.num_layers = Int(metadata, prefix + keys.layers);
  facts.hidden_size = Int(metadata, prefix + keys.hidden);
  facts.intermediate_size = Int(metadata, prefix + keys.intermediate);
  facts.num_heads = Int(metadata, prefix + keys.heads);
  facts.num_kv_heads = Int(metadata, prefix + keys.kv_heads);
  facts.head_dim = Int(metadata, prefix + keys.head_dim);
  if (!facts.num_kv_heads) facts.num_kv_heads = facts.num_heads;
  if (!facts.head_dim && facts.hidden_size && facts.num_heads.value_or(0) > 0) {
    facts.head_dim = *facts.hidden_size / *facts.num_heads;
  }
  for (const std::string& key : {prefix + keys.theta, "rope_parameters." + prefix + keys.theta}) {
    if (const auto* theta = Lenient<double>(metadata, key)) facts.rope_theta = *theta;
  }
}

void GatherTensors(const std::vector<NamedTensor>& tensors, ModelFacts& facts) {
  std::map<DType, TypeShare> shares;
  for (const NamedTensor& tensor : tensors) {
    TypeShare& share = shares[tensor.view.dtype];
    share.dtype = tensor.view.dtype;
    ++share.tensors;
    share.bytes += static_cast<int64_t>(tensor.view.bytes());
    facts.parameters += tensor.view.shape.size();
    facts.tensor_bytes += static_cast<int64_t>(tensor.view.bytes());
  }
  for (const auto& [dtype, share] : shares) facts.types.push_back(share);
  std::stable_sort(facts.types.begin(), facts.types.end(),
                   [](const TypeShare& a, const TypeShare& b) { return a.bytes > b.bytes; });
}

void GatherText(const Metadata& metadata, ModelFacts& facts) {
  facts.tokenizer_model = Text(metadata, "tokenizer.ggml.model");
  facts.tokenizer_pre = Text(metadata, "tokenizer.ggml.pre");
  facts.chat_template = Text(metadata, "tokenizer.chat_template");
  const auto* tokens = Lenient<std::vector<std::string>>(metadata, "tokenizer.ggml.tokens");
  if (tokens != nullptr) {
    facts.vocab_size = static_cast<int64_t>(tokens->size());
    facts.thinks = std::find(tokens->begin(), tokens->end(), "<think>") != tokens->end();
  }
  for (const auto& [role, key] : {std::pair("bos", "tokenizer.ggml.bos_token_id"),
                                  std::pair("eos", "tokenizer.ggml.eos_token_id"),
                                  std::pair("pad", "tokenizer.ggml.padding_token_id")}) {
    const std::optional<int64_t> id = Int(metadata, key);
    if (!id) continue;
    const bool known = *id >= 0 && *id < facts.vocab_size;
    facts.special_tokens.push_back({role, *id, known ? (*tokens)[static_cast<size_t>(*id)] : ""});
  }
}

// The same from a folder's own files; throws what reading them does.
void GatherFolderText(const std::string& folder, ModelFacts& facts) {
  const auto templates = ReadChatTemplateFiles(folder);
  const auto found = templates.find("default");
  if (found != templates.end()) facts.chat_template = found->second;
  const TokenizerSpec spec = ReadTokenizerFiles(folder);
  facts.tokenizer_model = "gpt2";  // byte-level BPE: there is no other here
  facts.tokenizer_pre = spec.pre;
  facts.vocab_size = static_cast<int64_t>(spec.tokens.size());
  facts.thinks = std::find(spec.tokens.begin(), spec.tokens.end(), "<think>") != spec.tokens.end();
  for (const auto& [role, id] :
       {std::pair("bos", spec.bos), std::pair("eos", spec.eos), std::pair("pad", spec.pad)}) {
    if (id) facts.special_tokens.push_back({role, *id, spec.tokens[static_cast<size_t>(*id)]});
  }
  for (int32_t id : spec.stop_ids) {
    facts.stop_tokens.push_back(spec.tokens[static_cast<size_t>(id)]);
  }
}

// What loading would do short of the weights; its refusal is the reason.
void GatherSupport(const Checkpoint& checkpoint, ModelFacts& facts) {
  try {
    const ModelConfig config = FindArchitecture(checkpoint).parse(checkpoint);
    facts.kv_bytes_per_token = config.KvBytesPerToken(facts.kv_types);
    if (checkpoint.dialect() == Dialect::kHuggingFace) {
      GatherFolderText(checkpoint.path(), facts);
      return;
    }
    const TokenizerSpec spec = ReadTokenizerSpec(checkpoint.metadata());
    for (int32_t id : spec.stop_ids) {
      facts.stop_tokens.push_back(spec.tokens[static_cast<size_t>(id)]);
    }
  } catch (const Error& error) {
    facts.unsupported = error.what();
    // The reader knows which file this is about.
    const std::string prefix = checkpoint.path() + ": ";
    if (facts.unsupported.starts_with(prefix)) facts.unsupported.erase(0, prefix.size());
  }
}

}  // namespace

std::optional<int64_t> ModelFacts::MemoryBytes(int64_t tokens) const {
  if (!kv_bytes_per_token) return std::nullopt;
  return tensor_bytes + tokens * *kv_bytes_per_token;
}

ModelFacts GatherFacts(const Checkpoint& checkpoint, KvTypes kv_types) {
  const Metadata& metadata = checkpoint.metadata();
  ModelFacts facts;
  facts.path = checkpoint.path();
  facts.format = checkpoint.format();
  facts.file_bytes = checkpoint.file_bytes();
  facts.kv_types = kv_types;
  facts.name = Text(metadata, "general.name");
  if (facts.name.empty()) facts.name = ModelNameOf(facts.path);
  facts.license = Text(metadata, "general.license");
  facts.size_label = Text(metadata, "general.size_label");
  GatherShape(checkpoint, facts);
  GatherTensors(checkpoint.tensors(), facts);
  GatherText(metadata, facts);
  GatherSupport(checkpoint, facts);
  facts.takes_tools = facts.chat_template.find("tools") != std::string::npos;
  facts.thinks |= facts.chat_template.find("<think>") != std::string::npos;
  return facts;
}

}  // namespace retort
