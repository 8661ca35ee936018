#include "runtime/generation_defaults.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>

#include "base/error.h"
#include "base/mapped_file.h"
#include "checkpoint/config_metadata.h"
#include "checkpoint/model_name.h"

namespace retort {
namespace {

// How a place calls each setting.
struct SamplingKeys {
  const char* temperature;
  const char* top_p;
  const char* min_p;
  const char* repetition_penalty;
  const char* top_k;
};
constexpr SamplingKeys kConfigSamplingKeys = {"temperature", "top_p", "min_p", "repetition_penalty",
                                              "top_k"};
constexpr SamplingKeys kGgufSamplingKeys = {
    "general.sampling.temp", "general.sampling.top_p", "general.sampling.min_p",
    "general.sampling.penalty_repeat", "general.sampling.top_k"};

void CheckRanges(const GenerationDefaults& defaults, const Metadata& metadata) {
  SamplingParams sampling;
  defaults.ApplyTo(sampling);
  try {
    sampling.Validate();
  } catch (const Error& error) {
    Fail(ErrorCode::kCorrupt, "{}: {}", metadata.source(), error.what());
  }
}

GenerationDefaults ReadKeys(const Metadata& metadata, const SamplingKeys& keys,
                            const char* source) {
  GenerationDefaults defaults;
  defaults.temperature = metadata.FindDouble(keys.temperature);
  defaults.top_p = metadata.FindDouble(keys.top_p);
  defaults.min_p = metadata.FindDouble(keys.min_p);
  defaults.repetition_penalty = metadata.FindDouble(keys.repetition_penalty);
  if (const std::optional<int64_t> top_k = metadata.FindInt(keys.top_k)) {
    // -1 and what is beyond any vocabulary mean: off.
    const bool off = *top_k < 0 || *top_k > std::numeric_limits<int32_t>::max();
    defaults.top_k = off ? 0 : static_cast<int32_t>(*top_k);
  }
  const bool said = defaults.temperature || defaults.top_p || defaults.min_p ||
                    defaults.repetition_penalty || defaults.top_k;
  if (said) defaults.source = source;
  CheckRanges(defaults, metadata);
  return defaults;
}

GenerationDefaults ReadFolder(const std::string& folder) {
  const std::string path = folder + "/generation_config.json";
  if (!std::filesystem::exists(path)) return {};
  const MappedFile file(path);
  const auto bytes = file.bytes();
  return ReadGenerationConfig(
      MetadataFromJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path));
}

// "DeepSeek R1 Distill Qwen 1.5B", "deepseek_r1-distill": lower case, words joined by hyphens.
bool NamesR1(std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char c) {
    return c == ' ' || c == '_' ? '-' : static_cast<char>(std::tolower(c));
  });
  return name.find("deepseek-r1") != std::string::npos ||
         name.find("r1-distill") != std::string::npos;
}

}  // namespace

bool IsNamedR1(const Checkpoint& checkpoint) {
  if (NamesR1(ModelNameOf(checkpoint.path()))) return true;
  for (const char* key : {"general.name", "general.basename"}) {
    const std::string* name = checkpoint.metadata().FindString(key);
    if (name != nullptr && NamesR1(*name)) return true;
  }
  return false;
}

GenerationDefaults ReadGenerationConfig(const Metadata& metadata) {
  GenerationDefaults defaults = ReadKeys(metadata, kConfigSamplingKeys, "generation_config.json");
  if (metadata.FindBool("do_sample") == false) {
    defaults.temperature = 0;
    defaults.source = "generation_config.json";
  }
  const auto eos = metadata.values().find("eos_token_id");
  if (eos != metadata.values().end()) {
    const auto* several = std::get_if<std::vector<int64_t>>(&eos->second);
    defaults.eos_ids =
        several != nullptr ? *several : std::vector<int64_t>{metadata.GetInt("eos_token_id")};
  }
  return defaults;
}

void GenerationDefaults::ApplyTo(SamplingParams& sampling) const {
  sampling.temperature = temperature.value_or(sampling.temperature);
  sampling.top_p = top_p.value_or(sampling.top_p);
  sampling.min_p = min_p.value_or(sampling.min_p);
  sampling.repetition_penalty = repetition_penalty.value_or(sampling.repetition_penalty);
  sampling.top_k = top_k.value_or(sampling.top_k);
}

GenerationDefaults ReadGenerationDefaults(const Checkpoint& checkpoint,
                                          std::string_view chat_template) {
  GenerationDefaults defaults =
      checkpoint.dialect() == Dialect::kHuggingFace
          ? ReadFolder(checkpoint.path())
          : ReadKeys(checkpoint.metadata(), kGgufSamplingKeys, "general.sampling.* of the file");
  const bool thinks =
      chat_template.find("<think>") != std::string_view::npos || IsNamedR1(checkpoint);
  if (defaults.source.empty() && thinks) {
    defaults.temperature = 0.6;
    defaults.top_p = 0.95;
    defaults.source = "DeepSeek's advice for R1";
  }
  return defaults;
}

}  // namespace retort
