#include "runtime/loaded_model.h"

#include <map>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/checkpoint.h"
#include "model/arch/registry.h"
#include "model/decoder.h"
#include "runtime/backend_factory.h"
#include "runtime/kv_budget.h"
#include "runtime/text_file.h"
#include "runtime/text_files.h"
#include "runtime/text_metadata.h"

namespace retort {
namespace {

// Reads what `path` says about text without opening it twice: `metadata` is a GGUF file's, and a
// folder has files for it.
TokenizerSpec ReadSpec(const std::string& path, const Metadata& metadata) {
  return IsInModelFolder(path) ? ReadTokenizerFiles(path) : ReadTokenizerSpec(metadata);
}

std::map<std::string, std::string> ReadTemplates(const std::string& path,
                                                 const Metadata& metadata) {
  return IsInModelFolder(path) ? ReadChatTemplateFiles(path) : ReadChatTemplates(metadata);
}

Metadata ReadMetadata(const std::string& path) {
  return IsInModelFolder(path) ? Metadata() : OpenCheckpoint(path)->metadata();
}

class FileModel : public LoadedModel {
 public:
  FileModel(const std::string& path, const LoadOptions& options)
      : checkpoint_(OpenCheckpoint(path)),
        architecture_(FindArchitecture(*checkpoint_)),
        tokenizer_(ReadSpec(path, checkpoint_->metadata())),
        backend_(CreateBackend({.name = options.backend,
                                .num_threads = options.num_threads,
                                .cpu_level = options.cpu_level,
                                .kv_type = options.kv_type})),
        model_(MakeDecoder(options)) {
    const auto templates = ReadTemplates(path, checkpoint_->metadata());
    const auto found = templates.find("default");
    if (found != templates.end()) chat_template_.emplace(found->second, path);
    generation_defaults_ =
        ReadGenerationDefaults(*checkpoint_, found == templates.end() ? "" : found->second);
  }

  const std::string& path() const override { return checkpoint_->path(); }
  const ModelConfig& config() const override { return model_.config(); }
  LanguageModel& language_model() override { return model_; }
  Backend& backend() override { return *backend_; }
  const Tokenizer& tokenizer() const override { return tokenizer_; }
  bool has_chat_template() const override { return chat_template_.has_value(); }
  const ChatTemplate& chat_template() const override {
    if (!chat_template_) {
      Fail(ErrorCode::kNotFound, "{}: the model has no chat template; give a plain prompt", path());
    }
    return *chat_template_;
  }
  const GenerationDefaults& generation_defaults() const override { return generation_defaults_; }
  ModelMemory memory() const override {
    return {.weights = model_.weight_bytes(),
            .kv_cache = model_.kv_cache_bytes(),
            .workspace = model_.workspace_bytes()};
  }

 private:
  DecoderModel MakeDecoder(const LoadOptions& options) {
    ModelConfig config = architecture_.parse(*checkpoint_);
    if (tokenizer_.size() > config.vocab_size) {
      Fail(ErrorCode::kCorrupt,
           "{}: the tokenizer has {} tokens, the embedding table only {} rows; get the file anew",
           path(), tokenizer_.size(), config.vocab_size);
    }
    const KvTypes kv_types = backend_->kv_types();
    if (kv_types.v == DType::kQ8_0 && config.head_dim % 32 != 0) {
      Fail(ErrorCode::kUnsupported,
           "{}: its heads have {} numbers, and a cache of type {} wants a multiple of 32; use "
           "--kv-type f16",
           path(), config.head_dim, kv_types.name());
    }
    const int64_t kv_tokens =
        ChooseKvTokens(config, kv_types, {.tokens = options.kv_tokens, .bytes = options.kv_bytes},
                       UsableMemoryBytes());
    const int64_t blocks = (kv_tokens + kKvBlockTokens - 1) / kKvBlockTokens;
    ModelWeights weights =
        LoadWeights(*checkpoint_, config, architecture_.names(checkpoint_->dialect()), *backend_);
    return DecoderModel(
        std::move(config), std::move(weights), *backend_,
        {.max_rows = options.max_batch_rows,
         .kv = {.block_size = kKvBlockTokens, .num_blocks = static_cast<int32_t>(blocks)}});
  }

  std::unique_ptr<Checkpoint> checkpoint_;  // weights are read in place: outlives the model
  const Architecture& architecture_;
  Tokenizer tokenizer_;
  std::unique_ptr<Backend> backend_;
  DecoderModel model_;
  std::optional<ChatTemplate> chat_template_;
  GenerationDefaults generation_defaults_;
};

}  // namespace

std::unique_ptr<LoadedModel> LoadModel(const std::string& path, const LoadOptions& options) {
  return std::make_unique<FileModel>(path, options);
}

std::unique_ptr<Tokenizer> LoadTokenizer(const std::string& path) {
  return std::make_unique<Tokenizer>(ReadSpec(path, ReadMetadata(path)));
}

std::unique_ptr<ChatTemplate> LoadChatTemplate(const std::string& path, const std::string& name) {
  if (path.ends_with(".jinja")) return std::make_unique<ChatTemplate>(ReadTextFile(path), path);
  const auto templates = ReadTemplates(path, ReadMetadata(path));
  const auto found = templates.find(name);
  if (found == templates.end()) {
    std::string names;
    for (const auto& [other, text] : templates)
      names += (names.empty() ? "" : ", ") + Quoted(other);
    Fail(ErrorCode::kNotFound, "{}: the model has no chat template {}; it has {}", path,
         Quoted(name), names.empty() ? "none" : names);
  }
  return std::make_unique<ChatTemplate>(found->second, path);
}

}  // namespace retort
