#include "doctor/model_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/figures.h"
#include "base/quote.h"
#include "checkpoint/model_name.h"
#include "doctor/alternatives.h"
#include "doctor/limit_check.h"
#include "doctor/memory_check.h"
#include "doctor/template_check.h"
#include "model/arch/registry.h"
#include "model/decoder.h"
#include "model/known_shapes.h"
#include "runtime/generation_defaults.h"
#include "runtime/memory_need.h"
#include "runtime/model_facts.h"

namespace retort::doctor {
namespace {

constexpr int64_t kPromptTokens = 512;  // of a question, beside its answer
constexpr const char* kMostUsual = "distill";

KvTypes TypesOf(const LoadOptions& load) { return ParseKvTypes(load.kv_type).value_or(KvTypes{}); }

// With values in 8 bits; 0 where that is so already, or does not fit the heads.
int64_t Q8ValuesPerToken(const ModelConfig& config, const LoadOptions& load) {
  constexpr int64_t kQ8Block = 32;
  if (!(TypesOf(load) == KvTypes{}) || config.head_dim % kQ8Block != 0) return 0;
  return config.KvBytesPerToken({.k = DType::kF16, .v = DType::kQ8_0});
}

void AddAlternatives(const CatalogueModel* entry, int64_t parameters,
                     const ModelCheckOptions& options, MemoryFacts& facts) {
  if (options.catalogue == nullptr) return;
  if (entry != nullptr) facts.files = OtherFiles(*entry, parameters);
  facts.models =
      SmallerModels(*options.catalogue,
                    entry == nullptr ? std::string_view(kMostUsual) : entry->kind, parameters);
}

Findings CheckMemoryOf(const Checkpoint& checkpoint, const ModelFacts& model,
                       const ModelCheckOptions& options) {
  const ModelConfig config = FindArchitecture(checkpoint).parse(checkpoint);
  MemoryFacts facts{
      .need = EstimateMemory(checkpoint, options.load, options.free.total_bytes),
      .free = options.free,
      .least_tokens = std::min(options.max_tokens + kPromptTokens, config.max_position_embeddings),
      .kv_bytes_per_token_q8_values = Q8ValuesPerToken(config, options.load)};
  const CatalogueModel* entry = options.catalogue == nullptr
                                    ? nullptr
                                    : EntryOf(*options.catalogue, ModelNameOf(checkpoint.path()));
  AddAlternatives(entry, model.parameters, options, facts);
  return CheckMemory(facts);
}

Findings CheckTemplateOf(const Checkpoint& checkpoint, const ModelFacts& model) {
  const std::string names = ModelNameOf(checkpoint.path()) + " " + model.name;
  // The R1 of May 2025 begins its thought by itself, its card says.
  const TemplateOptions options = {.is_r1 = IsNamedR1(checkpoint),
                                   .opens_itself = names.find("0528") != std::string::npos};
  const GenerationDefaults defaults = ReadGenerationDefaults(checkpoint, model.chat_template);
  return CheckTemplate(
      GatherTemplate(*LoadTokenizer(checkpoint.path()), model.chat_template, defaults, options));
}

Finding CheckSupport(const ModelFacts& model) {
  if (!model.unsupported.empty()) {
    return {.severity = Severity::kError,
            .check = "model",
            .what = "it does not run here: " + Printable(model.unsupported),
            .remedy = "take another file; docs/models.md and README.md say what runs"};
  }
  const std::string type =
      model.types.empty() ? "no weights" : std::string(Info(model.types.front().dtype).name);
  return {.check = "model",
          .what = fmt::format("{}, {}, {}, runs here", Printable(model.architecture), type,
                              FormatBytes(model.file_bytes))};
}

Findings CheckLimitOf(const std::string& path, const ModelCheckOptions& options) {
  if (!options.answers) return {};
  std::error_code error;
  const std::string canonical = std::filesystem::canonical(path, error).string();
  return CheckLimit(
      {.answers = options.answers(canonical, ModelNameOf(path)), .max_tokens = options.max_tokens});
}

// One side of a model: what it throws is what is wrong with it.
template <typename Look>
void AppendFrom(Findings& findings, const char* check, const Look& look) {
  try {
    Append(findings, look());
  } catch (const Error& error) {
    findings.push_back({.severity = Severity::kError, .check = check, .what = error.what()});
  }
}

}  // namespace

Findings CheckModelFile(const std::string& path, const ModelCheckOptions& options) {
  Findings findings;
  AppendFrom(findings, "model", [&] {
    const std::unique_ptr<Checkpoint> checkpoint = OpenCheckpoint(path);
    const ModelFacts model = GatherFacts(*checkpoint, TypesOf(options.load));
    findings.push_back(CheckSupport(model));
    if (!model.unsupported.empty()) return Findings();
    AppendFrom(findings, "memory", [&] { return CheckMemoryOf(*checkpoint, model, options); });
    AppendFrom(findings, "template", [&] { return CheckTemplateOf(*checkpoint, model); });
    AppendFrom(findings, "answer length", [&] { return CheckLimitOf(path, options); });
    return Findings();
  });
  return findings;
}

Findings CheckCatalogueModel(const CatalogueMatch& match, const ModelCheckOptions& options) {
  const std::vector<std::string_view> shapes = KnownShapeNames();
  if (std::ranges::find(shapes, match.model->name) == shapes.end()) return {};
  const ModelConfig config = KnownShape(match.model->name);
  const int64_t parameters = ParametersOf(*match.model);
  MemoryFacts facts{.free = options.free,
                    .estimated = true,
                    .least_tokens = options.max_tokens + kPromptTokens,
                    .kv_bytes_per_token_q8_values = Q8ValuesPerToken(config, options.load)};
  // Weights of 16 bits are read in place, others packed: about as large.
  const int64_t bytes = AlternativeOf(*match.model, *match.file, parameters).weight_bytes;
  (match.file->precision == "bf16" ? facts.need.mapped_bytes : facts.need.packed_bytes) = bytes;
  facts.need.workspace_bytes = WorkspaceBytes(config, options.load.max_batch_rows);
  facts.need.kv_bytes_per_token = config.KvBytesPerToken(TypesOf(options.load));
  facts.need.kv_tokens = ExpectedKvTokens(config, options.load, options.free.total_bytes);
  AddAlternatives(match.model, parameters, options, facts);
  return CheckMemory(facts);
}

}  // namespace retort::doctor
