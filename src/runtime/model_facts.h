// What a model file says about itself, gathered for `retort show` and servers without touching its
// weights.
//
//   ModelFacts facts = GatherFacts(*OpenCheckpoint("model.gguf"), backend->kv_types());
//
// Reads leniently: a file that Retort cannot run is still described, as far as its metadata goes,
// and `unsupported` says why. Throws nothing of its own. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "tensor/dtype.h"
#include "tensor/kv_types.h"

namespace retort {

struct TypeShare {
  DType dtype = DType::kF32;
  int64_t tensors = 0;
  int64_t bytes = 0;
};

struct SpecialToken {
  std::string role;  // "bos", "eos", "pad"
  int64_t id = 0;
  std::string text;  // empty if the vocabulary has no such id
};

struct ModelFacts {
  std::string path, name, architecture, format, license, size_label;
  int64_t file_bytes = 0;
  int64_t tensor_bytes = 0;
  int64_t parameters = 0;        // elements of all tensors in the file
  std::vector<TypeShare> types;  // most bytes first
  std::optional<int64_t> context_length, num_layers, hidden_size, intermediate_size;
  std::optional<int64_t> num_heads, num_kv_heads, head_dim;
  std::optional<double> rope_theta;
  std::string tokenizer_model, tokenizer_pre;  // "gpt2", "qwen2"
  int64_t vocab_size = 0;                      // tokens of the tokenizer
  std::vector<SpecialToken> special_tokens;
  std::vector<std::string> stop_tokens;  // texts of the tokens that end a turn
  std::string chat_template;             // empty if there is none
  bool takes_tools = false;              // the template speaks of tools
  bool thinks = false;                   // template or vocabulary know <think>
  KvTypes kv_types;                      // of the cache that the next figure is for
  std::optional<int64_t> kv_bytes_per_token;
  std::string unsupported;  // why Retort does not run it; empty if it does

  // Weights, and keys and values for so many tokens; nullopt if the latter are not known.
  std::optional<int64_t> MemoryBytes(int64_t tokens) const;
};

ModelFacts GatherFacts(const Checkpoint& checkpoint, KvTypes kv_types);

}  // namespace retort
