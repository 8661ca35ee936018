// A model opened from a file and ready to generate: checkpoint, weights on a backend, KV cache,
// tokenizer, chat template. The only place where text and tensors meet.
//
//   auto model = LoadModel("r1.gguf", {.backend = "cpu"});
//   auto ids = model->tokenizer().Encode("1 + 1 =");
//
// Errors: those of the checkpoint, tokenizer and template, each naming the file;
// kResourceExhausted with figures when memory cannot hold the cache. Immutable once loaded, but for
// the language model, which one thread at a time may step.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "model/config.h"
#include "model/language_model.h"
#include "runtime/generation_defaults.h"
#include "text/chat_template.h"
#include "text/tokenizer.h"

namespace retort {

struct LoadOptions {
  std::string backend = "cpu";   // "cpu", "reference"
  int num_threads = 0;           // 0: all usable cores
  std::string cpu_level = {};    // "" = best; see CpuLevels()
  std::string kv_type = {};      // of keys and values: "" = f16; see ParseKvTypes
  int64_t kv_tokens = 0;         // tokens the KV cache holds; 0: chosen as kv_budget.h says
  int64_t kv_bytes = 0;          // or the memory it takes
  int32_t max_batch_rows = 512;  // largest step
};

// Bytes, for reports. Weights count what is read: mapped pages and packed copies.
struct ModelMemory {
  int64_t weights = 0;
  int64_t kv_cache = 0;
  int64_t workspace = 0;
};

class LoadedModel {
 public:
  virtual ~LoadedModel() = default;
  virtual const std::string& path() const = 0;
  virtual const ModelConfig& config() const = 0;
  virtual LanguageModel& language_model() = 0;
  virtual Backend& backend() = 0;
  virtual const Tokenizer& tokenizer() const = 0;
  virtual bool has_chat_template() const = 0;
  virtual const ChatTemplate& chat_template() const = 0;  // kNotFound if the file has none
  virtual const GenerationDefaults& generation_defaults() const = 0;
  virtual ModelMemory memory() const = 0;
};

std::unique_ptr<LoadedModel> LoadModel(const std::string& path, const LoadOptions& options);

// The tokenizer and template alone, without touching the weights: of a GGUF file, of a folder as
// Hugging Face lays it out, of its tokenizer.json or tokenizer.json.gz, and a template's .jinja.
// Some models have several templates, by name ("tool_use"); kNotFound lists them.
std::unique_ptr<Tokenizer> LoadTokenizer(const std::string& path);
std::unique_ptr<ChatTemplate> LoadChatTemplate(const std::string& path,
                                               const std::string& name = "default");

}  // namespace retort
